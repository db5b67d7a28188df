"""The media server's door, over a real WebSocket: who gets in, who is told what, and what is refused in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.video.media_server import awaited, fresh_token, media_server
from tests.video.scenes import ALICE, BEN, INES


@awaited
async def test_a_client_waits_until_the_counselor_admits(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        alice = await media.enter(ALICE)
        assert (await alice.hear("roomview"))["stage"] == "waiting"
        ines = await media.enter(INES)
        waiting = (await ines.hear("roomview"))["waiting"]
        assert [guest["name"] for guest in waiting] == ["Alice Moreau"]
        await ines.say("admit", person=ALICE)
        view = await alice.hear("roomview", stage="in")
        assert [person["name"] for person in view["people"]] == ["Alice Moreau", "Ines Calder"]
        await media.web.told("waiting", "joined", "admitted", "joined")


@awaited
async def test_whoever_writes_too_fast_is_asked_to_wait(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines, _ = await media.enter(INES), await media.enter(ALICE)
        for number in range(12):
            await ines.say("write", person=ALICE, text=str(number))
        assert "Wait a moment" in (await ines.hear("problem"))["words"]


@awaited
async def test_what_is_passed_on_arrives_as_it_was_and_is_told_nobody_else(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines, alice = await media.enter(INES), await media.enter(ALICE, admitted=True)
        await alice.hear("roomview", stage="in")
        for number in range(200):
            await alice.say("pass", to=INES, kind="sealed", data=f"AAEC{number:04}")
        for number in (0, 199):
            passed = await ines.hear("passed", data=f"AAEC{number:04}")
            assert (passed["person"], passed["kind"]) == (ALICE, "sealed")
        await alice.say("ping", stamp=1)
        await alice.hear("pong", stamp=1)
        assert "AAEC" not in json.dumps(media.web.reports)


@awaited
async def test_whoever_passes_on_more_than_there_is_room_for_is_hung_up_on(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines, alice = await media.enter(INES), await media.enter(ALICE, admitted=True)
        await alice.hear("roomview", stage="in")
        for _ in range(500):
            await alice.say("pass", to=INES, kind="sealed", data="A" * 8000)
        assert (await alice.hear("refused"))["code"] == "busy"
        await ines.say("ping", stamp=7)
        await ines.hear("pong", stamp=7)


@awaited
async def test_a_flood_ends_with_a_word(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines, alice = await media.enter(INES), await media.enter(ALICE, admitted=True)
        await ines.hear("roomview")
        for _ in range(200):
            await alice.say("ping", stamp=1)
        assert (await alice.hear("refused"))["code"] == "busy"
        await ines.say("ping", stamp=7)
        await ines.hear("pong", stamp=7)


@awaited
async def test_a_second_page_takes_over_and_the_first_is_told(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        first = await media.enter(INES)
        second = await media.enter(INES)
        await first.hear("moved")
        assert await first.is_closed()
        await second.hear("roomview", stage="in")
        await second.say("ping", stamp=1)
        await second.hear("pong")


@awaited
async def test_a_dropped_client_is_back_without_asking(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines, alice = await media.enter(INES), await media.enter(ALICE)
        await alice.hear("roomview")
        await ines.say("admit", person=ALICE)
        await alice.hear("roomview", stage="in")
        await alice.close()
        while (await ines.hear("roomview"))["people"][-1]["here"]:
            pass
        await (await media.enter(ALICE)).hear("roomview", stage="in")


@awaited
async def test_the_counselor_ends_the_session_for_both(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines, alice = await media.enter(INES), await media.enter(ALICE, admitted=True)
        await alice.hear("roomview", stage="in")
        await ines.say("end")
        assert (await alice.hear("ended"))["by"] == "Ines Calder"
        assert await alice.is_closed()


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (lambda: "nonsense", "not valid"),
        (lambda: fresh_token(key="another key"), "not valid"),
        (lambda: fresh_token(now=datetime.now(UTC) - timedelta(minutes=3)), "waited too long"),
        (lambda: fresh_token(opens_at=datetime.now(UTC) + timedelta(minutes=1)), "not open yet"),
        (lambda: fresh_token(closes_at=datetime.now(UTC) - timedelta(seconds=1)), "over"),
    ],
    ids=["nonsense", "forged", "expired", "early", "late"],
)
@awaited
async def test_a_token_that_opens_nothing_is_refused_in_words(tmp_path: Path, token: object, words: str) -> None:
    async with media_server(tmp_path) as media:
        page = await media.page()
        await page.say("join", token=token())  # type: ignore[operator]  # the table holds functions: time passes
        assert words in (await page.hear("refused"))["words"]
        assert await page.is_closed()


@awaited
async def test_a_token_opens_the_room_once(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        token = fresh_token(INES)
        first, second = await media.page(), await media.page()
        await first.say("join", token=token)
        await first.hear("roomview")
        await second.say("join", token=token)
        assert "used before" in (await second.hear("refused"))["words"]
        await first.say("ping", stamp=1)
        await first.hear("pong")


@awaited
async def test_rooms_hear_nothing_of_each_other(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines = await media.enter(INES, room="room-1")
        ben = await media.enter(BEN, room="room-2")
        await ben.hear("roomview")
        view = await ines.hear("roomview")
        assert view["waiting"] == []
        await ines.say("admit", person=BEN)
        assert "no longer waiting" in (await ines.hear("problem"))["words"]


@pytest.mark.parametrize("frame", ["", "{}", '{"type": "leave"}', "\x00", "[" * 3000])
@awaited
async def test_the_first_word_must_be_the_token(tmp_path: Path, frame: str) -> None:
    async with media_server(tmp_path) as media:
        page = await media.page()
        await page.send(frame)
        assert (await page.hear("refused"))["code"] == "malformed"


@awaited
async def test_malformed_words_are_answered_and_the_talk_goes_on(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines = await media.enter(INES)
        for frame in ("", "[]", '{"type": "write"}', '{"type": "offer", "sdp": "v=0", "number": -1, "generation": 1}'):
            await ines.send(frame)
            await ines.hear("problem")
        await ines.say("ping", stamp=3)
        await ines.hear("pong", stamp=3)


@pytest.mark.parametrize(
    "sdp", ["v=0", "m=audio 9 x\r\nm=video\r\nm=video\r\nm=application\r\na=group:BUNDLE 0", "\x00" * 100]
)
@awaited
async def test_an_offer_that_cannot_be_read_is_answered_in_words(tmp_path: Path, sdp: str) -> None:
    async with media_server(tmp_path) as media:
        ines = await media.enter(INES)
        await ines.say("offer", sdp=sdp, number=1, generation=1)
        assert "could not be read" in (await ines.hear("problem"))["words"]


@awaited
async def test_whoever_waits_gets_no_connection(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        alice = await media.enter(ALICE)
        await alice.say("offer", sdp="v=0", number=1, generation=1)
        assert "as soon as you are let in" in (await alice.hear("problem"))["words"]


@pytest.mark.parametrize("origin", ["", "https://elsewhere.example", "http://127.0.0.1:8000.elsewhere.example"])
@awaited
async def test_other_peoples_pages_cannot_connect(tmp_path: Path, origin: str) -> None:
    async with media_server(tmp_path) as media:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await media.page(origin=origin)


@awaited
async def test_the_server_says_that_it_lives_and_no_more(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        await (await media.enter(INES)).hear("roomview")
        async with media.session.get(media.server.make_url("/healthz")) as answer:
            assert await answer.json() == {"status": "ok"}


@awaited
async def test_the_counselor_and_whoever_waits_write_to_each_other_alone(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        alice, ben = await media.enter(ALICE), await media.enter(BEN)
        assert (await alice.hear("roomview"))["hosted"] is False
        await alice.say("write", text="Hello?")
        assert "Nobody is in the room yet" in (await alice.hear("problem"))["words"]
        ines = await media.enter(INES)
        await alice.hear("roomview", hosted=True)
        await ines.say("write", person=ALICE, text="Five minutes")
        assert (await alice.hear("written"))["name"] == "Ines Calder"
        await alice.say("write", person=BEN, text="Thank you")
        assert [(await ines.hear("written"))["text"] for _ in range(2)] == ["Five minutes", "Thank you"]
        await ines.say("admit", person=BEN)
        while (view := await ben.hear("roomview"))["stage"] == "waiting":
            assert view["people"] == view["waiting"] == []
        await ben.say("write", person=ALICE, text="Psst")
        assert "Only the counselor" in (await ben.hear("problem"))["words"]
        assert "Psst" not in json.dumps(media.web.reports)
