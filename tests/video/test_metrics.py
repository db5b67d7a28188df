"""The figures for Prometheus: what is counted, and who may read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from practice.core.settings import Settings
from tests.support.tree import ROOT
from tests.video.media_server import awaited, media_server
from tests.video.scenes import ALICE, INES
from video.media.hall import Hall
from video.media.meters import Meters
from video.media.metrics import Metrics
from video.media.server import HALL

LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[A-Za-z0-9_.+]+"\})? -?[0-9.e+-]+$')


@awaited
async def test_what_goes_on_is_counted(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines, alice = await media.enter(INES), await media.enter(ALICE)
        await alice.hear("roomview", stage="waiting")
        await ines.hear("roomview", stage="in")
        stranger = await media.page()
        await stranger.send("nonsense")
        await stranger.hear("refused")
        await ines.say("offer", sdp="v=0", number=1, generation=1)
        await ines.hear("problem")
        async with media.session.get(media.server.make_url("/metrics")) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            lines = (await answer.text()).splitlines()
        assert [line for line in lines if not line.startswith("#") and not LINE.match(line)] == []
        for line in (
            "stillpoint_media_rooms 1",
            "stillpoint_media_people 2",
            'stillpoint_media_events_total{event="waiting"} 1',
            'stillpoint_media_refusals_total{code="malformed"} 1',
            'stillpoint_media_offers_total{outcome="unfit"} 1',
            "stillpoint_media_packets_total 0",
        ):
            assert line in lines
        assert media.app[HALL].meters.refusals == {"malformed": 1}
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert named == set(re.findall(r"`((?:stillpoint|process)_[a-z_]+)", (ROOT / "video/METRICS.md").read_text()))


@pytest.mark.parametrize(
    ("changes", "remote", "headers", "may"),
    [
        ({}, "127.0.0.1", {}, True),
        ({}, "203.0.113.9", {}, False),
        ({}, "127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, False),
        ({"environment": "production"}, "127.0.0.1", {}, False),
        ({"metrics_token": "t"}, "127.0.0.1", {}, False),
        ({"metrics_token": "t"}, "203.0.113.9", {"Authorization": "Bearer t"}, True),
        ({"metrics_token": "t"}, "127.0.0.1", {"Authorization": "Bearer x"}, False),
    ],
)
def test_only_the_own_machine_or_whoever_has_the_token_reads_them(
    changes: dict[str, str], remote: str, headers: dict[str, str], *, may: bool
) -> None:
    class Request:
        pass

    request = Request()
    request.remote, request.headers = remote, headers
    metrics = Metrics(Hall.__new__(Hall), None, Settings(**({"environment": "test"} | changes)))
    assert metrics._may_read(request) is may


def test_late_beats_fall_into_buckets() -> None:
    meters = Meters()
    for late in (-0.001, 0.004, 0.02, 0.02, 3.0):
        meters.beat(late)
    assert (meters.beats, dict(meters.delays)) == (5, {0.005: 2, 0.025: 2})
