"""The short way of packets says the same as the long one, and keeps the same account."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Error

from tests.video.express_scenes import LOOPS, NAME, Scene, a_packet
from video.media.lines import Codec, Label
from video.media.nonstop import Loop


@LOOPS
def test_packets_in_order_take_the_short_way_to_everybody(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in range(20):
        scene.publish(sequence, key=sequence == 0)
    scene.alice.catch_up()
    assert scene.short == 19
    for ssrc in (70, 80):
        assert scene.numbers(ssrc) == list(range(20))
        before, last = scene.port.sent_to(ssrc)[-2:]
        assert last.payload.rstrip(b"\0").endswith(b"\x11delta\x13")
        assert (last.timestamp - before.timestamp) & 0xFFFFFFFF == 3000
        assert last.extensions[7] == b"\1\2\3"
        assert 5 not in last.extensions
    assert scene.port.sent_to(70)[-1].extensions[3] == b"4"
    assert 3 not in scene.port.sent_to(80)[-1].extensions
    assert (scene.watching[0].packets, scene.alice.reception and scene.alice.reception.received) == (20, 20)


@LOOPS
def test_a_gap_is_asked_for_and_what_was_lost_is_sent_again(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in (*range(10), 12, 13, 14):
        scene.publish(sequence, key=sequence == 0)
    assert scene.numbers(70) == [*range(10), 12, 13, 14]
    assert scene.short == 11
    lost = scene.port.sent_to(70)[5]
    scene.miss(lost.sequence)
    again = scene.port.sent[-1]
    assert (again.ssrc, again.payload_type) == (71, 97)
    assert again.payload[2:] == lost.payload


@LOOPS
def test_a_new_stream_goes_on_in_the_numbers_of_the_old(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in range(10):
        scene.publish(sequence, key=sequence == 0)
    for sequence in range(500, 510):
        scene.publish(sequence, key=sequence == 500, ssrc=2000)
    assert scene.numbers(70) == list(range(20))
    pictures = [int.from_bytes(packet.payload[2:4], "big") & 0x7FFF for packet in scene.port.sent_to(70)]
    assert [(picture - pictures[0]) & 0x7FFF for picture in pictures] == list(range(20))
    assert scene.short == 18
    scene.publish(10)
    assert len(scene.port.sent_to(70)) >= 20


@LOOPS
def test_whoever_comes_later_begins_with_a_whole_picture(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in range(5):
        scene.publish(sequence, key=sequence == 0)
    scene.watch(90, "2")
    for sequence in range(5, 12):
        scene.publish(sequence, key=sequence == 8)
    assert scene.numbers(90) == list(range(4))
    assert scene.numbers(70) == list(range(12))


@LOOPS
def test_after_a_long_time_lost_packets_are_still_found(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in range(40_000, 74_000):
        scene.port.listens = sequence % 5000 == 0 or sequence > 73_997
        scene.publish(sequence, key=sequence == 40_000)
        if sequence % 1000 == 0:
            scene.alice.report(scene.at)
    scene.miss(scene.port.sent_to(70)[-2].sequence - 5)
    assert scene.port.sent[-1].ssrc == 71
    scene.alice.catch_up()
    assert scene.alice.reception is not None
    assert scene.alice.reception.cycles == 1 << 16


@LOOPS
def test_sound_goes_the_short_way_too(loop: Loop | None) -> None:
    scene = Scene(loop, Label.AUDIO, codecs={111: Codec("opus", 48000)})
    for sequence in range(5):
        scene.publish(sequence, body=b"voice", type_=111)
    assert scene.short == 4
    assert [packet.payload.rstrip(b"\0") for packet in scene.port.sent_to(80)] == [b"voice"] * 5


@LOOPS
def test_a_sender_who_left_is_not_heard(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in range(5):
        scene.publish(sequence, key=sequence == 0)
    scene.lane.is_open = False
    scene.publish(5)
    assert scene.numbers(70) == list(range(5))


@LOOPS
def test_a_viewer_who_left_gets_nothing(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in range(8):
        if sequence == 5:
            scene.watching[0].wire.is_open = False
        scene.publish(sequence, key=sequence == 0)
    assert (scene.numbers(70), scene.numbers(80)) == (list(range(5)), list(range(8)))


@LOOPS
def test_a_forged_packet_is_dropped(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in range(3):
        scene.publish(sequence, key=sequence == 0)
    forged = bytearray(scene.theirs.protect(a_packet(3)))
    forged[-1] ^= 1
    scene.port.inbox.put(bytes(forged), NAME)
    scene.port.take_at(1, 0.1, 0)
    scene.port.inbox.put(bytes(forged)[:14], NAME)
    scene.port.take_at(1, 0.1, 0)
    assert scene.numbers(70) == [0, 1, 2]


@LOOPS
@settings(max_examples=40)
@given(st.binary(min_size=12, max_size=90), st.integers(0, 255))
def test_no_bytes_break_the_short_way(loop: Loop | None, data: bytes, first: int) -> None:
    scene = Scene(loop)
    scene.publish(0, key=True)
    scene.publish(1)
    whole = bytes([first & 0xBF | 0x80, data[1] & 0x7F]) + b"\0\2" + data[4:8] + (1000).to_bytes(4, "big") + data[12:]
    try:
        scene.port.inbox.put(scene.theirs.protect(whole), NAME)
    except Error:  # libsrtp has no room for such a header
        scene.port.inbox.put(whole, NAME)
    scene.port.take_at(1, 1.0, 0)
    scene.publish(3)
    assert scene.port.sent


@LOOPS
def test_the_sender_is_told_of_everything_that_came(loop: Loop | None) -> None:
    scene = Scene(loop)
    for sequence in range(300):
        scene.publish(sequence, key=sequence == 0)
    scene.lane.tell(scene.at)
    scene.router.note_arrivals([], [], scene.at + 1)
    assert _acknowledged(scene.router.wire.rtcp) == list(range(300))


def _acknowledged(rtcp: list[bytes]) -> list[int]:
    """Give the transport numbers that feedback says came."""
    came = []
    for data in (data for data in rtcp if data[0] & 0x1F == 15 and data[1] == 205):
        base, count = struct.unpack_from("!HH", data, 12)
        (run,) = struct.unpack_from("!H", data, 20)
        for place in range(count):
            (chunk,) = struct.unpack_from("!H", data, 20 + 2 * (place // 7)) if run & 0x8000 else (run,)
            if (chunk >> (12 - 2 * (place % 7)) if run & 0x8000 else run >> 13) & 3:
                came.append((base + place) & 0xFFFF)
    return came
