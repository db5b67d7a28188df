"""Somebody publishes and two watch, on a port that keeps what it would send: in Python or by the compiled loop."""

from __future__ import annotations

import struct
import sys
from typing import Any

import pytest
from aiortc.rtp import RTCP_RTPFB_NACK, RtcpRtpfbPacket
from pylibsrtp import Policy, Session

from tests.video.test_forwarding import FakeWire, a_line
from video.media import nonstop, rtp
from video.media.lane import Lane
from video.media.layers import Layers
from video.media.lines import Label
from video.media.nonstop import Loop
from video.media.port import Port, bound, written
from video.media.router import Router
from video.media.subscription import Subscription

KEY = bytes(range(28))
NAME = written(("192.0.2.7", 4000))
LOOPS = pytest.mark.parametrize("loop", [None, nonstop.loop()], ids=["in Python", "compiled"])
THEIRS = {rtp.MID: 4, rtp.ABS_SEND_TIME: 2, rtp.TRANSPORT_SEQUENCE: 5}
OURS = {rtp.MID: 3, rtp.ABS_SEND_TIME: 7, rtp.TRANSPORT_SEQUENCE: 5}


class FakePort(Port):
    """Keeps what would have been sent, decrypted."""

    def __init__(self, loop: Loop | None) -> None:
        super().__init__(bound("127.0.0.1", 0), loop)
        self.socket.close()
        self.sent: list[rtp.Packet] = []
        self.listens = True
        self.session = _session(Policy.SSRC_ANY_INBOUND)

    def flush(self) -> None:
        for place in range(self.outbox.count if self.listens else 0):
            data = bytes(self.outbox.views[place][: self.outbox.lengths[2 * place + 1]])
            self.sent.append(rtp.parse(self.session.unprotect(data)))
        self.outbox.count = 0

    def sent_to(self, ssrc: int) -> list[rtp.Packet]:
        """Give one viewer's packets, those sent again too."""
        return [packet for packet in self.sent if packet.ssrc in (ssrc, ssrc + 1)]


class AnOpenLane(Lane):
    """A lane whose keys and path are given, not negotiated."""

    def __init__(self, port: FakePort, router: Router | None = None) -> None:
        self._record = self._loop = None
        self.router, self.port, self.outbox = router, port, port.outbox
        self.keys = _session(Policy.SSRC_ANY_OUTBOUND), _session(Policy.SSRC_ANY_INBOUND)
        self.sending, self.receiving = (keys._srtp[0] for keys in self.keys)
        self.target = type("Target", (), {"pointer": 0})()
        self.is_open = True


class CountingRouter(Router):
    """Counts the packets that take the long way."""

    long = 0

    def take_rtp(self, data: bytes, at: float) -> None:
        self.long += 1
        super().take_rtp(data, at)


class Scene:
    """Alice publishes; two watch, one of them over a mid that is longer. With a loop, it carries what it can."""

    def __init__(self, loop: Loop | None, label: Label = Label.CAMERA, **changes: object) -> None:
        self.router = CountingRouter(FakeWire())
        line = a_line(50, label, mid="1", extensions=THEIRS, **changes)
        self.router.layers[label] = Layers(line, self.router.wire)
        self.alice = self.router.layers[label].streams[0]
        self.port = FakePort(loop)
        self.watching = [self.watch(70, "4", label, **changes), self.watch(80, "14", label, **changes)]
        self.lane = self.port._lanes[int.from_bytes(NAME[:8], sys.byteorder)] = AnOpenLane(self.port, self.router)
        self.theirs = _session(Policy.SSRC_ANY_OUTBOUND, again=True)
        self.published = 0

    @property
    def short(self) -> int:
        """How many packets took the short way."""
        return self.published - self.router.long

    @property
    def at(self) -> float:
        """Tell the time: thirty packets come in a second."""
        return self.published / 30

    def watch(self, ssrc: int, mid: str, label: Label = Label.CAMERA, **changes: object) -> Subscription:
        line = a_line(ssrc, label, mid=mid, extensions=OURS, **changes)
        subscription = Subscription(line, AnOpenLane(self.port))
        subscription.attach(self.alice)
        return subscription

    def publish(self, sequence: int, **changes: Any) -> None:
        self.port.inbox.put(self.theirs.protect(a_packet(sequence, **changes)), NAME)
        self.port.take_at(1, self.at, 0x010203)
        self.published += 1

    def numbers(self, ssrc: int) -> list[int]:
        """Give a viewer's sequence numbers, from zero on."""
        mine = [packet.sequence for packet in self.port.sent if packet.ssrc == ssrc]
        return [(sequence - mine[0]) & 0xFFFF for sequence in mine]

    def miss(self, sequence: int) -> None:
        """Let the first viewer ask for a packet again."""
        nack = RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=70)
        nack.lost = [sequence]
        self.watching[0].heed(nack)


def _session(kind: int, *, again: bool = False) -> Session:
    policy = Policy(key=KEY, ssrc_type=kind, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
    policy.allow_repeat_tx = again
    return Session(policy)


def a_packet(
    sequence: int, *, key: bool = False, body: bytes = b"", ssrc: int = 1000, type_: int = 96, mid: bool = True
) -> bytes:
    picture = (0x8000 | (sequence & 0x7FFF)).to_bytes(2, "big")
    payload = body or b"\x90\x80" + picture + (b"\x10key" if key else b"\x11delta") + bytes([sequence & 0xFF])
    payload += bytes(20)
    block = b"\x401" * mid + b"\x22abc" + b"\x51" + (sequence & 0xFFFF).to_bytes(2, "big")
    block += bytes(-len(block) % 4)
    head = struct.pack("!BBHII", 0x90, type_, sequence & 0xFFFF, (3000 * sequence) & 0xFFFFFFFF, ssrc)
    return head + struct.pack("!HH", 0xBEDE, len(block) // 4) + block + payload
