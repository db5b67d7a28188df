"""What the media server keeps until the web has it: bounded, and whole after a crash."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.video.media_server import FakeWeb, awaited, media_server
from tests.video.scenes import INES
from video.media.reports import Spool


def a_report(number: int, event: str = "joined") -> dict[str, object]:
    return {"server": "s", "number": number, "room": "r", "person": "2", "event": event, "at": 1.0, "detail": {}}


def numbers(spool: Spool) -> list[object]:
    return [report["number"] for report in spool.waiting]


def test_what_was_not_taken_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "media" / "reports.jsonl"
    spool = Spool(path)
    for number in (1, 2, 3):
        spool.add(a_report(number))
    spool.taken(spool.waiting[:1])
    spool.close()
    with path.open("a") as file:
        file.write('[]\n{}\n{"number": "x"}\n"words"\n{"server": "cut off in the mid')
    again = Spool(path)
    assert numbers(again) == [2, 3]
    again.close()


def test_measurements_are_given_up_first_and_then_the_oldest(tmp_path: Path) -> None:
    path = tmp_path / "reports.jsonl"
    spool = Spool(path, most=10)
    for number in range(1, 9):
        spool.add(a_report(number))
    for number in (9, 10, 11):
        spool.add(a_report(number, "quality"))
    assert numbers(spool) == [1, 2, 3, 4, 5, 6, 7, 8, 11]
    for number in range(12, 15):
        spool.add(a_report(number))
    assert numbers(spool) == [2, 3, 4, 5, 6, 7, 8, 12, 13, 14]
    assert [json.loads(line)["number"] for line in path.read_text().splitlines()] == numbers(spool)
    spool.close()


def test_a_handle_outlives_the_file_it_was_given_for(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "reports.jsonl")
    spool.add(a_report(1))
    handle = spool.handle()
    spool.taken(list(spool.waiting))
    os.fsync(handle)
    os.close(handle)
    spool.close()


@awaited
async def test_reports_are_kept_until_the_web_takes_them(tmp_path: Path) -> None:
    house = FakeWeb(refusals=2)
    async with media_server(tmp_path, house) as media:
        ines = await media.enter(INES)
        await ines.hear("roomview")
        await house.told("joined")
        assert [report["number"] for report in house.reports] == [1]
        assert house.refusals == 0


@awaited
async def test_reports_of_a_killed_server_are_sent_by_the_next(tmp_path: Path) -> None:
    down, up = FakeWeb(refusals=10_000), FakeWeb()
    async with media_server(tmp_path, down) as media:
        await (await media.enter(INES)).hear("roomview")
    assert down.reports == []
    with (tmp_path / "media" / "reports.jsonl").open("a") as spool:
        spool.write('{"server": "cut off in the mid')
    async with media_server(tmp_path, up):
        await up.told("joined")
