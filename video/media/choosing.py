"""How large a picture one viewer gets of somebody who sends several sizes. Pure: one reading a second goes in.

As large as they show it, and no larger than their way carries: down soon, up slowly, and more slowly each time it was
too early, as the page's own ladder does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEAVY_LOSS, LIGHT_LOSS, LATE_S = 0.1, 0.02, 0.1
_WEAK_SECONDS = 2
_PATIENCE_S, _LONGEST_PATIENCE_S = 3, 80
_TOO_EARLY_S, _STEADY_S = 15, 60
_NEARLY = 0.75
"""A picture of at least this share of the height it is shown at looks whole."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A viewer's last second: bit/s sent to them, how many their browser says it can take, share lost, added delay."""

    sent: int
    remb: int | None
    loss: float
    late_s: float

    @property
    def is_weak(self) -> bool:
        """Whether it was too much; a REMB follows what arrives, so it counts only where packets suffer too."""
        suffers = self.loss > LIGHT_LOSS or self.late_s > LATE_S
        return self.loss > HEAVY_LOSS or (self.remb is not None and self.remb < 0.95 * self.sent and suffers)


@dataclass(slots=True)
class Choice:
    """How high in the row of sizes, the smallest being 0, one viewer's way reaches."""

    most: int
    weak: int = 0
    fine: int = 0
    since: int = 0
    patience: int = _PATIENCE_S
    climbed: bool = False

    def note(self, reading: Reading, *, highest: int, now: int | None) -> int:
        """Take in a second of the size they get `now`, None being none; it proves nothing for larger ones."""
        is_held = now is None or now < self.most
        self.since += 1
        self.weak = self.weak + 1 if reading.is_weak else max(0, self.weak - 1)
        self.fine = 0 if reading.is_weak or is_held else self.fine + 1
        if self.climbed and self.since > _STEADY_S:
            self.patience = _PATIENCE_S
        if self.weak >= _WEAK_SECONDS and self.most:
            self._step(max(0, (self.most if now is None else min(self.most, now)) - 1))
        elif self.fine >= self.patience and self.most < highest:
            self._step(self.most + 1)
        return self.most

    def leave(self, to: int) -> None:
        """Go down from a size that stopped; it is tried again as after a weak way, ever more seldom."""
        if to < self.most:
            self._step(to)

    def _step(self, to: int) -> None:
        if to < self.most and self.climbed and self.since < _TOO_EARLY_S:
            self.patience = min(_LONGEST_PATIENCE_S, 2 * self.patience)
        self.climbed = to > self.most
        self.most = to
        self.weak = self.fine = self.since = 0


def enough(heights: Sequence[int], shown: int | None) -> int:
    """Give the smallest size that still looks whole at a height in px; the largest when nobody said how high.

    A height of 0 in the row is one not known yet: it is taken for twice the one before it.
    """
    before = 0
    for place, height in enumerate(heights):
        before = height or 2 * before
        if shown is not None and before >= _NEARLY * shown:
            return place
    return len(heights) - 1


def nearest(wanted: int, living: Sequence[bool]) -> int | None:
    """Give the largest living size up to the wanted one, else the smallest that lives; None when none does."""
    below = [place for place, lives in enumerate(living) if lives and place <= wanted]
    above = [place for place, lives in enumerate(living) if lives and place > wanted]
    return below[-1] if below else above[0] if above else None
