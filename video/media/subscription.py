"""One person's copy of somebody's stream: renumbered so that a changed source looks like one unbroken stream."""

import math
import random
import time

from aiortc.rtp import (
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtcpSenderInfo,
    RtcpSourceInfo,
    RtcpSrPacket,
)

from video.media import red, vp8
from video.media.layers import Layers
from video.media.lines import Codec, Line
from video.media.numbering import Numbering, Shift
from video.media.publication import Kept, Publication
from video.media.rtp import Header
from video.media.wire import Wire

_CNAME = 1


class Subscription:
    """One outgoing m-line; its source may change at any moment, its SSRC never does."""

    def __init__(self, line: Line, wire: Wire) -> None:
        self.line = line
        self.source: Publication | None = None
        self.coming: Publication | None = None
        self.layers: Layers | None = None
        self.shown: int | None = None
        """At how many px the page shows the picture, once it has said so."""
        self.packets = self.octets = 0
        self.fraction_lost = 0
        self.rate = 0
        self.allowance: int | None = None
        self.round_trip_s: float | None = None
        self.late_s = 0.0
        self.wire = wire
        self._measured = 0
        self._least_trip_s = math.inf
        self._header = Header(line.extensions, line.mid, with_level=not line.label.is_video)
        self.shift: Shift | None = None
        self._numbers = Numbering()
        self._rtx_sequence = random.randrange(0x8000)  # noqa: S311 -- a number, not a secret
        self._reported: tuple[int, float] | None = None

    @property
    def awaits_keyframe(self) -> bool:
        """Whether there is a source and a wire, and only a whole picture is missing to begin."""
        return self.source is not None and self.shift is None and self.wire.is_open and self.line.label.is_video

    def watch(self, layers: Layers | None) -> None:
        """Take packets of another m-line, in the size that suits, or of none."""
        if layers is self.layers:
            return
        if self.layers is not None:
            self.layers.dismiss(self)
        self.layers = layers
        if layers is not None:
            layers.welcome(self)

    def move(self, source: Publication) -> None:
        """Go over to another size where its next whole picture begins; until then go on with this one."""
        if source is self.source or self.shift is None:
            self.attach(source)
        elif source is not self.coming:
            self._stay()
            self.coming = source
            source.replan()
            source.comers.append(self)
            source.request_keyframe()

    def attach(self, source: Publication | None, *, is_whole: bool = False) -> None:
        """Take packets from another publication, or from none. `is_whole` when the next is known to begin a picture."""
        self._stay()
        if source is self.source:
            return
        if self.source is not None:
            self.source.replan()
            self.source.subscriptions.remove(self)
        self.source = source
        self.start_over()
        if source is not None:
            source.subscriptions.append(self)
            source.replan()
            if not is_whole:
                source.request_keyframe(at_once=True)

    def start_over(self) -> None:
        """Begin anew with the next whole picture: the source's numbers are no longer the ones we know."""
        if self.source is not None:
            self.source.replan()
        self.shift = None

    def forward(self, kept: Kept) -> None:
        """Send one packet on, if it is one to begin or to go on with."""
        if not self.wire.is_open:
            return
        if self.shift is None and not self._begin(kept):
            return
        payload_type, payload = self._payload(kept)
        if payload_type is not None:
            self._send(kept, payload_type, payload)

    def retransmit(self, sequences: list[int]) -> None:
        """Send again what the browser misses, as RTX (RFC 4588).

        Without RTX nothing is sent again: a number used twice under another header would give AES-GCM's key away.
        """
        for sequence in sequences:
            kept = self._kept(sequence)
            if kept is None:
                continue
            payload_type, payload = self._payload(kept)
            if payload_type is None:
                continue
            repair = self.line.repair_type(payload_type)
            if repair is None:
                continue
            header = self._write(kept, repair, self._rtx_sequence, self.line.rtx_ssrc)
            self.wire.send_rtp(header + sequence.to_bytes(2, "big") + payload)
            self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF

    def relay(self, report: RtcpSrPacket, at: float) -> None:
        """Pass a sender's report on in our numbers."""
        if self.shift is None:
            return
        info = report.sender_info
        mapped = RtcpSenderInfo(
            ntp_timestamp=info.ntp_timestamp,
            rtp_timestamp=(info.rtp_timestamp + self.shift.timestamp) & 0xFFFFFFFF,
            packet_count=self.packets & 0xFFFFFFFF,
            octet_count=self.octets & 0xFFFFFFFF,
        )
        name = RtcpSourceInfo(ssrc=self.line.ssrc, items=[(_CNAME, f"slot{self.line.slot}".encode())])
        compound = bytes(RtcpSrPacket(ssrc=self.line.ssrc, sender_info=mapped)) + bytes(RtcpSdesPacket(chunks=[name]))
        self.wire.send_rtcp(compound)
        self._reported = ((info.ntp_timestamp >> 16) & 0xFFFFFFFF, at)

    def heed(self, feedback: RtcpPsfbPacket | RtcpRtpfbPacket) -> None:
        """Answer the browser's feedback: NACK from the cache, a picture's loss by asking its publisher."""
        if isinstance(feedback, RtcpRtpfbPacket):
            if feedback.fmt == RTCP_RTPFB_NACK:
                self.retransmit(feedback.lost)
        elif feedback.fmt in (RTCP_PSFB_PLI, RTCP_PSFB_FIR) and self.source is not None:
            self.source.request_keyframe()

    def note(self, report: RtcpReceiverInfo, at: float) -> None:
        """Note what the browser says of loss, and how long a report took there and back (RFC 3550 section 6.4.1)."""
        self.fraction_lost = report.fraction_lost
        if self._reported is not None and report.lsr == self._reported[0] and report.dlsr:
            self.round_trip_s = max(0.0, at - self._reported[1] - report.dlsr / 65536)
            self._least_trip_s = min(self._least_trip_s, self.round_trip_s)
            self.late_s = self.round_trip_s - self._least_trip_s

    def measure(self) -> None:
        """Note how many bits went out since the last call, a second ago."""
        self.rate, self._measured = 8 * (self.octets - self._measured), self.octets

    @property
    def headroom(self) -> float:
        """How many times what is sent the viewer says it can take; below one it is too much."""
        return self.allowance / self.rate if self.allowance is not None and self.rate else 1.0

    def _stay(self) -> None:
        if self.coming is not None:
            self.coming.comers.remove(self)
            self.coming.replan()
            self.coming = None

    def _begin(self, kept: Kept) -> bool:
        if kept.descriptor is not None and not kept.descriptor.begins_keyframe:
            if self.source is not None:
                self.source.request_keyframe()
            return False
        self.shift = self._numbers.begin(kept, time.monotonic())
        if self.source is not None:
            self.source.replan()
        return True

    def unchanged_type(self, codec: Codec) -> int | None:
        """Give the payload type under which a codec's payloads go out as they came; None when they cannot."""
        return None if codec.name == "red" and not self._shares_opus() else self.line.payload_type(codec.name)

    def note_carried(self, kept: Kept, at: float) -> None:
        """Note the last of the packets that took the short way."""
        if self.shift is not None and self.wire.is_open:
            self._numbers.note(kept, self.shift, at)

    def _payload(self, kept: Kept) -> tuple[int | None, bytes]:
        name, payload = kept.codec.name, kept.packet.payload
        payload_type = self.line.payload_type(name)
        if name == "red" and (payload_type is None or not self._shares_opus()):
            return self.line.payload_type("opus"), red.primary(payload)
        if kept.descriptor is not None and self.shift is not None:
            payload = vp8.renumber(payload, kept.descriptor, self.shift.picture, self.shift.layer)
        return payload_type, payload

    def _shares_opus(self) -> bool:
        """Whether the payload type inside RED means Opus to this browser too."""
        source = self.source
        return source is not None and source.line.payload_type("opus") == self.line.payload_type("opus")

    def _send(self, kept: Kept, payload_type: int, payload: bytes) -> None:
        shift, packet = self.shift, kept.packet
        if shift is None or not self._numbers.has(packet.sequence):
            return
        sequence = (packet.sequence + shift.sequence) & 0xFFFF
        self.wire.send_rtp(self._write(kept, payload_type, sequence, self.line.ssrc) + payload)
        self.packets += 1
        self.octets += len(payload)
        self._numbers.note(kept, shift, time.monotonic())

    def _write(self, kept: Kept, payload_type: int, sequence: int, ssrc: int) -> bytes:
        timestamp = kept.packet.timestamp + (self.shift.timestamp if self.shift else 0)
        return self._header.write(
            payload_type,
            sequence,
            timestamp & 0xFFFFFFFF,
            ssrc,
            marker=kept.packet.marker,
            level=kept.level,
            at=time.time(),
        )

    def _kept(self, sequence: int) -> Kept | None:
        if self.source is None or self.shift is None:
            return None
        original = (sequence - self.shift.sequence) & 0xFFFF
        return self.source.kept(original) if self._numbers.has(original) else None
