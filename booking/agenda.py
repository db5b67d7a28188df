"""Where things stand on the page of a week, read off the wall clock. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from practice.core.spans import Span

MIDNIGHT = 24 * 60
_LONGEST = 12 * 60
_GRAIN = 5


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Part of one day: minutes after midnight on the wall, half-open."""

    begins: int
    ends: int

    @property
    def classes(self) -> str:
        """Name the hour, the minute and the length, as the style sheet places them."""
        length = max(_GRAIN, -(-(self.ends - self.begins) // _GRAIN) * _GRAIN)
        return f"at-{self.begins // 60} m-{self.begins % 60} for-{min(length, _LONGEST)}"


@dataclass(frozen=True, slots=True)
class Lane:
    """A column within a day, counted from 1, and how many columns stand there side by side."""

    number: int
    count: int

    @property
    def classes(self) -> str:
        """Name the column, or nothing when the whole day is there to be filled."""
        return "" if self.count == 1 else f"lane-{self.number} of-{self.count}"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours a week shows, from one full hour to another."""

    first: int
    last: int

    @property
    def each(self) -> range:
        """Every full hour that has a line."""
        return range(self.first, self.last)

    def clip(self, stretch: Stretch) -> Stretch | None:
        """Cut a stretch to what is shown."""
        begins, ends = max(stretch.begins, self.first * 60), min(stretch.ends, self.last * 60)
        return Stretch(begins, ends) if begins < ends else None


def week_of(day: date) -> list[date]:
    """Return the seven days of the week a day lies in, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=step) for step in range(7)]


def days_from(first: date, count: int, zone: ZoneInfo) -> Span:
    """Return the span of whole days on a wall."""
    return Span(_midnight(first, zone), _midnight(first + timedelta(days=count), zone))


def on(span: Span, day: date, zone: ZoneInfo) -> Stretch | None:
    """Return the part of a span that falls on a day, or None when there is none."""
    begins, ends = _wall(span.starts_at, day, zone), _wall(span.ends_at, day, zone)
    if begins >= MIDNIGHT or ends <= 0:
        return None
    # Clocks that go back during the span would turn it around; it then shows at its own length.
    return Stretch(begins, ends if ends > begins else min(begins + span.minutes, MIDNIGHT))


def pieces(stretch: Stretch) -> list[Stretch]:
    """Cut a stretch into lengths that the style sheet knows."""
    return [
        Stretch(begins, min(begins + _LONGEST, stretch.ends))
        for begins in range(stretch.begins, stretch.ends, _LONGEST)
    ]


def shown(stretches: Iterable[Stretch], *, usual: Hours) -> Hours:
    """Choose the hours a week shows: the usual ones, and more where something lies outside."""
    seen = list(stretches)
    first = min((each.begins // 60 for each in seen), default=usual.first)
    last = max((-(-each.ends // 60) for each in seen), default=usual.last)
    return Hours(min(first, usual.first), max(last, usual.last))


def lanes(stretches: Sequence[Stretch]) -> list[Lane]:
    """Put what overlaps side by side, in as few columns as will do; the answer is in the order given."""
    placed: dict[int, Lane] = {}
    for cluster in _clusters(stretches):
        ends: list[int] = []
        column: dict[int, int] = {}
        for index in cluster:
            free = next((lane for lane, end in enumerate(ends) if end <= stretches[index].begins), len(ends))
            ends[free : free + 1] = [stretches[index].ends]
            column[index] = free
        placed |= {index: Lane(lane + 1, len(ends)) for index, lane in column.items()}
    return [placed[index] for index in range(len(stretches))]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _clusters(stretches: Sequence[Stretch]) -> list[list[int]]:
    """Group what overlaps, directly or through others."""
    groups: list[list[int]] = []
    reach = -1
    for index in sorted(range(len(stretches)), key=lambda each: stretches[each]):
        if not groups or stretches[index].begins >= reach:
            groups.append([])
        groups[-1].append(index)
        reach = max(reach, stretches[index].ends)
    return groups


def _wall(instant: datetime, day: date, zone: ZoneInfo) -> int:
    local = instant.astimezone(zone)
    days = (local.date() - day).days
    if days:
        return 0 if days < 0 else MIDNIGHT
    return local.hour * 60 + local.minute
