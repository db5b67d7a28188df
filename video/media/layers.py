"""What a person publishes on one m-line: one stream, or the same picture in several sizes (simulcast, RFC 8853).

Whoever watches gets one of the sizes, changed where a whole picture begins, so that one weak way spoils nobody else's.
"""

from typing import TYPE_CHECKING

from video.media.choosing import Choice, Reading, enough, nearest
from video.media.lines import Line
from video.media.publication import Publication
from video.media.wire import Wire

if TYPE_CHECKING:
    from video.media.subscription import Subscription

_FIRST = 1
"""Which size somebody begins with: neither the one that hurts a weak way nor the one that looks poor on a good one."""
_STOPPED_S = 0.4
"""A size that is so much behind another has stopped: all of them are made of the same pictures."""


class Layers:
    """The streams of one m-line by their RID (RFC 8851), the smallest first; without RIDs there is one."""

    def __init__(self, line: Line, wire: Wire, rids: tuple[str, ...] = ()) -> None:
        self.line = line
        self._rids = rids
        self.streams = [Publication(line, wire) for _ in rids or ("",)]
        self._choices: dict[Subscription, Choice] = {}
        self._came = [(0, 0.0)] * len(self.streams)
        """How many packets of each size came, and when that was last seen to grow."""

    @property
    def is_layered(self) -> bool:
        """Whether there are several sizes."""
        return len(self.streams) > 1

    @property
    def top(self) -> int:
        """The largest size that anybody watches or would watch: those beyond it need not be sent."""
        return max((self._reach(viewer) for viewer in self._choices), default=min(_FIRST, len(self.streams) - 1))

    @property
    def lost_to_viewers(self) -> float:
        """Tell which share of it whoever fares worst lost lately."""
        return max(stream.lost_to_viewers for stream in self.streams)

    def stream(self, rid: str) -> Publication | None:
        """Find the stream of a size."""
        if not self.is_layered:
            return self.streams[0]
        return self.streams[self._rids.index(rid)] if rid in self._rids else None

    def welcome(self, viewer: "Subscription") -> None:
        """Let somebody watch."""
        self._choices[viewer] = Choice(most=min(_FIRST, len(self.streams) - 1))
        living = [stream.ssrc is not None for stream in self.streams]
        first = nearest(_FIRST, living)
        viewer.attach(self.streams[0 if first is None else first])

    def dismiss(self, viewer: "Subscription") -> None:
        """Let somebody watch no longer."""
        self._choices.pop(viewer, None)
        viewer.attach(None)

    def tend(self, at: float) -> None:
        """Leave nobody with a size that stopped coming while another comes. Call every 100 ms or so."""
        if not self.is_layered:
            return
        counts = [stream.received for stream in self.streams]
        self._came = [came if came[0] == count else (count, at) for came, count in zip(self._came, counts, strict=True)]
        latest = max(seen_at for _, seen_at in self._came)
        living = [count > 0 and latest - seen_at < _STOPPED_S for count, seen_at in self._came]
        for viewer, choice in self._choices.items():
            place = None if viewer.source is None else self.streams.index(viewer.source)
            if place is not None and not living[place] and (other := nearest(place, living)) is not None:
                viewer.move(self.streams[other])
                choice.leave(other)

    def review(self) -> None:
        """Give everybody the size that suits them. Call every second."""
        living = [stream.moved() for stream in self.streams]
        if not self.is_layered:
            return
        for viewer, choice in self._choices.items():
            before = viewer.source
            reading = Reading(viewer.rate, viewer.allowance, viewer.fraction_lost / 256, viewer.late_s)
            now = None if before is None else self.streams.index(before)
            choice.note(reading, highest=len(self.streams) - 1, now=now)
            place = nearest(min(choice.most, self._enough(viewer)), living)
            if place is not None:
                viewer.move(self.streams[place])

    def close(self) -> None:
        """Take the picture away from whoever watches it."""
        for viewer in list(self._choices):
            viewer.watch(None)

    def _enough(self, viewer: "Subscription") -> int:
        return enough([stream.size[1] for stream in self.streams], viewer.shown)

    def _reach(self, viewer: "Subscription") -> int:
        """How far up somebody watches, or would if their way and the sender's let them."""
        now = self.streams.index(viewer.source) if viewer.source is not None else 0
        return max(now, min(self._choices[viewer].most + 1, self._enough(viewer)))
