"""The compiled loop and Python tell the same story of the same packets."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiortc.rtp import RTCP_RTPFB_NACK
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pylibsrtp import Error

from tests.video.express_scenes import Scene
from video.media import nonstop, rtp
from video.media.nonstop import Loop


def test_without_a_compiler_packets_are_carried_in_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nonstop.loop.__wrapped__() is None


def test_a_compiler_that_fails_is_said_in_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cc").write_text("#!/bin/sh\necho no headers here >&2; exit 1\n")
    (tmp_path / "cc").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nonstop.loop.__wrapped__() is None
    assert "no headers here" in caplog.text


@dataclass(frozen=True, slots=True)
class Step:
    """One packet of a story: how far its number is from the one before, and what it is like."""

    ahead: int = 1
    key: bool = False
    mid: bool = True
    missed: bool = False
    told: bool = False


STEPS = st.builds(
    Step,
    ahead=st.sampled_from([1, 1, 1, 1, 1, 2, 3, -1, -2, 300]),
    key=st.booleans(),
    mid=st.sampled_from([True, True, False]),
    missed=st.booleans(),
    told=st.booleans(),
)


@pytest.mark.skipif(nonstop.loop() is None, reason="There is no C compiler here: apt-get install gcc")
@settings(max_examples=60)
@given(st.lists(STEPS, max_size=60))
@example(
    [Step(key=True), *[Step()] * 30, Step(ahead=2), *[Step()] * 5, Step(ahead=-1), Step(mid=False), Step(missed=True)]
)
def test_the_compiled_loop_keeps_the_same_account(steps: list[Step]) -> None:
    assert _told(nonstop.loop(), steps) == _told(None, steps)


def _told(loop: Loop | None, steps: list[Step]) -> tuple[object, ...]:
    """Tell a story; give everything that was sent, and all that is known in the end."""
    random.seed(7)
    scene = Scene(loop)
    sequence = 65_500
    for step in steps:
        sequence += step.ahead
        with contextlib.suppress(Error):  # libsrtp sends nothing that is older than its memory
            scene.publish(sequence, key=step.key, mid=step.mid)
        if step.missed and scene.port.sent:
            scene.miss((scene.port.sent[-1].sequence - 3) & 0xFFFF)
        if step.told:
            scene.alice.report(scene.at)
    scene.alice.catch_up()
    sent = [_fields(packet) for packet in scene.port.sent]
    numbers = [(each.packets, each.octets, each.shift, each._numbers.sequence) for each in scene.watching]
    return sent, numbers, scene.alice.reception, scene.alice.ssrc, _nacks(scene.router.wire.rtcp)


def _nacks(rtcp: list[bytes]) -> list[bytes]:
    """Give what was asked for again; whole pictures are asked for by the clock."""
    return [data for data in rtcp if data[0] & 0x1F == RTCP_RTPFB_NACK and data[1] == 205]


def _fields(packet: rtp.Packet) -> dict[str, object]:
    """Give what a packet says, but the moment it was sent."""
    fields = {name: getattr(packet, name) for name in packet.__slots__}
    return fields | {"extensions": {number: value for number, value in packet.extensions.items() if number != 7}}
