"""A picture in several sizes: everybody gets the one that suits, changed where a whole picture begins."""

from __future__ import annotations

import itertools

from aiortc.codecs.vpx import VpxPayloadDescriptor

from tests.video.test_forwarding import FakeWire, a_line
from video.media import rtp
from video.media.choosing import Reading
from video.media.layers import Layers
from video.media.lines import Label
from video.media.publication import Publication
from video.media.router import Router
from video.media.subscription import Subscription

FINE = Reading(sent=400_000, remb=None, loss=0.0, late_s=0.0)
LOSSY = Reading(sent=400_000, remb=None, loss=0.2, late_s=0.0)
RIDS = ("s", "m", "l")


class Scene:
    """Alice sends three sizes; Ines and Ben watch."""

    def __init__(self) -> None:
        self.up = FakeWire()
        self.layers = Layers(a_line(50), self.up, RIDS)
        self.wires = [FakeWire(), FakeWire()]
        self.ines, self.ben = (Subscription(a_line(70 + 10 * place), wire) for place, wire in enumerate(self.wires))
        self.numbers = [0, 0, 0]
        self.frames = 0

    def watch(self) -> None:
        for viewer in (self.ines, self.ben):
            viewer.watch(self.layers)

    def publish(self, *, key: bool = False, sizes: tuple[int, ...] = (0, 1, 2)) -> None:
        """Send one picture in some sizes; what a size is, its payload says."""
        self.frames += 1
        for size in sizes:
            self.numbers[size] += 1
            number = self.numbers[size]
            descriptor = bytes(VpxPayloadDescriptor(1, 0, picture_id=100 * size + number, tl0picidx=size))
            head = b"\x00\x00\x00\x9d\x01\x2a" + bytes(2) + (135 << size).to_bytes(2, "little") if key else b"\x01delta"
            packet = rtp.Packet(
                96, 1000 * size + number, 3000 * self.frames, 1000 + size, descriptor + head + RIDS[size].encode()
            )
            self.layers.streams[size].take(packet, self.frames / 30)

    def second(self, ben: Reading = FINE, **how: tuple[int, ...]) -> None:
        """Live through a second in which Ben's browser says this."""
        self.publish(**how)
        for viewer, reading in ((self.ines, FINE), (self.ben, ben)):
            viewer.rate, viewer.allowance = reading.sent, reading.remb
            viewer.fraction_lost, viewer.late_s = int(256 * reading.loss), reading.late_s
        self.layers.review()
        self.publish(key=True, **how)

    def seen(self, who: int) -> str:
        """Say which sizes somebody saw, packet by packet."""
        return "".join(chr(packet.payload[-1]) for packet in self.wires[who].rtp)


def test_everybody_begins_in_the_middle_and_soon_gets_all() -> None:
    scene = Scene()
    scene.publish(key=True)
    scene.watch()
    scene.publish(key=True)
    for _ in range(5):
        scene.second()
    assert scene.seen(0).startswith("mm")
    assert scene.seen(0).endswith("ll")
    assert scene.seen(0) == scene.seen(1)


def test_one_weak_way_spoils_nobody_elses_picture() -> None:
    scene = Scene()
    scene.watch()
    for _ in range(6):
        scene.second()
    for _ in range(5):
        scene.second(LOSSY)
    assert scene.seen(0).endswith("llll")
    assert scene.seen(1).endswith("ss")
    for _ in range(40):
        scene.second()
    assert scene.seen(1).endswith("ll")


def test_a_size_changes_where_a_whole_picture_begins_and_looks_like_one_stream() -> None:
    scene = Scene()
    scene.watch()
    for _ in range(6):
        scene.second()
    scene.ines.shown = 90
    scene.layers.review()
    for _ in range(3):
        scene.publish()
    assert scene.seen(0).endswith("lll")
    scene.publish(key=True)
    scene.publish()
    assert scene.seen(0).endswith("lllss")
    packets = scene.wires[0].rtp
    steps = {(b.sequence - a.sequence) & 0xFFFF for a, b in itertools.pairwise(packets)}
    pictures = [VpxPayloadDescriptor.parse(packet.payload)[0].picture_id or 0 for packet in packets]
    assert steps == {1}
    assert {(b - a) & 0x7FFF for a, b in itertools.pairwise(pictures)} == {1}
    assert len({packet.ssrc for packet in packets}) == 1


def test_nobody_waits_for_a_size_that_does_not_come() -> None:
    scene = Scene()
    scene.watch()
    for _ in range(6):
        scene.second()
    for _ in range(3):
        scene.second(sizes=(0, 1))
    assert scene.seen(0).endswith("mm")
    scene.second(sizes=(0, 1, 2))
    scene.second(sizes=(0, 1, 2))
    assert scene.seen(0).endswith("l")


def test_a_size_that_stops_is_left_before_the_second_is_over() -> None:
    scene = Scene()
    scene.watch()
    for _ in range(6):
        scene.second()
    for tenth in range(4):
        scene.publish(sizes=(0, 1, 2) if tenth == 0 else (0, 1))
        scene.layers.tend(10 + tenth / 10)
        scene.publish(key=True, sizes=(0, 1))
    assert scene.seen(0).endswith("l")
    scene.publish(sizes=(0, 1))
    scene.layers.tend(10.4)
    scene.publish(key=True, sizes=(0, 1))
    assert scene.seen(0).endswith("lm")
    scene.layers.tend(60.0)
    scene.publish(sizes=(0, 1))
    assert scene.seen(0).endswith("lmm")


def test_sizes_that_nobody_watches_are_not_asked_for() -> None:
    scene = Scene()
    assert scene.layers.top == 1
    scene.watch()
    assert scene.layers.top == 2
    for _ in range(6):
        scene.second()
    scene.ines.shown = scene.ben.shown = 100
    for _ in range(2):
        scene.second()
    assert scene.layers.top == 0
    scene.ben.shown = 240
    assert scene.layers.top == 1
    scene.ben.watch(None)
    assert scene.layers.top == 0
    scene.layers.close()
    assert scene.ines.source is None
    assert scene.ines.layers is None


def test_of_several_sizes_no_viewer_caps_the_sender() -> None:
    router = Router(FakeWire())  # type: ignore[arg-type]  # a wire that keeps what it is given
    router.layers = {Label.CAMERA: Layers(a_line(50), router.wire, RIDS)}
    viewer = Subscription(a_line(70), FakeWire())
    viewer.watch(router.layers[Label.CAMERA])
    viewer.rate, viewer.allowance, viewer.fraction_lost = 400_000, 100_000, 90
    router.review(1.0)
    assert router.wire.rtcp == []  # type: ignore[attr-defined]


def test_streams_are_told_apart_by_their_rid() -> None:
    extensions = {rtp.MID: 4, rtp.RID: 10, rtp.REPAIRED_RID: 11}
    wire = FakeWire()
    router = Router(wire)  # type: ignore[arg-type]  # a wire that keeps what it is given
    layers = router.layers[Label.CAMERA] = Layers(a_line(50, extensions=extensions), wire, RIDS)
    for size, rid in enumerate(RIDS):
        router.take_rtp(a_packet(96, 100 + size, {4: "1", 10: rid}), 0.1)
        router.take_rtp(a_packet(97, 200 + size, {4: "1", 11: rid}), 0.1)
    router.take_rtp(a_packet(96, 400, {4: "1", 10: "x"}), 0.1)
    assert [stream.ssrc for stream in layers.streams] == [100, 101, 102]
    assert [_source(router, 200 + size) for size in range(3)] == layers.streams
    assert _source(router, 400) is None


def a_packet(payload_type: int, ssrc: int, extensions: dict[int, str]) -> bytes:
    block = b"".join(bytes([number << 4 | len(text) - 1]) + text.encode() for number, text in extensions.items())
    block += bytes(-len(block) % 4)
    head = bytes([0x90, payload_type, 0, 1]) + bytes(4) + ssrc.to_bytes(4, "big")
    return head + b"\xbe\xde" + (len(block) // 4).to_bytes(2, "big") + block + b"\x10\x00picture"


def _source(router: Router, ssrc: int) -> Publication | None:
    return router._by_ssrc.get(ssrc)
