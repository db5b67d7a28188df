"""The two queries that read what decides when counselors are free: their terms, and what takes their time away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from booking.epoch_minutes import EpochMinute
from booking.limits import Stretch
from booking.live import still_live, still_standing
from booking.models.appointments import Appointment
from booking.models.calendars import BusyTime
from booking.models.groups import GroupSession
from booking.models.hours import BookingRules, DateOverride, Holiday, HoursPlan, TimeOff, WeeklyHours
from booking.slots import Rules
from practice.core.columns import UTCDateTime
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person

RULES, WEEKLY, OVERRIDE, HOLIDAY, AWAY = range(5)
"""What a row of the terms tells."""
RESTARTS, HAS_PLANS, HAS_LIMITS = 1, 2, 4
BEGIN, END = (bindparam(name, type_=UTCDateTime) for name in ("begin", "end"))

Row = tuple[Any, ...]


def _terms(*, many: bool) -> Any:
    """Build what is said of a counselor: rules, hours, the days that differ, and time off."""
    nothing, no_word = literal_column("0", Integer), literal_column("''", String)
    days, defaults = (bindparam("first", type_=Date), bindparam("last", type_=Date)), Rules()

    def rows(kind: int, owner: Any, *columns: Any) -> Select[Any]:
        return select(literal_column(str(kind), Integer), owner, *columns).where(_is_wanted(owner, many=many))

    return union_all(
        rows(
            RULES,
            Person.id,
            func.coalesce(BookingRules.notice_minutes, literal_column(str(defaults.notice_minutes))),
            func.coalesce(BookingRules.horizon_days, literal_column(str(defaults.horizon_days))),
            func.coalesce(BookingRules.step_minutes, literal_column(str(defaults.step_minutes))),
            _flags(),
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
            func.coalesce(DateOverride.service_id, nothing),
            func.coalesce(DateOverride.location_id, nothing),
            cast(DateOverride.falls_on, String) + literal_column("' '") + func.coalesce(DateOverride.mode, no_word),
        ).where(DateOverride.falls_on.between(*days)),
        rows(HOLIDAY, Holiday.counselor_id, nothing, nothing, nothing, nothing, cast(Holiday.falls_on, String)).where(
            Holiday.falls_on.between(*days), Holiday.kept
        ),
        rows(
            AWAY,
            TimeOff.counselor_id,
            EpochMinute(TimeOff.starts_at),
            EpochMinute(TimeOff.ends_at),
            nothing,
            nothing,
            no_word,
        ).where(TimeOff.ends_at > BEGIN, TimeOff.starts_at < END),
    )


def _taken(*, many: bool) -> Any:
    """Build what takes time away: appointments, other calendars, and sessions that several people share.

    Most rows are of these, so they say no more than from when until when, and whose they are if several are asked.
    """
    now, nothing = bindparam("now", type_=UTCDateTime), literal_column("0", Integer)

    def stretch(owner: Any, begins: Any, ends: Any, *conditions: Any) -> Select[Any]:
        whose = [owner] if many else []
        found = select(EpochMinute(begins), EpochMinute(ends), *whose)
        return found.where(_is_wanted(owner, many=many), ends > BEGIN, begins < END, *conditions)

    return union_all(
        stretch(
            Appointment.counselor_id,
            Appointment.blocked_from,
            Appointment.blocked_until,
            Appointment.id != bindparam("leaving_out", type_=Integer),
            # Said like this so that SQLite does not take the index of seats for the narrower one.
            func.coalesce(Appointment.group_session_id, nothing) == nothing,
            still_live(now),
        ),
        stretch(BusyTime.counselor_id, BusyTime.starts_at, BusyTime.ends_at),
        stretch(
            GroupSession.counselor_id,
            GroupSession.blocked_from,
            GroupSession.blocked_until,
            ~exists().where(
                Appointment.id == bindparam("leaving_out", type_=Integer),
                Appointment.group_session_id == GroupSession.id,
            ),
            still_standing(now),
        ),
    )


def _is_wanted(owner: Any, *, many: bool) -> ColumnElement[bool]:
    wanted = bindparam("wanted", expanding=many, type_=Integer)
    found: ColumnElement[bool] = owner.in_(wanted) if many else owner == wanted
    return found


def _flags() -> ColumnElement[int]:
    """Say in one number whether the grid restarts, and whether there is more to load about a counselor."""
    limits = (BookingRules.most_per_day, BookingRules.most_per_week, BookingRules.long_break_after)
    planned = exists().where(HoursPlan.counselor_id == Person.id)
    return (
        case((BookingRules.restarts.is_(True), literal_column(str(RESTARTS), Integer)), else_=literal_column("0"))
        + case((planned, literal_column(str(HAS_PLANS), Integer)), else_=literal_column("0"))
        + case(
            (or_(*(each.is_not(None) for each in limits)), literal_column(str(HAS_LIMITS), Integer)),
            else_=literal_column("0"),
        )
    )


def _as_text(statement: Any) -> dict[str, str]:
    return {
        "sqlite": str(statement.compile(dialect=sqlite.dialect(paramstyle="named"))),
        "postgresql": str(statement.compile(dialect=psycopg.dialect())),  # type: ignore[no-untyped-call]  # as SQLAlchemy ships it
    }


TERMS_OF_MANY, TAKEN_OF_MANY = _terms(many=True), _taken(many=True)
TERMS_OF_ONE, TAKEN_OF_ONE = _as_text(_terms(many=False)), _as_text(_taken(many=False))
"""For one counselor as text: working the parameters out over and over costs as much as running it."""


def read(
    wanted: Sequence[int], around: Span, now: datetime, leaving_out: int
) -> tuple[Sequence[Row], dict[int, list[Stretch]]]:
    """Ask about these counselors; return the rows of their terms, and what takes each one's time away.

    PostgreSQL is asked about all of them at once. SQLite is not a journey away, so it is asked about one after the
    other: that spares telling the rows apart, and half of the time.
    """
    if db.session.autoflush:
        db.session.flush()
    begin, end = around.starts_at.astimezone(UTC), around.ends_at.astimezone(UTC)
    asked: dict[str, Any] = {"begin": begin, "end": end, "now": now, "leaving_out": leaving_out}
    asked |= {"first": begin.date(), "last": end.date()}
    connection = db.session.connection()
    if connection.dialect.name == "sqlite" or len(wanted) == 1:
        return _one_by_one(connection, wanted, asked)
    asked["wanted"] = wanted
    taken: dict[int, list[Stretch]] = {counselor_id: [] for counselor_id in wanted}
    for begins, ends, counselor_id in _rows(connection.execute(TAKEN_OF_MANY, asked)):
        taken[counselor_id].append((begins, ends))
    return _rows(connection.execute(TERMS_OF_MANY, asked)), taken


def _one_by_one(
    connection: Connection, wanted: Sequence[int], asked: Mapping[str, Any]
) -> tuple[Sequence[Row], dict[int, list[Stretch]]]:
    """Ask the driver itself, inside the session's transaction: it spares a fifth of the whole answer's time."""
    dialect = connection.dialect.name
    stored = {name: _as_stored(value) for name, value in asked.items()} if dialect == "sqlite" else dict(asked)
    terms: list[Row] = []
    taken: dict[int, list[Stretch]] = {}
    with closing(connection.connection.cursor()) as cursor:
        for counselor_id in wanted:
            stored["wanted"] = counselor_id
            cursor.execute(TERMS_OF_ONE[dialect], stored)
            terms += cursor.fetchall()
            cursor.execute(TAKEN_OF_ONE[dialect], stored)
            taken[counselor_id] = list(cursor.fetchall())
    return terms, taken


def _rows(result: CursorResult[Any]) -> Sequence[Any]:
    """Return the rows as the driver gives them, without a wrapper around each."""
    with closing(result):
        assert result.cursor is not None  # noqa: S101 -- a statement that returns rows has one
        return result.cursor.fetchall()


def _as_stored(value: datetime | date | int) -> str | int:
    """Write a value the way SQLite keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, date) else value
