"""What the pages of a day and a week show: hours, time off, sessions with their buffers, and where now is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from booking import agenda, availability, calendar_entries, policy, published
from booking.agenda import Hours, Stretch, days_from
from booking.calendar_entries import Standing
from booking.models.appointments import Appointment
from booking.models.hours import TimeOff
from booking.policy import Side
from practice.core.spans import Span
from practice.models import Person

USUAL = Hours(8, 18)


@dataclass(frozen=True, slots=True)
class Entry:
    """One session in its place."""

    standing: Standing
    place: Stretch
    classes: str
    short: bool
    their_zone: str
    """The client's zone where it reads differently, else empty."""
    movable: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch that is not a session: open, away or kept free."""

    classes: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One column."""

    day: date
    is_today: bool
    is_past: bool
    openings: list[Block]
    away: list[Block]
    buffers: list[Block]
    entries: list[Entry]
    now: Stretch | None


@dataclass(frozen=True, slots=True)
class Week:
    """The whole page."""

    days: list[Day]
    hours: Hours
    has_quiet_weekend: bool
    count: int
    minutes: int

    @property
    def first(self) -> date:
        """Its Monday."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """The last day shown."""
        return self.days[-1].day


@dataclass(frozen=True, slots=True)
class _Week:
    """What was loaded, before it has places."""

    zone: ZoneInfo
    now: datetime
    entries: Sequence[Standing]
    openings: list[Span]
    away: Sequence[TimeOff]
    busy: Sequence[Span]
    """When calendars kept elsewhere say so."""

    @property
    def spans(self) -> list[Span]:
        """All that must be in sight."""
        return [*self.openings, *(each.span for each in self.entries)]


def week_page(counselor: Person, day: date, now: datetime, *, whole: bool) -> Week:
    """Lay out the week a day lies in; a weekend without hours or sessions is left away unless asked for or present."""
    zone, days = ZoneInfo(counselor.zone), agenda.week_of(day)
    loaded = _load(counselor, days, now)
    quiet = now.astimezone(zone).date() not in days[5:] and not any(
        agenda.on(span, weekend, zone) for span in loaded.spans for weekend in days[5:]
    )
    return _laid_out(loaded, days, days[:5] if quiet and not whole else days, quiet=quiet)


def day_page(counselor: Person, day: date, now: datetime) -> Week:
    """Lay out one day the same way."""
    return _laid_out(_load(counselor, [day], now), [day], [day], quiet=False)


def _load(counselor: Person, days: Sequence[date], now: datetime) -> _Week:
    window = days_from(days[0], len(days), ZoneInfo(counselor.zone))
    return _Week(
        ZoneInfo(counselor.zone),
        now,
        calendar_entries.standing(counselor, window, now),
        availability.opening_hours(counselor.id, window, now),
        published.time_off_of(counselor.id, window),
        calendar_entries.busy_elsewhere(counselor.id, window),
    )


def _laid_out(loaded: _Week, days: Sequence[date], shown: Sequence[date], *, quiet: bool) -> Week:
    seen = [stretch for span in loaded.spans for each in days if (stretch := agenda.on(span, each, loaded.zone))]
    hours = agenda.shown(seen, usual=USUAL)
    standing = [each for each in loaded.entries if each.counts]
    return Week(
        days=[_day(loaded, each, hours) for each in shown],
        hours=hours,
        has_quiet_weekend=quiet,
        count=len(standing),
        minutes=sum(each.span.minutes for each in standing),
    )


def _day(week: _Week, day: date, hours: Hours) -> Day:
    today = week.now.astimezone(week.zone)
    minute = today.hour * 60 + today.minute
    shown = [(each, agenda.on(each.span, day, week.zone)) for each in week.entries]
    return Day(
        day=day,
        is_today=today.date() == day,
        is_past=day < today.date(),
        openings=[Block(piece.classes) for span in week.openings for piece in _pieces(span, day, week.zone, hours)],
        away=_away(week, day, hours),
        buffers=[
            Block(piece.classes)
            for each in week.entries
            for span in _buffers(each)
            for piece in _pieces(span, day, week.zone, hours)
        ],
        entries=_entries([(each, stretch) for each, stretch in shown if stretch is not None], week.now),
        now=Stretch(minute, minute + 1)
        if today.date() == day and hours.first * 60 <= minute < hours.last * 60
        else None,
    )


def _entries(placed: list[tuple[Standing, Stretch]], now: datetime) -> list[Entry]:
    lanes = agenda.lanes([stretch for _, stretch in placed])
    return [
        Entry(
            standing,
            stretch,
            f"week-{standing.status} {stretch.classes} {lane.classes}".rstrip(),
            short=stretch.ends - stretch.begins < 40,
            their_zone=_their_zone(standing.appointment) if standing.appointment else "",
            movable=standing.appointment is not None
            and policy.refusal_to_move(standing.appointment.standing, Side.COUNSELOR, now) is None,
        )
        for (standing, stretch), lane in zip(placed, lanes, strict=True)
    ]


def _their_zone(appointment: Appointment) -> str:
    here, there = (
        appointment.starts_at.astimezone(ZoneInfo(person.zone)).utcoffset()
        for person in (appointment.counselor, appointment.client)
    )
    return "" if here == there else appointment.client.zone


def _away(week: _Week, day: date, hours: Hours) -> list[Block]:
    spans = [(Span(each.starts_at, each.ends_at), each.label or "Away") for each in week.away]
    spans += [(span, "Busy elsewhere") for span in week.busy]
    return [
        Block(piece.classes, "" if place else label)
        for span, label in spans
        for place, piece in enumerate(_pieces(span, day, week.zone, hours))
    ]


def _buffers(standing: Standing) -> list[Span]:
    span, blocked = standing.span, standing.blocked
    edges = ((blocked.starts_at, span.starts_at), (span.ends_at, blocked.ends_at))
    return [Span(begins, ends) for begins, ends in edges if begins < ends]


def _pieces(span: Span, day: date, zone: ZoneInfo, hours: Hours) -> list[Stretch]:
    stretch = agenda.on(span, day, zone)
    clipped = hours.clip(stretch) if stretch else None
    return agenda.pieces(clipped) if clipped else []
