"""What arrives of one stream: loss and jitter (RFC 3550 appendix A), and which packets to ask for again. Pure."""

from dataclasses import dataclass, field

from video.media.rtp import after

MOST_MISSING = 200
ASK_AGAIN_S = 0.1
GIVE_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class Summary:
    """One report block's figures (RFC 3550 section 6.4.1); `fraction` is in 256ths since the last summary."""

    fraction: int
    lost: int
    highest: int
    jitter: int


@dataclass(slots=True)
class Reception:
    """Counts one stream's packets. `clock_rate` is in Hz, moments are in seconds."""

    clock_rate: int
    first: int = -1
    highest: int = -1
    cycles: int = 0
    received: int = 0
    jitter: float = 0.0
    leapt: bool = False
    transit: float | None = None
    """The last packet's way, in the clock's ticks; only its change means anything."""
    _expected_before: int = 0
    _received_before: int = 0
    _missing: dict[int, tuple[float, float]] = field(default_factory=dict)

    def add(self, sequence: int, timestamp: int, at: float) -> list[int] | None:
        """Count a packet. Give the sequence numbers now missed, or None when the packet came before.

        After a leap too long to repair, `leapt` is true and nothing is given.
        """
        self.leapt = False
        if self.highest < 0:
            self.first = self.highest = sequence
            self.received = 1
            return []
        if not after(sequence, self.highest):
            if self._missing.pop(sequence, None) is None:
                return None
            self.received += 1
            return []
        missed = self._advance(sequence, at)
        self.received += 1
        self._note_jitter(timestamp, at)
        return missed

    def follow(self, sequence: int, timestamp: int, at: float) -> None:
        """Count the packet that was to come next; of these, every eighth tells the jitter."""
        self.highest = sequence
        self.received += 1
        if not sequence:
            self.cycles += 1 << 16
        if not sequence & 7:
            self._note_jitter(timestamp, at)

    def catch_up(self, highest: int, count: int, wraps: int, *, jitter: float, transit: float | None) -> None:
        """Count packets that came in order and were followed elsewhere, up to `highest`."""
        self.highest = highest
        self.received += count
        self.cycles += wraps << 16
        self.jitter, self.transit = jitter, transit

    def overdue(self, at: float) -> list[int]:
        """Give what is still missing and was last asked for a while ago, oldest first; note it as asked."""
        if not self._missing:
            return []
        due = [number for number, (_, asked) in self._missing.items() if at - asked >= ASK_AGAIN_S]
        for number in due:
            self._missing[number] = (self._missing[number][0], at)
        return due

    def forget_old(self, at: float) -> bool:
        """Give up what is missing too long; true when there was any, and only a keyframe helps."""
        if not self._missing:
            return False
        old = [number for number, (since, _) in self._missing.items() if at - since >= GIVE_UP_S]
        for number in old:
            del self._missing[number]
        return bool(old)

    def summary(self) -> Summary:
        """Sum up since the last summary."""
        extended = self.cycles + self.highest
        expected = extended - self.first + 1
        interval = expected - self._expected_before
        lost_now = interval - (self.received - self._received_before)
        self._expected_before, self._received_before = expected, self.received
        fraction = min(255, (lost_now << 8) // interval) if interval > 0 and lost_now > 0 else 0
        return Summary(fraction, expected - self.received, extended & 0xFFFFFFFF, int(self.jitter))

    def _advance(self, sequence: int, at: float) -> list[int]:
        steps = (sequence - self.highest) & 0xFFFF
        before = self.highest
        if sequence < self.highest:
            self.cycles += 1 << 16
        self.highest = sequence
        if steps > MOST_MISSING:
            self.leapt = True
            self._missing.clear()
            return []
        gap = [(before + step) & 0xFFFF for step in range(1, steps)]
        self._missing.update(dict.fromkeys(gap, (at, at)))
        while len(self._missing) > MOST_MISSING:
            del self._missing[next(iter(self._missing))]
        return gap

    def _note_jitter(self, timestamp: int, at: float) -> None:
        transit = at * self.clock_rate - timestamp
        if self.transit is not None and abs(transit - self.transit) < 10 * self.clock_rate:
            self.jitter += (abs(transit - self.transit) - self.jitter) / 16
        self.transit = transit
