"""What supervision asks for, and where a signed note stands in it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

READ, APPROVE, COSIGN = DUTIES = ("read", "approve", "cosign")
"""What a supervisor does for a supervisee: reads along, approves each signed note, or signs it as well."""
RETURNED, APPROVED, COSIGNED = DECISIONS = ("returned", "approved", "cosigned")
WAITING, SENT_BACK, ANSWERED, DONE = "waiting", "sent_back", "answered", "done"
INDIVIDUAL, TRIADIC, GROUP, OBSERVED = FORMATS = ("individual", "triadic", "group", "observed")
FINAL = {APPROVE: APPROVED, COSIGN: COSIGNED}
"""The decision that ends each duty; who only reads along decides nothing."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer of a supervisor to a note, and how many addenda the note had by then."""

    kind: str
    at: datetime
    addenda: int


@dataclass(frozen=True, slots=True)
class Met:
    """Time spent together, as one of the two wrote it down."""

    minutes: int
    format: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Minutes by format that both have confirmed, and those that one of them has not."""

    by_format: tuple[tuple[str, int], ...]
    unconfirmed: int

    @property
    def confirmed(self) -> int:
        """All confirmed minutes."""
        return sum(minutes for _, minutes in self.by_format)


def stands(decisions: Sequence[Decision], *, addenda: int) -> str:
    """Tell where a note stands that must be approved or signed twice.

    One that was sent back waits for its author until words are added to it; then it waits for the supervisor again.
    """
    if not decisions:
        return WAITING
    last = max(decisions, key=lambda decision: decision.at)
    if last.kind != RETURNED:
        return DONE
    return ANSWERED if addenda > last.addenda else SENT_BACK


def runs(*, accepted_at: datetime | None, begins_on: date, ends_on: date | None, ended: bool, today: date) -> bool:
    """Tell whether a supervision gives access on a day: agreed to by both, begun, and not over."""
    return accepted_at is not None and not ended and begins_on <= today and (ends_on is None or today <= ends_on)


def total(rows: Iterable[Met]) -> Totals:
    """Add hours up; what only one of the two has written down counts apart."""
    minutes = dict.fromkeys(FORMATS, 0)
    unconfirmed = 0
    for row in rows:
        if row.confirmed:
            minutes[row.format] += row.minutes
        else:
            unconfirmed += row.minutes
    return Totals(tuple(minutes.items()), unconfirmed)


def hours(minutes: int) -> str:
    """Read minutes as `1 h 30 min`."""
    whole, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{whole} h" if whole else "", f"{rest} min" if rest or not whole else "") if part
    )
