"""The short way of a packet: in order, of a layout seen before, to viewers who are under way.

It is copied, patched and encrypted where it goes out from; what to patch is worked out once for each layout of header
extensions. Anything else takes the long way, through `Publication.take`, which keeps the same account.
"""

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from pylibsrtp._binding import lib

from video.media import rtp, vp8
from video.media.datagrams import OUTGOING
from video.media.lane import Lane
from video.media.lines import Codec
from video.media.nonstop import Loop
from video.media.track import Track

if TYPE_CHECKING:
    from video.media.numbering import Shift
    from video.media.publication import Publication
    from video.media.subscription import Subscription

_write_start = struct.Struct("!BHII").pack_into
_protect = lib.srtp_protect
_EXTENDED = 0x90  # version 2, one extension, neither padding nor contributing sources
_DESCRIPTOR = 8
_LONGEST = 1800
_MOST_LAYOUTS = 32
_STAYS_HERE = (rtp.TRANSPORT_SEQUENCE, rtp.RID, rtp.REPAIRED_RID)
"""What a sender tells us and no viewer."""


class Copy(NamedTuple):
    """One viewer's share of a plan; `patches` are begin, end and the bytes between."""

    subscription: "Subscription"
    lane: Lane
    ssrc: int
    payload_type: int
    shift: "Shift"
    sent_at: int
    patches: tuple[tuple[int, int, bytes], ...]


class Plan(NamedTuple):
    """What packets of one layout need. `checks` are places and bytes that tell the layout, beyond its first element."""

    payload_type: int
    payload_at: int
    checks: tuple[tuple[int, int], ...]
    transport_at: int
    renumbers: bool
    copies: tuple[Copy, ...]


class Express:
    """The short way of one publication."""

    def __init__(self, publication: "Publication") -> None:
        self.note: Callable[[int, float], None] | None = None
        self._publication = publication
        self._plans: dict[int, Plan | None] = {}
        self._latest: tuple[bytes, float] | None = None
        self._track: Track | None = None

    def forget(self) -> None:
        """Work everything out anew: somebody came, went, or is further on."""
        self._plans.clear()
        if self._track is not None:
            self._track.forget()

    def start_over(self) -> None:
        """Forget the packets too: another stream begins."""
        self.forget()
        if self._track is not None:
            self._track.start_over()

    def halt(self) -> None:
        """Let the next packet be looked at here: the numbers change."""
        if self._track is not None:
            self._track.halt()

    def latest(self) -> tuple[bytes, float] | None:
        """Give the last packet that went this way since the last call, and when it came; the account is true then."""
        self._settle()
        latest, self._latest = self._latest, None
        return latest

    def kept(self, sequence: int) -> bytes | None:
        """Find a packet that the compiled loop carried; empty when it has another there, None when it has none."""
        return self._track.kept(sequence) if self._track is not None else None

    def give_way(self, sequence: int) -> None:
        """Leave the keeping of a packet to the publication."""
        if self._track is not None:
            self._track.give_way(sequence)

    def embark(self, loop: Loop, lane: Lane) -> Track:
        """Let the compiled loop carry what comes next."""
        publication = self._publication
        if self._track is None:
            self._track = Track(loop, lane)
        if self._plans and not self._track.stream.layout_count:
            for layout, plan in self._plans.items():
                if plan is not None:
                    self._track.teach(layout, plan)
        if publication.ssrc is not None and publication.reception is not None:
            self._track.arm(publication.ssrc, publication.reception)
        return self._track

    def carry(self, view: memoryview, length: int, start: tuple[int, ...], stamp: bytes, at: float) -> bool:
        """Send a decrypted packet on. False when it must take the long way."""
        first, second, sequence, timestamp, _, extension, element = start
        if first != _EXTENDED or length > _LONGEST:
            return False
        self._settle()
        layout = extension << 8 | element
        plan = self._plans[layout] if layout in self._plans else self._learn(view, length, layout)
        reception = self._publication.reception
        if plan is None or reception is None or sequence != (reception.highest + 1) & 0xFFFF:
            return False
        if second & 0x7F != plan.payload_type or length < plan.payload_at:
            return False
        for place, octet in plan.checks:
            if view[place] != octet:
                return False
        reception.follow(sequence, timestamp, at)
        raw = bytes(view[:length])
        self._publication.keep(sequence, raw)
        self._latest = raw, at
        if plan.transport_at and self.note is not None:
            self.note(view[plan.transport_at] << 8 | view[plan.transport_at + 1], at)
        _send(plan, raw, sequence, timestamp, stamp)
        return True

    def _learn(self, view: memoryview, length: int, layout: int) -> Plan | None:
        if len(self._plans) >= _MOST_LAYOUTS:
            return None
        plan = self._plans[layout] = _plan(self._publication, bytes(view[:length]))
        if plan is not None and self._track is not None:
            self._track.teach(layout, plan)
        return plan

    def _settle(self) -> None:
        reception = self._publication.reception
        if self._track is not None and reception is not None:
            self._latest = self._track.settle(reception) or self._latest


def _send(plan: Plan, raw: bytes, sequence: int, timestamp: int, stamp: bytes) -> None:
    length, mark, at = len(raw), raw[1] & 0x80, plan.payload_at
    descriptor = vp8.describe(raw[at : at + _DESCRIPTOR]) if plan.renumbers else None
    for subscription, lane, ssrc, payload_type, shift, sent_at, patches in plan.copies:
        outbox, port = lane.outbox, lane.port
        if not lane.is_open or outbox is None or port is None:
            continue
        place = outbox.count
        if place >= OUTGOING:
            port.flush()
            place = 0
        view = outbox.views[place]
        view[:length] = raw
        _write_start(
            view, 1, mark | payload_type, (sequence + shift.sequence) & 0xFFFF,
            (timestamp + shift.timestamp) & 0xFFFFFFFF, ssrc,
        )  # fmt: skip
        for begin, end, patch in patches:
            view[begin:end] = patch
        if sent_at:
            view[sent_at : sent_at + 3] = stamp
        if descriptor is not None:
            vp8.shift(view, at, descriptor, shift.picture, shift.layer)
        outbox.lengths[2 * place + 1] = length
        if _protect(lane.sending, outbox.pointers[place], outbox.length_pointers[place]):
            continue
        outbox.names[8 * place] = lane.target.pointer
        outbox.count = place + 1
        subscription.packets += 1
        subscription.octets += length - at
        if not port.is_busy:
            port.flush()


def _plan(publication: "Publication", raw: bytes) -> Plan | None:
    """Work out what packets of this layout need; None while they must take the long way."""
    try:
        payload_at, elements = rtp.elements(raw)
    except rtp.MalformedPacketError:
        return None
    payload_type = raw[1] & 0x7F
    codec = publication.line.codecs.get(payload_type)
    if codec is None or codec.repairs is not None:
        return None
    if publication.comers:
        return None
    copies = []
    for subscription in publication.subscriptions:
        if not subscription.wire.is_open:
            continue
        copy = _copy(publication, subscription, codec, elements)
        if copy is None:
            return None
        copies.append(copy)
    places = {number: place for number, place, length in elements if length == 2}
    return Plan(
        payload_type,
        payload_at,
        tuple((place - 1, raw[place - 1]) for _, place, _ in elements[1:]),
        places.get(publication.line.extensions.get(rtp.TRANSPORT_SEQUENCE, 0), 0),
        codec.name == "vp8" and any(copy.shift.picture or copy.shift.layer for copy in copies),
        tuple(copies),
    )


def _copy(
    publication: "Publication", subscription: "Subscription", codec: Codec, elements: list[tuple[int, int, int]]
) -> Copy | None:
    shift, payload_type = subscription.shift, subscription.unchanged_type(codec)
    if shift is None or payload_type is None or not isinstance(subscription.wire, Lane):
        return None
    names: dict[Any, str] = {number: uri for uri, number in publication.line.extensions.items()}
    sent_at, patches = 0, []
    for number, place, length in elements:
        uri = names.get(number, "")
        theirs = subscription.line.extensions.get(uri, 0)
        value = subscription.line.mid.encode() if uri == rtp.MID else b""
        if uri in _STAYS_HERE or not rtp.fits(theirs) or (uri == rtp.MID and len(value) != length):
            patches.append((place - 1, place + length, bytes(length + 1)))  # padding (RFC 8285 section 4.2)
            continue
        patches.append((place - 1, place + len(value), bytes([theirs << 4 | (length - 1)]) + value))
        if uri == rtp.ABS_SEND_TIME and length == 3:
            sent_at = place
    line = subscription.line
    return Copy(subscription, subscription.wire, line.ssrc, payload_type, shift, sent_at, tuple(patches))
