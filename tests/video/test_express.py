"""The short way of packets says the same as the long one, and keeps the same account."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from aiortc.rtp import RTCP_RTPFB_NACK, RtcpRtpfbPacket
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from tests.video.test_forwarding import FakeWire, a_line
from video.media import rtp
from video.media.datagrams import Inbox, Outbox
from video.media.lane import Lane
from video.media.lines import Codec, Label
from video.media.router import Router
from video.media.subscription import Subscription

KEY = bytes(range(28))
THEIRS = {rtp.MID: 4, rtp.ABS_SEND_TIME: 2, rtp.TRANSPORT_SEQUENCE: 5}
OURS = {rtp.MID: 3, rtp.ABS_SEND_TIME: 7, rtp.TRANSPORT_SEQUENCE: 5}


@dataclass(slots=True)
class FakePort:
    """Keeps what would have been sent, decrypted."""

    outbox: Outbox = field(default_factory=lambda: Outbox(16))
    sent: list[rtp.Packet] = field(default_factory=list)
    is_busy: bool = False
    listens: bool = True
    session: Session = field(default_factory=lambda: _session(Policy.SSRC_ANY_INBOUND))

    def flush(self) -> None:
        for place in range(self.outbox.count if self.listens else 0):
            data = bytes(self.outbox.views[place][: self.outbox.lengths[2 * place + 1]])
            self.sent.append(rtp.parse(self.session.unprotect(data)))
        self.outbox.count = 0


class AnOpenLane(Lane):
    """A lane whose keys and path are given, not negotiated."""

    def __init__(self, port: FakePort) -> None:
        self.is_open, self.port, self.outbox = True, port, port.outbox  # type: ignore[assignment]
        self.keys = _session(Policy.SSRC_ANY_OUTBOUND)
        self.sending = self.keys._srtp[0]
        self.target = type("Target", (), {"pointer": 0})()


class Scene:
    """Alice publishes; two watch, one of them over a mid that is longer."""

    def __init__(self, label: Label = Label.CAMERA, **changes: object) -> None:
        self.router = Router(FakeWire())
        line = a_line(50, label, mid="1", extensions=THEIRS, **changes)
        from video.media.publication import Publication

        self.alice = self.router.publications[label] = Publication(line, self.router.wire)
        self.ports = [FakePort(), FakePort()]
        self.watching = [
            Subscription(a_line(70 + 10 * place, label, mid=mid, extensions=OURS, **changes), AnOpenLane(port))
            for place, (port, mid) in enumerate(zip(self.ports, ("4", "14"), strict=True))
        ]
        for subscription in self.watching:
            subscription.attach(self.alice)
        self.inbox = Inbox(16)
        self.short = 0

    def publish(
        self, sequence: int, *, key: bool = False, body: bytes = b"", ssrc: int = 1000, type_: int = 96
    ) -> None:
        at = sequence / 30
        data = a_packet(sequence, key=key, body=body, ssrc=ssrc, type_=type_)
        view = self.inbox.views[0]
        view[: len(data)] = data
        express = self.router.express.get(ssrc)
        start = rtp.START.unpack_from(view)
        if express is not None and express.carry(view, len(data), start, b"\1\2\3", at):
            self.short += 1
        else:
            self.router.take_rtp(data, at)


def _session(kind: int) -> Session:
    return Session(Policy(key=KEY, ssrc_type=kind, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM))


def a_packet(sequence: int, *, key: bool, body: bytes = b"", ssrc: int = 1000, type_: int = 96) -> bytes:
    picture = (0x8000 | (sequence & 0x7FFF)).to_bytes(2, "big")
    payload = body or b"\x90\x80" + picture + (b"\x10key" if key else b"\x11delta") + bytes([sequence & 0xFF])
    block = b"\x401" + b"\x22abc" + b"\x51" + (sequence & 0xFFFF).to_bytes(2, "big")
    block += bytes(-len(block) % 4)
    head = struct.pack("!BBHII", 0x90, type_, sequence & 0xFFFF, (3000 * sequence) & 0xFFFFFFFF, ssrc)
    return head + struct.pack("!HH", 0xBEDE, len(block) // 4) + block + payload


def _numbers(packets: list[rtp.Packet], ssrc: int) -> list[int]:
    mine = [packet.sequence for packet in packets if packet.ssrc == ssrc]
    return [(sequence - mine[0]) & 0xFFFF for sequence in mine]


def test_packets_in_order_take_the_short_way_to_everybody() -> None:
    scene = Scene()
    for sequence in range(20):
        scene.publish(sequence, key=sequence == 0)
    assert scene.short == 19
    for place, port in enumerate(scene.ports):
        assert _numbers(port.sent, 70 + 10 * place) == list(range(20))
        last, before = port.sent[-1], port.sent[-2]
        assert last.payload.endswith(b"\x11delta\x13")
        assert (last.timestamp - before.timestamp) & 0xFFFFFFFF == 3000
        assert last.extensions[7] == b"\1\2\3"
        assert 5 not in last.extensions
    assert scene.ports[0].sent[-1].extensions[3] == b"4"
    assert 3 not in scene.ports[1].sent[-1].extensions
    assert (scene.watching[0].packets, scene.alice.reception and scene.alice.reception.received) == (20, 20)


def test_a_gap_is_asked_for_and_what_was_lost_is_sent_again() -> None:
    scene = Scene()
    for sequence in (*range(10), 12, 13, 14):
        scene.publish(sequence, key=sequence == 0)
    assert _numbers(scene.ports[0].sent, 70) == [*range(10), 12, 13, 14]
    assert scene.short == 11
    nack = RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=70)
    nack.lost = [scene.ports[0].sent[5].sequence]
    scene.watching[0].heed(nack)
    again = scene.ports[0].sent[-1]
    assert (again.ssrc, again.payload_type) == (71, 97)
    assert again.payload[2:] == scene.ports[0].sent[5].payload


def test_a_new_stream_goes_on_in_the_numbers_of_the_old() -> None:
    scene = Scene()
    for sequence in range(10):
        scene.publish(sequence, key=sequence == 0)
    for sequence in range(500, 510):
        scene.publish(sequence, key=sequence == 500, ssrc=2000)
    sent = scene.ports[0].sent
    assert _numbers(sent, 70) == list(range(20))
    pictures = [int.from_bytes(packet.payload[2:4], "big") & 0x7FFF for packet in sent]
    assert pictures == list(range(20))
    assert scene.short == 18
    scene.publish(10)
    assert len(scene.ports[0].sent) >= 20


def test_whoever_comes_later_begins_with_a_whole_picture() -> None:
    scene = Scene()
    for sequence in range(5):
        scene.publish(sequence, key=sequence == 0)
    port = FakePort()
    late = Subscription(a_line(90, mid="2", extensions=OURS), AnOpenLane(port))
    late.attach(scene.alice)
    for sequence in range(5, 12):
        scene.publish(sequence, key=sequence == 8)
    assert _numbers(port.sent, 90) == list(range(4))
    assert _numbers(scene.ports[0].sent, 70) == list(range(12))


def test_after_a_long_time_lost_packets_are_still_found() -> None:
    scene = Scene()
    for sequence in range(40_000, 74_000):
        for port in scene.ports:
            port.listens = sequence in (40_000, 73_998, 73_999)
        scene.publish(sequence, key=sequence == 40_000)
        if sequence % 1000 == 0:
            scene.alice.report(sequence / 30)
    nack = RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=70)
    nack.lost = [scene.ports[0].sent[-2].sequence - 5]
    scene.watching[0].heed(nack)
    assert scene.ports[0].sent[-1].ssrc == 71
    assert scene.alice.reception is not None
    assert scene.alice.reception.cycles == 1 << 16


def test_sound_goes_the_short_way_too() -> None:
    scene = Scene(Label.AUDIO, codecs={111: Codec("opus", 48000)})
    for sequence in range(5):
        scene.publish(sequence, body=b"voice", type_=111)
    assert scene.short == 4
    assert [packet.payload for packet in scene.ports[1].sent] == [b"voice"] * 5


@settings(max_examples=40)
@given(st.binary(min_size=12, max_size=60), st.integers(0, 255))
def test_no_bytes_break_the_short_way(data: bytes, first: int) -> None:
    scene = Scene()
    scene.publish(0, key=True)
    whole = bytes([first]) + data[1:8] + (1000).to_bytes(4, "big") + data[12:]
    view: Any = scene.inbox.views[0]
    view[: len(whole)] = whole
    if not scene.router.express[1000].carry(view, len(whole), rtp.START.unpack_from(view), b"abc", 1.0):
        scene.router.take_rtp(whole, 1.0)
    scene.publish(1)
    assert scene.ports[0].sent
