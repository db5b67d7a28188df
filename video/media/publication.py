"""One stream that a person publishes: packets in, repaired, kept a moment, handed to the subscriptions."""

import time
from typing import TYPE_CHECKING

from aiortc.rtp import (
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRtpfbPacket,
    RtcpSrPacket,
    clamp_packets_lost,
)

from video.media import vp8
from video.media.express import Express
from video.media.lines import Codec, Line
from video.media.reception import Reception
from video.media.rtp import AUDIO_LEVEL, Packet, parse, unwrap_rtx
from video.media.wire import Wire

if TYPE_CHECKING:
    from video.media.subscription import Subscription

_KEPT = 512  # 1.5 to 3 s of pictures
_BETWEEN_KEYFRAME_REQUESTS_S = 0.3
_SILENCE = 127


class Kept:
    """A packet in the retransmission cache, with what was read from it once for all subscribers."""

    __slots__ = ("codec", "descriptor", "level", "packet")

    def __init__(self, packet: Packet, codec: Codec, level: int) -> None:
        self.packet = packet
        self.codec = codec
        self.level = level
        self.descriptor = vp8.describe(packet.payload) if codec.name == "vp8" else None


class Publication:
    """One published m-line of one person."""

    def __init__(self, line: Line, wire: Wire) -> None:
        self.line = line
        self.subscriptions: list[Subscription] = []
        self.comers: list[Subscription] = []
        """Whoever goes over to this stream where the next whole picture begins."""
        self.ssrc: int | None = None
        self._wire = wire
        self._rtx_ssrc: int | None = None
        self.reception: Reception | None = None
        self._kept: list[Kept | bytes | None] = [None] * _KEPT
        self.express = Express(self)
        self._asked_keyframe_at = 0.0
        self._last_report: tuple[int, float] | None = None
        self._level_id = line.extensions.get(AUDIO_LEVEL, 0)
        self.lost = 0
        self._seen = 0
        self.size = 0, 0
        """Width and height of the last whole picture."""

    def take(self, packet: Packet, at: float) -> None:
        """Take in one packet of this m-line, media or retransmission."""
        self.express.halt()
        self.catch_up()
        codec = self.line.codecs.get(packet.payload_type)
        if codec is None:
            return
        if codec.repairs is not None:
            repaired = self._repaired(packet, codec.repairs)
            if repaired is None:
                return
            packet, codec = repaired, self.line.codecs[codec.repairs]
        elif packet.ssrc != self.ssrc:
            self._adopt(packet.ssrc, codec)
        reception = self.reception
        if reception is None or (missed := reception.add(packet.sequence, packet.timestamp, at)) is None:
            return
        if self.line.label.is_video:
            self._ask_for(missed, leapt=reception.leapt)
        kept = self._opened(packet, codec)
        self.express.give_way(packet.sequence)
        self._kept[packet.sequence % _KEPT] = kept
        if kept.descriptor is not None and kept.descriptor.begins_keyframe:
            self.size = vp8.size(packet.payload, kept.descriptor)
            for comer in list(self.comers):
                comer.attach(self, is_whole=True)
        for subscription in self.subscriptions:
            subscription.forward(kept)

    def kept(self, sequence: int) -> Kept | None:
        """Find a recent packet for retransmission."""
        carried = self.express.kept(sequence)
        kept = self._kept[sequence % _KEPT] if carried is None else carried
        if isinstance(kept, bytes):
            kept = self._unpacked(kept) if kept else None
        return kept if kept is not None and kept.packet.sequence == sequence else None

    def keep(self, sequence: int, raw: bytes) -> None:
        """Put a packet that took the short way into the cache, as it came."""
        self.express.give_way(sequence)
        self._kept[sequence % _KEPT] = raw

    def catch_up(self) -> None:
        """Let the subscriptions know what the short way sent them."""
        if (latest := self.express.latest()) is not None and (kept := self._unpacked(latest[0])) is not None:
            for subscription in self.subscriptions:
                subscription.note_carried(kept, latest[1])

    def replan(self) -> None:
        """Have the short way worked out anew. Call before and after a subscription's numbers change."""
        self.catch_up()
        self.express.forget()

    def request_keyframe(self, *, at_once: bool = False) -> None:
        """Ask the publisher for a whole picture (RFC 4585 section 6.3.1), not too often."""
        now = time.monotonic()
        waited = now - self._asked_keyframe_at >= _BETWEEN_KEYFRAME_REQUESTS_S
        if self.line.label.is_video and self.ssrc is not None and (waited or at_once):
            self._asked_keyframe_at = now
            self._wire.send_rtcp(bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=self.line.ssrc, media_ssrc=self.ssrc)))

    def relay(self, report: RtcpSrPacket, at: float) -> None:
        """Pass the sender's report on (RFC 3550 section 6.4.1), so that lips and voice stay together."""
        if report.ssrc == self.ssrc:
            self.catch_up()
            self._last_report = ((report.sender_info.ntp_timestamp >> 16) & 0xFFFFFFFF, at)
            for subscription in self.subscriptions:
                subscription.relay(report, at)

    def tend(self, at: float) -> None:
        """Ask again for what is still missing; give up in favour of a keyframe. Call every 100 ms or so."""
        if self.reception is None or not self.line.label.is_video:
            return
        if self.reception.forget_old(at):
            self.request_keyframe()
        if overdue := self.reception.overdue(at):
            self._nack(overdue)
        if self.comers or any(subscription.awaits_keyframe for subscription in self.subscriptions):
            self.request_keyframe()

    def report(self, at: float) -> RtcpReceiverInfo | None:
        """Write the receiver report block.

        It names what we missed and nothing else: a viewer's loss in it would make the sender take its own way for bad.
        """
        if self.reception is None or self.ssrc is None:
            return None
        self.catch_up()
        summary = self.reception.summary()
        self.lost = summary.lost
        last, delay = (0, 0) if self._last_report is None else (self._last_report[0], at - self._last_report[1])
        return RtcpReceiverInfo(
            ssrc=self.ssrc,
            fraction_lost=summary.fraction,
            packets_lost=clamp_packets_lost(summary.lost),
            highest_sequence=summary.highest,
            jitter=summary.jitter,
            lsr=last,
            dlsr=int(delay * 65536) & 0xFFFFFFFF,
        )

    @property
    def received(self) -> int:
        """Tell how many packets came, the short way too."""
        self.catch_up()
        return self.reception.received if self.reception is not None else 0

    def moved(self) -> bool:
        """Whether anything came since the last call."""
        before, self._seen = self._seen, self.received
        return self._seen != before

    @property
    def lost_to_viewers(self) -> float:
        """Tell which share of the stream whoever fares worst lost lately."""
        return max((subscription.fraction_lost for subscription in self.subscriptions), default=0) / 256

    def _opened(self, packet: Packet, codec: Codec) -> Kept:
        level = packet.extensions.get(self._level_id, b"")
        return Kept(packet, codec, level[0] if level else _SILENCE)

    def _unpacked(self, raw: bytes) -> Kept | None:
        packet = parse(raw)
        codec = self.line.codecs.get(packet.payload_type)
        return self._opened(packet, codec) if codec is not None else None

    def _repaired(self, packet: Packet, payload_type: int) -> Packet | None:
        if self.ssrc is None or payload_type not in self.line.codecs:
            return None
        return unwrap_rtx(packet, payload_type, self.ssrc)

    def _adopt(self, ssrc: int, codec: Codec) -> None:
        self.ssrc = ssrc
        self.reception = Reception(codec.clock_rate)
        self._kept = [None] * _KEPT
        self.express.start_over()
        for subscription in self.subscriptions:
            subscription.start_over()

    def _ask_for(self, missed: list[int], *, leapt: bool) -> None:
        if leapt:
            self.request_keyframe()
        elif missed:
            self._nack(missed)

    def _nack(self, missing: list[int]) -> None:
        packet = RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=self.line.ssrc, media_ssrc=self.ssrc or 0)
        packet.lost = missing
        self._wire.send_rtcp(bytes(packet))
