"""The one query that reads what decides when counselors are free: each row says which kind of thing it tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
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

RULES, WEEKLY, OVERRIDE, HOLIDAY, AWAY, BUSY, ELSEWHERE = range(7)
"""What a row tells. Most tell of what takes time away and come from `BUSY` on."""
RESTARTS, HAS_PLANS, HAS_LIMITS = 1, 2, 4


def _everything(*, many: bool) -> Any:
    """Build the one query once: building it costs more than running it."""
    nothing, no_word = literal_column("0", Integer), literal_column("''", String)
    wanted = bindparam("wanted", expanding=many, type_=Integer)
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
        ).where(DateOverride.falls_on.between(bindparam("first"), bindparam("last"))),
        rows(HOLIDAY, Holiday.counselor_id, nothing, nothing, nothing, nothing, cast(Holiday.falls_on, String)).where(
            Holiday.falls_on.between(bindparam("first"), bindparam("last")), Holiday.kept
        ),
        *_taken(rows),
    )


def _taken(rows: Callable[..., Select[Any]]) -> list[Select[Any]]:
    """Build what takes time away: time off, appointments, other calendars, and sessions that several people share."""
    begin, end = bindparam("begin", type_=UTCDateTime), bindparam("end", type_=UTCDateTime)
    now, nothing = bindparam("now", type_=UTCDateTime), literal_column("0", Integer)

    def stretch(kind: int, owner: Any, begins: Any, ends: Any, *conditions: Any) -> Select[Any]:
        found = rows(
            kind, owner, EpochMinute(begins), EpochMinute(ends), nothing, nothing, literal_column("''", String)
        )
        return found.where(ends > begin, begins < end, *conditions)

    return [
        stretch(AWAY, TimeOff.counselor_id, TimeOff.starts_at, TimeOff.ends_at),
        stretch(
            BUSY,
            Appointment.counselor_id,
            Appointment.blocked_from,
            Appointment.blocked_until,
            Appointment.id != bindparam("leaving_out", type_=Integer),
            # Said like this so that SQLite does not take the index of seats for the narrower one.
            func.coalesce(Appointment.group_session_id, nothing) == nothing,
            still_live(now),
        ),
        stretch(ELSEWHERE, BusyTime.counselor_id, BusyTime.starts_at, BusyTime.ends_at),
        stretch(
            BUSY,
            GroupSession.counselor_id,
            GroupSession.blocked_from,
            GroupSession.blocked_until,
            ~exists().where(
                Appointment.id == bindparam("leaving_out", type_=Integer),
                Appointment.group_session_id == GroupSession.id,
            ),
            still_standing(now),
        ),
    ]


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


OF_ONE, OF_MANY = _everything(many=False), _everything(many=True)
AS_TEXT = {
    "sqlite": str(OF_ONE.compile(dialect=sqlite.dialect(paramstyle="named"))),
    "postgresql": str(OF_ONE.compile(dialect=psycopg.dialect())),  # type: ignore[no-untyped-call]  # as SQLAlchemy ships it
}
"""The statement for one counselor: working its parameters out over and over costs as much as running it."""


def read(wanted: Sequence[int], around: Span, now: datetime, leaving_out: int) -> Sequence[tuple[Any, ...]]:
    """Ask about these counselors, and return the rows as the driver gives them, without a wrapper around each."""
    if db.session.autoflush:
        db.session.flush()
    begin, end = around.starts_at.astimezone(UTC), around.ends_at.astimezone(UTC)
    asked: dict[str, Any] = {"begin": begin, "end": end, "now": now, "leaving_out": leaving_out}
    asked |= {"first": begin.date(), "last": end.date()}
    if len(wanted) == 1:
        connection = db.session.connection()
        dialect = connection.dialect.name
        stored = {name: _as_stored(value) for name, value in asked.items()} if dialect == "sqlite" else asked
        result = connection.exec_driver_sql(AS_TEXT[dialect], {"wanted": wanted[0], **stored})
    else:
        result = db.session.connection().execute(OF_MANY, {"wanted": wanted, **asked})
    with closing(result):
        assert result.cursor is not None  # noqa: S101 -- a statement that returns rows has one
        rows: Sequence[tuple[Any, ...]] = result.cursor.fetchall()
        return rows


def _as_stored(value: datetime | date | int) -> str | int:
    """Write a value the way SQLite keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, date) else value
