"""Where each packet of one connection goes: by SSRC, by m-line, by payload type; feedback to its stream."""

import struct
from functools import partial
from itertools import cycle
from typing import Any

from aiortc.rtp import (
    RTCP_PSFB_APP,
    AnyRtcpPacket,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSrPacket,
    pack_remb_fci,
)

from video.media import rtp
from video.media.ceiling import FREE, Ceiling
from video.media.downlink import Downlink
from video.media.express import Express
from video.media.feedback import Arrivals
from video.media.layers import Layers
from video.media.lines import Label, Line
from video.media.publication import Publication
from video.media.subscription import Subscription
from video.media.wire import Wire

_FEEDBACK_EVERY_S = 0.1
_turns = cycle(range(10))
_MOST_SSRCS = 64


class Router:
    """The streams of one connection, and the figures that belong to all of them together."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.layers: dict[Label, Layers] = {}
        self.subscriptions: list[Subscription] = []
        self.turn = next(_turns)
        """At which tenth of the second it is reviewed: all at once would hold up everybody's packets."""
        self.express: dict[int, Express] = {}
        self.heard_at = 0.0
        self._downlink = Downlink()
        self._by_ssrc: dict[int, Publication] = {}
        self._arrivals = Arrivals()
        self._feedback_at = 0.0
        self._feedback_ssrc = self._heard_ssrc = 0
        self._ceiling = Ceiling()

    @property
    def slots(self) -> int:
        """How many others this page can show."""
        return len(self.subscriptions) // len(Label)

    @property
    def streams(self) -> list[Publication]:
        """What this person publishes, in every size."""
        return [stream for layers in self.layers.values() for stream in layers.streams]

    def expect(self, ssrc: int, publication: Publication) -> None:
        """Know a stream by its SSRC from now on."""
        if len(self._by_ssrc) < _MOST_SSRCS:
            self._by_ssrc[ssrc] = publication

    def take_rtp(self, data: bytes, at: float) -> None:
        """Take in one decrypted RTP packet."""
        try:
            packet = rtp.parse(data)
        except rtp.MalformedPacketError:
            return
        publication = self._by_ssrc.get(packet.ssrc) or self._find(packet)
        if publication is None:
            return
        self.heard_at = at
        self._note_arrival(packet, publication, at)
        publication.take(packet, at)
        if packet.ssrc == publication.ssrc and packet.ssrc not in self.express:
            self._open_express(packet.ssrc, publication)

    def note_arrivals(self, numbers: list[int], moments: list[float], at: float) -> None:
        """Note transport sequence numbers that came the short way, and when; tell the sender if it is time."""
        for number, moment in zip(numbers, moments, strict=True):
            self._arrivals.add(number, moment)
        self._give_feedback(at)

    def take_rtcp(self, data: bytes, at: float) -> None:
        """Take in one decrypted compound RTCP packet."""
        try:
            packets = RtcpPacket.parse(data)
        except (ValueError, IndexError, struct.error):
            return
        for packet in packets:
            self._take_report(packet, at)

    def note_state(self) -> None:
        """Ask for whole pictures as soon as they can be sent on."""
        if self.wire.is_open:
            for subscription in self.subscriptions:
                if subscription.source is not None:
                    subscription.source.replan()
                    subscription.source.request_keyframe(at_once=True)

    def note_heights(self, heights: list[int] | None) -> None:
        """Note at how many px the page shows each camera, by slot."""
        for subscription in self.subscriptions:
            slot = subscription.line.slot
            if heights is not None and slot < len(heights) and subscription.line.label is Label.CAMERA:
                subscription.shown = heights[slot]

    def tend(self, at: float) -> None:
        """Follow the path, repair what is missing. Call every 100 ms or so."""
        self.wire.follow()
        for stream in self.streams:
            stream.tend(at)
        for layers in self.layers.values():
            layers.tend(at)

    def review(self, at: float) -> None:
        """Send receiver reports and, when a viewer is too slow, how much to send at most. Call every second."""
        blocks = [block for each in self.streams if (block := each.report(at)) is not None]
        if blocks:
            self.wire.send_rtcp(bytes(RtcpRrPacket(ssrc=self._feedback_ssrc, reports=blocks)))
        self._downlink.share(self.subscriptions, at)
        for layers in self.layers.values():
            layers.review()
        if (worst := self._worst_viewer()) is not None:
            self._limit(worst)

    def quality(self) -> dict[str, Any]:
        """Sum up: round trip in ms, what is lost to this person and from them, kilobits sent, lines they see."""
        trips = [each.round_trip_s for each in self.subscriptions if each.round_trip_s is not None]
        losses = [each.fraction_lost for each in self.subscriptions if each.source is not None]
        return {
            "round_trip_ms": round(1000 * max(trips)) if trips else None,
            "lost_percent": round(100 * max(losses, default=0) / 256, 1),
            "lost_from": sum(each.lost for each in self.streams),
            "kilobits": round(sum(each.rate for each in self.subscriptions) / 1000),
            "height": max((each.size[1] for each in self._cameras_seen()), default=0),
        }

    def _cameras_seen(self) -> list[Publication]:
        """Give the cameras that this person is shown."""
        sources = [each.source for each in self.subscriptions if each.line.label is Label.CAMERA]
        return [source for source in sources if source is not None]

    def close(self) -> None:
        """Leave every stream."""
        self.wire.is_open = False
        for layers in self.layers.values():
            layers.close()
        for subscription in self.subscriptions:
            subscription.watch(None)

    def _find(self, packet: rtp.Packet) -> Publication | None:
        """Tell an unknown SSRC by its MID extension (RFC 9143 section 9.2), else by the only line with its type."""
        for layers in self.layers.values():
            if _said(packet, layers.line, rtp.MID) == layers.line.mid:
                rid = _said(packet, layers.line, rtp.RID) or _said(packet, layers.line, rtp.REPAIRED_RID)
                if (stream := layers.stream(rid)) is not None:
                    self.expect(packet.ssrc, stream)
                return stream
        having = [each for each in self.layers.values() if packet.payload_type in each.line.codecs]
        return having[0].stream("") if len(having) == 1 else None

    def _note_arrival(self, packet: rtp.Packet, publication: Publication, at: float) -> None:
        number = packet.extensions.get(publication.line.extensions.get(rtp.TRANSPORT_SEQUENCE, 0))
        if number is None or len(number) != 2:
            return
        self._note_number(publication, packet.ssrc, int.from_bytes(number, "big"), at)

    def _open_express(self, ssrc: int, publication: Publication) -> None:
        """From now on the stream's packets may take the short way; those of the stream before it may not."""
        self.express = {other: each for other, each in self.express.items() if each is not publication.express}
        self.express[ssrc] = publication.express
        publication.express.note = partial(self._note_number, publication, ssrc)

    def _note_number(self, publication: Publication, ssrc: int, number: int, at: float) -> None:
        self._arrivals.add(number, at)
        self._feedback_ssrc, self._heard_ssrc = publication.line.ssrc, ssrc
        self._give_feedback(at)

    def _give_feedback(self, at: float) -> None:
        if at - self._feedback_at >= _FEEDBACK_EVERY_S:
            self._feedback_at = at
            for written in self._arrivals.packets(self._feedback_ssrc, self._heard_ssrc):
                self.wire.send_rtcp(written)

    def _take_report(self, packet: AnyRtcpPacket, at: float) -> None:
        if isinstance(packet, RtcpSrPacket):
            for stream in self.streams:
                stream.relay(packet, at)
        if isinstance(packet, RtcpSrPacket | RtcpRrPacket):
            self._take_blocks(packet.reports, at)
        elif isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_APP:
            self._downlink.note(packet.fci, at)
        elif isinstance(packet, RtcpPsfbPacket | RtcpRtpfbPacket):
            ssrc = _aimed_at(packet)
            for subscription in self.subscriptions:
                if subscription.line.ssrc == ssrc:
                    subscription.heed(packet)

    def _take_blocks(self, blocks: list[RtcpReceiverInfo], at: float) -> None:
        ours = {subscription.line.ssrc: subscription for subscription in self.subscriptions}
        for block in blocks:
            if block.ssrc in ours:
                ours[block.ssrc].note(block, at)

    def _worst_viewer(self) -> Subscription | None:
        """Find whom a lone picture is too much for. Of several sizes everybody has their own."""
        viewers = [
            viewer
            for layers in self.layers.values()
            if layers.line.label.is_video and not layers.is_layered
            for viewer in layers.streams[0].subscriptions
            if viewer.rate
        ]
        return min(viewers, key=lambda viewer: (viewer.headroom, -viewer.fraction_lost), default=None)

    def _limit(self, worst: Subscription) -> None:
        before = self._ceiling.limit
        limit = self._ceiling.note(
            sent=worst.rate, remb=worst.allowance, loss=worst.fraction_lost / 256, late_s=worst.late_s
        )
        if before != FREE or limit != FREE:
            sources = [each.ssrc for each in self.streams if each.ssrc is not None]
            remb = pack_remb_fci(limit, sources)
            self.wire.send_rtcp(
                bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_APP, ssrc=self._feedback_ssrc, media_ssrc=0, fci=remb))
            )


def _said(packet: rtp.Packet, line: Line, uri: str) -> str:
    return packet.extensions.get(line.extensions.get(uri, 0), b"").decode("ascii", "replace")


def _aimed_at(packet: RtcpPsfbPacket | RtcpRtpfbPacket) -> int:
    """Tell which stream feedback is about; FIR names it in its body (RFC 5104 section 4.3.1)."""
    if isinstance(packet, RtcpPsfbPacket) and packet.media_ssrc == 0 and len(packet.fci) >= 4:
        return int.from_bytes(packet.fci[:4], "big")
    return packet.media_ssrc
