"""What the compiled loop knows of streams: each stream's plans and account, and a port's table of streams."""

from typing import TYPE_CHECKING, Any

from video.media.datagrams import Inbox, Outbox
from video.media.nonstop import Loop, call_address
from video.media.reception import Reception

if TYPE_CHECKING:
    from video.media.express import Copy, Plan
    from video.media.lane import Lane

_MOST_LAYOUTS, _MOST_PARTS, _LONGEST_PATCH = 8, 12, 18
_MOST_STREAMS = 5000
"""In one table, which has room for 8192: a search must soon come to a free place."""
_MOST_OF_ONE = 16


class Track:
    """One stream's way through the loop. What was carried there is told by `settle`, before anybody asks for it."""

    def __init__(self, loop: Loop, lane: "Lane") -> None:
        self.stream = loop.stream()
        self._loop = loop
        self._lane = lane
        self._taught: list[tuple[Copy, Any]] = []
        self._rows: list[Any] = []
        self.stream.lane = lane.enrol(loop)

    def teach(self, start: int, plan: "Plan") -> None:
        """Let the loop carry packets of a layout, unless the plan is larger than it has room for."""
        number, copies = self.stream.layout_count, plan.copies
        patches = [patch for copy in copies for _, _, patch in copy.patches]
        most = max([len(plan.checks), *(len(copy.patches) for copy in copies)])
        if number >= _MOST_LAYOUTS or most > _MOST_PARTS or any(len(patch) > _LONGEST_PATCH for patch in patches):
            return
        layout = self.stream.layouts[number]
        layout.start, layout.type, layout.renumbers = start, plan.payload_type, plan.renumbers
        layout.payload_at, layout.transport_at = plan.payload_at, plan.transport_at
        layout.check_count, layout.copy_count = len(plan.checks), len(copies)
        for place, check in enumerate(plan.checks):
            layout.checks[place].at, layout.checks[place].octet = check
        row = self._loop.new("copy", max(1, len(copies)))
        for place, copy in enumerate(copies):
            self._fill(row[place], copy)
            self._taught.append((copy, row[place]))
        self._rows.append(row)
        layout.copies = row
        self.stream.layout_count = number + 1

    def forget(self) -> None:
        """Let the loop carry nothing until it is taught anew. Settle before."""
        self.stream.armed = self.stream.layout_count = 0
        self._taught, self._rows = [], []

    def start_over(self) -> None:
        """Forget the packets too: they are another stream's. Settle before."""
        self.forget()
        self._loop.calls.nonstop_clear(self.stream)

    def arm(self, ssrc: int, reception: Reception) -> None:
        """Let the loop go on from here."""
        stream = self.stream
        stream.ssrc, stream.clock_rate = ssrc, reception.clock_rate
        stream.next = (reception.highest + 1) & 0xFFFF
        stream.jitter, stream.timed = reception.jitter, reception.transit is not None
        stream.transit = reception.transit or 0.0
        stream.armed = 1

    def halt(self) -> None:
        """Let the loop carry nothing until it is armed again: the numbers change."""
        self.stream.armed = 0

    def settle(self, reception: Reception) -> tuple[bytes, float] | None:
        """Bring the account up to date; give the last packet that was carried since, and when it came."""
        stream = self.stream
        for copy, cell in self._taught:
            copy.subscription.packets += cell.packets
            copy.subscription.octets += cell.octets
            cell.packets = cell.octets = 0
        if not stream.count:
            return None
        last = (stream.next - 1) & 0xFFFF
        transit = stream.transit if stream.timed else None
        reception.catch_up(last, stream.count, stream.wraps, jitter=stream.jitter, transit=transit)
        stream.count = stream.wraps = 0
        raw = self.kept(last)
        return (raw, stream.at) if raw else None

    def kept(self, sequence: int) -> bytes | None:
        """Find a recent packet; empty when another lies in its place, None when the place is free."""
        kept = self._loop.calls.nonstop_kept(self.stream, sequence)
        if not kept.length:
            return None
        return self._loop.copied(kept.data, kept.length) if kept.sequence == sequence else b""

    def give_way(self, sequence: int) -> None:
        """Free a packet's place: from now on it lies elsewhere."""
        self._loop.calls.nonstop_kept(self.stream, sequence).length = 0

    def _fill(self, cell: Any, copy: "Copy") -> None:
        shift = copy.shift
        cell.lane = copy.lane.enrol(self._loop)
        cell.ssrc, cell.type, cell.sent_at = copy.ssrc, copy.payload_type, copy.sent_at
        cell.sequence, cell.timestamp = shift.sequence & 0xFFFF, shift.timestamp & 0xFFFFFFFF
        cell.picture, cell.layer = shift.picture & 0x7FFF, shift.layer & 0xFF
        cell.patch_count = len(copy.patches)
        for place, (begin, _, octets) in enumerate(copy.patches):
            patch = cell.patches[place]
            patch.at, patch.length = begin, len(octets)
            patch.octets[0 : len(octets)] = octets


class Table:
    """The streams that come to one port, by their sender's address and their SSRC."""

    def __init__(self, loop: Loop, descriptor: int, inbox: Inbox, outbox: Outbox, *, key_length: int) -> None:
        self.loop = loop
        self.port = loop.new("port")
        self.port.descriptor, self.port.key_length = descriptor, key_length
        self.port.incoming, self.port.outgoing = (loop.pointer(each.start) for each in (inbox, outbox))
        self.port.protect, self.port.unprotect = (
            loop.pointer(call_address(name)) for name in ("srtp_protect", "srtp_unprotect")
        )
        self._outbox = outbox
        self._known: dict[bytes, dict[int, Track]] = {}
        self._count = 0

    def take(self, received: int, at: float, stamp: int) -> tuple[list[int], list[int]]:
        """Carry what can be; give the places of the packets that are left, and of those whose lane has news to tell."""
        port = self.port
        port.count = self._outbox.count
        self.loop.calls.nonstop_take(port, received, at, stamp)
        self._outbox.count = port.count
        return self.loop.row(port.left, port.left_count), self.loop.row(port.due, port.due_count)

    def enlist(self, key: bytes, track: Track) -> None:
        """Find a stream from now on."""
        ssrc = track.stream.ssrc
        tracks = self._known.setdefault(key, {})
        if tracks.get(ssrc) is track:
            return
        if ssrc not in tracks:
            if len(tracks) >= _MOST_OF_ONE or self._count >= _MOST_STREAMS:
                return
            self._count += 1
        tracks[ssrc] = track
        self.loop.calls.nonstop_put(self.port, key, ssrc, track.stream)

    def forget(self, key: bytes) -> None:
        """Find no stream of this sender any more."""
        self._count -= len(self._known.pop(key, ()))
        self.loop.calls.nonstop_reset(self.port)
        for each, tracks in self._known.items():
            for ssrc, track in tracks.items():
                self.loop.calls.nonstop_put(self.port, each, ssrc, track.stream)
