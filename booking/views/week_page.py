"""What the pages of a day and a week show: hours, time off, sessions with their buffers, and where now is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from booking import agenda, availability, policy, published, queries
from booking.agenda import Hours, Stretch, days_from
from booking.groups import queries as groups
from booking.groups.queries import Gathering
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED, GroupSession
from booking.models.hours import TimeOff
from booking.policy import HELD, Side
from practice.core.spans import Span
from practice.models import Person

USUAL = Hours(8, 18)


@dataclass(frozen=True, slots=True)
class Entry:
    """One session in its place."""

    appointment: Appointment
    place: Stretch
    classes: str
    short: bool
    their_zone: str
    """The client's zone where it reads differently, else empty."""
    movable: bool


@dataclass(frozen=True, slots=True)
class SharedEntry:
    """One session that several people share, in its place: one entry, however many come."""

    gathering: Gathering
    place: Stretch
    classes: str
    short: bool


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
    shared: list[SharedEntry]
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
    appointments: Sequence[Appointment]
    gatherings: Sequence[Gathering]
    openings: list[Span]
    away: Sequence[TimeOff]

    @property
    def spans(self) -> list[Span]:
        """All that must be in sight."""
        return [*self.openings, *(each.span for each in self.appointments), *(each.span for each in self.sessions)]

    @property
    def sessions(self) -> list[GroupSession]:
        """The sessions that several people share."""
        return [each.session for each in self.gatherings]


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
        [each for each in queries.agenda(counselor, window, now) if each.group_session_id is None],
        groups.between(counselor, window, now),
        availability.opening_hours(counselor.id, window, now),
        published.time_off_of(counselor.id, window),
    )


def _laid_out(loaded: _Week, days: Sequence[date], shown: Sequence[date], *, quiet: bool) -> Week:
    seen = [stretch for span in loaded.spans for each in days if (stretch := agenda.on(span, each, loaded.zone))]
    hours = agenda.shown(seen, usual=USUAL)
    standing = [each.span for each in loaded.appointments if each.confirmed_at is not None]
    standing += [each.span for each in loaded.sessions if each.status == SCHEDULED]
    return Week(
        days=[_day(loaded, each, hours) for each in shown],
        hours=hours,
        has_quiet_weekend=quiet,
        count=len(standing),
        minutes=sum(span.minutes for span in standing),
    )


def _day(week: _Week, day: date, hours: Hours) -> Day:
    today = week.now.astimezone(week.zone)
    minute = today.hour * 60 + today.minute
    shown = [(each, agenda.on(each.span, day, week.zone)) for each in week.appointments]
    return Day(
        day=day,
        is_today=today.date() == day,
        is_past=day < today.date(),
        openings=[Block(piece.classes) for span in week.openings for piece in _pieces(span, day, week.zone, hours)],
        away=_away(week, day, hours),
        buffers=[Block(piece.classes) for span in _kept_free(week) for piece in _pieces(span, day, week.zone, hours)],
        entries=_entries([(each, stretch) for each, stretch in shown if stretch is not None], week.now),
        shared=_shared(week, day),
        now=Stretch(minute, minute + 1)
        if today.date() == day and hours.first * 60 <= minute < hours.last * 60
        else None,
    )


def _entries(placed: list[tuple[Appointment, Stretch]], now: datetime) -> list[Entry]:
    lanes = agenda.lanes([stretch for _, stretch in placed])
    return [
        Entry(
            appointment,
            stretch,
            f"week-{appointment.status} {stretch.classes} {lane.classes}".rstrip(),
            short=stretch.ends - stretch.begins < 40,
            their_zone=_their_zone(appointment),
            movable=policy.refusal_to_move(appointment.standing, Side.COUNSELOR, now) is None,
        )
        for (appointment, stretch), lane in zip(placed, lanes, strict=True)
    ]


def _shared(week: _Week, day: date) -> list[SharedEntry]:
    placed = [(each, agenda.on(each.session.span, day, week.zone)) for each in week.gatherings]
    return [
        SharedEntry(
            each,
            stretch,
            f"week-{'held' if each.session.status == HELD else 'confirmed'} {stretch.classes}",
            short=stretch.ends - stretch.begins < 40,
        )
        for each, stretch in placed
        if stretch is not None
    ]


def _their_zone(appointment: Appointment) -> str:
    here, there = (
        appointment.starts_at.astimezone(ZoneInfo(person.zone)).utcoffset()
        for person in (appointment.counselor, appointment.client)
    )
    return "" if here == there else appointment.client.zone


def _away(week: _Week, day: date, hours: Hours) -> list[Block]:
    return [
        Block(piece.classes, "" if place else each.label or "Away")
        for each in week.away
        for place, piece in enumerate(_pieces(Span(each.starts_at, each.ends_at), day, week.zone, hours))
    ]


def _kept_free(week: _Week) -> list[Span]:
    taken = [(each.blocked, each.span) for each in week.appointments]
    taken += [(each.blocked, each.span) for each in week.sessions]
    edges = [
        edge
        for blocked, span in taken
        for edge in ((blocked.starts_at, span.starts_at), (span.ends_at, blocked.ends_at))
    ]
    return [Span(begins, ends) for begins, ends in edges if begins < ends]


def _pieces(span: Span, day: date, zone: ZoneInfo, hours: Hours) -> list[Stretch]:
    stretch = agenda.on(span, day, zone)
    clipped = hours.clip(stretch) if stretch else None
    return agenda.pieces(clipped) if clipped else []
