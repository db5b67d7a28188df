"""Loads what decides when counselors are free, for any number of them in one query, and asks the slots engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, String, and_, bindparam, cast, func, literal_column, or_, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from booking.hours import Hours, Timetable, instant_of, minute_of, openings, tidy
from booking.models.appointments import Appointment
from booking.models.calendars import BusyTime
from booking.models.hours import BookingRules, DateOverride, TimeOff, WeeklyHours
from booking.models.services import Service
from booking.policy import COMPLETED, CONFIRMED, HELD, NO_SHOW
from booking.slots import Diary, Need, Rules, Stretch, clear_of, free_starts
from practice.core.columns import UTCDateTime
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person

RULES, WEEKLY, OVERRIDE, AWAY, BUSY, ELSEWHERE = range(6)
NEAR_DAYS = (8, 36, 366)
"""How far `next_free` looks at first, and again for those who had nothing."""


class EpochMinute(FunctionElement[int]):
    """Minutes since 1970 of a stored instant, rounded down, worked out where the rows are."""

    type = Integer()
    inherit_cache = True


@compiles(EpochMinute, "sqlite")
def _on_sqlite(element: EpochMinute, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER) / 60"


@compiles(EpochMinute, "postgresql")
def _on_postgresql(element: EpochMinute, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **options)}) / 60) AS BIGINT)"


def need_of(service: Service) -> Need:
    """Return what an appointment for this service takes."""
    return Need(service.minutes, service.buffer_before, service.buffer_after)


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

    An appointment that is being moved is left out; a counselor who moves it is free of their own notice.
    """
    diary = diary_of(counselor_id, window, now, leaving_out=leaving_out)
    if free_of_notice:
        diary = replace(diary, rules=replace(diary.rules, notice_minutes=0))
    starts = free_starts(diary, need, _minutes(window), round_up(now))
    if client_id is not None and starts:
        wide = window.widened(before=0, after=need.minutes)
        starts = clear_of(starts, need.minutes, taken_by(client_id, wide, now, leaving_out=leaving_out))
    return [instant_of(start) for start in starts]


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
        Span(instant_of(max(each.opens, begin)), instant_of(min(each.closes, end)))
        for each in openings(diary.timetable, first, last)
        if each.opens < end and begin < each.closes
    ]


def diary_of(counselor_id: int, window: Span, now: datetime, *, leaving_out: int | None = None) -> Diary:
    """Load one counselor's diary, without one appointment when that is being moved."""
    return diaries([counselor_id], window, now, leaving_out=leaving_out)[counselor_id]


def diaries(
    counselor_ids: Iterable[int], window: Span, now: datetime, *, leaving_out: int | None = None
) -> dict[int, Diary]:
    """Load the diaries of counselors around a window in one query; holds that ran out count for nothing."""
    margin = timedelta(days=2)
    begin, end = window.starts_at - margin, window.ends_at + margin
    wanted = list(counselor_ids)
    rows = db.session.execute(
        _OF_ONE if len(wanted) == 1 else _OF_MANY,
        {
            "wanted": wanted[0] if len(wanted) == 1 else wanted,
            "begin": begin,
            "end": end,
            "first": begin.date(),
            "last": end.date(),
            "now": now,
            "leaving_out": leaving_out or 0,
        },
    ).all()
    return _assemble(rows)


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


def still_live(now: Any) -> Any:
    """Match appointments that take time away now: a hold only until it runs out."""
    settled = Appointment.status.in_([literal_column(f"'{each}'") for each in (CONFIRMED, COMPLETED, NO_SHOW)])
    return or_(settled, and_(Appointment.status == literal_column(f"'{HELD}'"), Appointment.held_until > now))


def round_up(now: datetime) -> int:
    """Return the first minute that has not begun."""
    return minute_of(now - timedelta(microseconds=1)) + 1


def _assemble(rows: Iterable[Any]) -> dict[int, Diary]:
    rules: dict[int, tuple[ZoneInfo, Rules]] = {}
    weekly: dict[int, dict[int, list[Hours]]] = defaultdict(lambda: defaultdict(list))
    overrides: dict[int, dict[date, list[Hours]]] = defaultdict(lambda: defaultdict(list))
    away: dict[int, list[Stretch]] = defaultdict(list)
    busy: dict[int, list[Stretch]] = defaultdict(list)
    for kind, counselor_id, first, second, third, fourth, word in rows:
        if kind in {BUSY, ELSEWHERE}:
            busy[counselor_id].append((first, second))
        elif kind == WEEKLY:
            weekly[counselor_id][third].append(Hours(first, second))
        elif kind == AWAY:
            away[counselor_id].append((first, second))
        elif kind == OVERRIDE:
            overrides[counselor_id][date.fromisoformat(word)] += [] if first is None else [Hours(first, second)]
        else:
            rules[counselor_id] = (ZoneInfo(word), Rules(first, second, third, bool(fourth)))
    return {
        counselor_id: Diary(
            Timetable(zone, _tidied(weekly[counselor_id]), _tidied(overrides[counselor_id])),
            rule,
            busy[counselor_id],
            away[counselor_id],
        )
        for counselor_id, (zone, rule) in rules.items()
    }


def _tidied(days: Mapping[Any, list[Hours]]) -> dict[Any, tuple[Hours, ...]]:
    return {day: tidy(hours) for day, hours in days.items()}


def _minutes(window: Span) -> Stretch:
    return round_up(window.starts_at), round_up(window.ends_at)


def _everything(*, many: bool) -> Any:
    """Build the one query once: building it costs more than running it."""
    nothing, no_word = literal_column("0", Integer), literal_column("''", String)
    wanted = bindparam("wanted", expanding=many, type_=Integer)
    begin, end = bindparam("begin", type_=UTCDateTime), bindparam("end", type_=UTCDateTime)
    defaults = Rules()

    def rows(kind: int, owner: Any, *columns: Any) -> Select[Any]:
        return select(literal_column(str(kind), Integer), owner, *columns).where(
            owner.in_(wanted) if many else owner == wanted
        )

    return union_all(
        rows(
            RULES,
            Person.id,
            func.coalesce(BookingRules.notice_minutes, literal_column(str(defaults.notice_minutes))),
            func.coalesce(BookingRules.horizon_days, literal_column(str(defaults.horizon_days))),
            func.coalesce(BookingRules.step_minutes, literal_column(str(defaults.step_minutes))),
            func.coalesce(cast(BookingRules.restarts, Integer), nothing),
            Person.zone,
        ).outerjoin_from(Person, BookingRules, BookingRules.counselor_id == Person.id),
        rows(
            WEEKLY,
            WeeklyHours.counselor_id,
            WeeklyHours.opens,
            WeeklyHours.closes,
            WeeklyHours.weekday,
            nothing,
            no_word,
        ),
        rows(
            OVERRIDE,
            DateOverride.counselor_id,
            DateOverride.opens,
            DateOverride.closes,
            nothing,
            nothing,
            cast(DateOverride.falls_on, String),
        ).where(DateOverride.falls_on.between(bindparam("first"), bindparam("last"))),
        rows(
            AWAY,
            TimeOff.counselor_id,
            EpochMinute(TimeOff.starts_at),
            EpochMinute(TimeOff.ends_at),
            nothing,
            nothing,
            no_word,
        ).where(TimeOff.ends_at > begin, TimeOff.starts_at < end),
        rows(
            BUSY,
            Appointment.counselor_id,
            EpochMinute(Appointment.blocked_from),
            EpochMinute(Appointment.blocked_until),
            nothing,
            nothing,
            no_word,
        ).where(
            Appointment.blocked_until > begin,
            Appointment.blocked_from < end,
            Appointment.id != bindparam("leaving_out", type_=Integer),
            still_live(bindparam("now", type_=UTCDateTime)),
        ),
        rows(
            ELSEWHERE,
            BusyTime.counselor_id,
            EpochMinute(BusyTime.starts_at),
            EpochMinute(BusyTime.ends_at),
            nothing,
            nothing,
            no_word,
        ).where(BusyTime.ends_at > begin, BusyTime.starts_at < end),
    )


_OF_ONE, _OF_MANY = _everything(many=False), _everything(many=True)
