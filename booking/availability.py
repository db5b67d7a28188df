"""Loads what decides when counselors are free, for any number of them in two queries, and asks the slots engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from booking import particulars
from booking.diary_rows import (
    AWAY,
    HAS_LIMITS,
    HAS_PLANS,
    HOLIDAY,
    OVERRIDE,
    RESTARTS,
    RULES,
    WEEKLY,
    Row,
    read,
)
from booking.glance import with_anyone
from booking.hours import DAY, Hours, instant_of, instants_of, minute_of, tidy
from booking.limits import Stretch
from booking.live import still_live
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.particulars import Particulars
from booking.slots import Diary, Need, Rules, clear_of, free_starts
from booking.timetables import ANY, Kind, Scope, Special, Timetable, openings
from practice.core.db import db
from practice.core.spans import Span

FAR = 10 * 366
"""Days: as far as a counselor may look beyond their own horizon."""
NEAR_DAYS = (8, 36, 366)
"""How far `next_free` looks at first, and again for those who had nothing."""


def need_of(service: Service, mode: str | None = None) -> Need:
    """Return what an appointment for this service takes, held in a way it offers: the usual one if none is named."""
    kind = Kind(service.id, mode or service.modes[0])
    return Need(service.minutes, service.buffer_before, service.buffer_after, kind)


def free_times(
    counselor_id: int,
    need: Need,
    window: Span,
    now: datetime,
    *,
    client_id: int | None = None,
    leaving_out: int | None = None,
    free_of_notice: bool = False,
) -> list[datetime]:
    """Return the times at which an appointment may start, clear of the client's own when a client asks.

    These are exactly the times at which `services.hold` would take it. For several times at once, such as a series
    or an offer from a waitlist, ask once for a window around them all and look in the answer. An appointment that is
    being moved is left out; a counselor who moves it is free of their own notice.
    """
    diary = diary_of(counselor_id, window, now, leaving_out=leaving_out)
    if free_of_notice:
        diary = replace(diary, rules=replace(diary.rules, notice_minutes=0, horizon_days=FAR))
    starts = free_starts(diary, need, _minutes(window), round_up(now))
    if client_id is not None and starts:
        wide = window.widened(before=0, after=need.minutes)
        starts = clear_of(starts, need.minutes, taken_by(client_id, wide, now, leaving_out=leaving_out))
    return instants_of(starts)


def free_with_anyone(
    needs: Mapping[int, Need], window: Span, now: datetime, *, client_id: int | None = None
) -> dict[datetime, tuple[int, ...]]:
    """Return each time at which any of these counselors is free, with who is, in order; two queries for all of them."""
    stretch, free = _minutes(window), {}
    longest = max((need.minutes for need in needs.values()), default=0)
    taken = taken_by(client_id, window.widened(before=0, after=longest), now) if client_id is not None else []
    for counselor_id, diary in (diaries(needs, window, now) if needs else {}).items():
        need = needs[counselor_id]
        starts = clear_of(free_starts(diary, need, stretch, round_up(now)), need.minutes, taken)
        free[counselor_id] = instants_of(starts)
    return with_anyone(free)


def next_free(needs: Mapping[int, Need], now: datetime) -> dict[int, datetime]:
    """Return the next free time of every counselor named who has one within the horizon."""
    found: dict[int, datetime] = {}
    for days in NEAR_DAYS:
        waiting = [counselor_id for counselor_id in needs if counselor_id not in found]
        if not waiting:
            break
        window = Span(now, now + timedelta(days=days))
        stretch = _minutes(window)
        for counselor_id, diary in diaries(waiting, window, now).items():
            if starts := free_starts(diary, needs[counselor_id], stretch, round_up(now)):
                found[counselor_id] = instant_of(starts[0])
    return found


def opening_hours(counselor_id: int, window: Span, now: datetime) -> list[Span]:
    """Return the hours a counselor works within a window, for shading a week."""
    diary = diary_of(counselor_id, window, now)
    begin, end = _minutes(window)
    first = window.starts_at.astimezone(diary.timetable.zone).date() - timedelta(days=1)
    last = window.ends_at.astimezone(diary.timetable.zone).date() + timedelta(days=1)
    return [
        Span(instant_of(max(opens, begin)), instant_of(min(closes, end)))
        for opens, closes, _, _ in openings(diary.timetable.of(ANY), first, last)
        if opens < end and begin < closes
    ]


def diary_of(counselor_id: int, window: Span, now: datetime, *, leaving_out: int | None = None) -> Diary:
    """Load one counselor's diary, without one appointment when that is being moved."""
    return diaries([counselor_id], window, now, leaving_out=leaving_out)[counselor_id]


def diaries(
    counselor_ids: Iterable[int], window: Span, now: datetime, *, leaving_out: int | None = None
) -> dict[int, Diary]:
    """Load the diaries of counselors around a window; holds that ran out count for nothing.

    Two queries, and up to four more, however many they are, where somebody has other weeks or limits.
    """
    margin = 2 * DAY
    terms, taken = read(list(counselor_ids), window.widened(before=margin, after=margin), now, leaving_out or 0)
    return _assemble(terms, taken, _particulars(terms, window, now, leaving_out))


def taken_by(client_id: int, window: Span, now: datetime, *, leaving_out: int | None = None) -> list[Stretch]:
    """Return what a client has already within a window, in minutes."""
    rows = db.session.execute(
        select(Appointment.starts_at, Appointment.ends_at).where(
            Appointment.client_id == client_id,
            Appointment.ends_at > window.starts_at,
            Appointment.starts_at < window.ends_at,
            Appointment.id != (leaving_out or 0),
            still_live(now),
        )
    ).all()
    return [(minute_of(begins), minute_of(ends)) for begins, ends in rows]


def round_up(now: datetime) -> int:
    """Return the first minute that has not begun."""
    return minute_of(now - timedelta(microseconds=1)) + 1


def _particulars(
    rows: Iterable[Row], window: Span, now: datetime, leaving_out: int | None
) -> Mapping[int, Particulars]:
    flags = [(row[1], row[5]) for row in rows if row[0] == RULES and row[5] > RESTARTS]
    planned = [counselor_id for counselor_id, flag in flags if flag & HAS_PLANS]
    limited = [counselor_id for counselor_id, flag in flags if flag & HAS_LIMITS]
    return particulars.load(planned, limited, window, still_live(now), leaving_out=leaving_out) if flags else {}


def _assemble(
    terms: Iterable[Row], busy: Mapping[int, list[Stretch]], finer: Mapping[int, Particulars]
) -> dict[int, Diary]:
    rules: dict[int, tuple[ZoneInfo, Rules]] = {}
    weekly: dict[int, dict[int, list[Hours]]] = defaultdict(lambda: defaultdict(list))
    days: dict[int, _Days] = defaultdict(_Days)
    away: dict[int, list[Stretch]] = defaultdict(list)
    for kind, counselor_id, first, second, third, fourth, word in terms:
        if kind == WEEKLY:
            weekly[counselor_id][third].append(Hours(first, second))
        elif kind == AWAY:
            away[counselor_id].append((first, second))
        elif kind == OVERRIDE:
            days[counselor_id].note(word, first, second, third, fourth)
        elif kind == HOLIDAY:
            days[counselor_id].holidays.append(date.fromisoformat(word))
        else:
            rules[counselor_id] = (ZoneInfo(word), Rules(first, second, third, bool(fourth & RESTARTS)))
    return {
        counselor_id: _diary(
            Timetable(zone, _tidied(weekly[counselor_id]), *days[counselor_id].settled()),
            rule,
            busy[counselor_id],
            away[counselor_id],
            finer.get(counselor_id),
        )
        for counselor_id, (zone, rule) in rules.items()
    }


def _diary(
    timetable: Timetable, rules: Rules, busy: list[Stretch], away: list[Stretch], finer: Particulars | None
) -> Diary:
    if finer is None:
        return Diary(timetable, rules, busy, away)
    return Diary(replace(timetable, plans=finer.plans), replace(rules, limits=finer.limits), busy, away, finer.sessions)


@dataclass(slots=True)
class _Days:
    """The days of one counselor that differ, as they are read row by row."""

    general: dict[date, list[Hours]] = field(default_factory=dict)
    special: dict[date, dict[Scope, list[Hours]]] = field(default_factory=dict)
    holidays: list[date] = field(default_factory=list)

    def note(self, word: str, opens: int | None, closes: int | None, service_id: int, location_id: int) -> None:
        """Note one row: the word is the day and, after a blank, the mode it is for."""
        text, _, mode = word.partition(" ")
        day = date.fromisoformat(text)
        hours = [] if opens is None or closes is None else [Hours(opens, closes, location_id)]
        if mode or service_id:
            scope = Scope(service_id or None, mode or None)
            self.special.setdefault(day, {}).setdefault(scope, []).extend(hours)
        else:
            self.general.setdefault(day, []).extend(hours)

    def settled(self) -> tuple[dict[date, tuple[Hours, ...]], tuple[Any, ...], dict[date, list[Special]]]:
        """Return the overrides, no plans yet, and the specials; a holiday closes a day that has no hours of its own."""
        overrides = dict.fromkeys(self.holidays, ()) | _tidied(self.general)
        specials = {
            day: [Special(tidy(hours), scope) for scope, hours in found.items()] for day, found in self.special.items()
        }
        return overrides, (), specials


def _tidied(days: Mapping[Any, list[Hours]]) -> dict[Any, tuple[Hours, ...]]:
    return {day: tidy(hours) for day, hours in days.items()}


def _minutes(window: Span) -> Stretch:
    return round_up(window.starts_at), round_up(window.ends_at)
