"""The database's own refusal of two live appointments at once, for a counselor and for a client.

PostgreSQL: exclusion constraints, with INSERT … ON CONFLICT DO NOTHING, which waits for a rival instead of
deadlocking with it. SQLite: triggers that abort, under BEGIN IMMEDIATE. The counselor's range includes the buffers,
the client's does not. A shared session takes the counselor's time in place of its seats, and is held against the
appointments of two by triggers on both tables. The migrations lay all of it down.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from booking.models.appointments import Appointment
from booking.policy import LIVE
from booking.refusals import BookingRefusedError, ClientBusyError, FullError, HoldGoneError, SlotTakenError
from practice.core.db import db
from practice.models import Person

COUNSELOR_GUARD = "ex_appointments_counselor_overlap"
CLIENT_GUARD = "ex_appointments_client_overlap"
_REFUSALS: dict[str, type[BookingRefusedError]] = {
    COUNSELOR_GUARD: SlotTakenError,
    "ex_group_sessions_counselor_overlap": SlotTakenError,
    CLIENT_GUARD: ClientBusyError,
    "ck_group_sessions_full": FullError,
    "ck_appointments_seat_in_place": HoldGoneError,
}


def lock_people(*people_ids: int) -> None:
    """Let one transaction at a time decide about these people's time.

    Always in the order of their ids, so that nobody waits in a circle. SQLite's writers already take turns.
    """
    if not _on_postgresql():
        return
    db.session.execute(
        select(Person.id).where(Person.id.in_(people_ids)).order_by(Person.id).with_for_update(key_share=True)
    ).all()


def people_of(appointment: Appointment) -> set[int]:
    """Return whose time a deed about an appointment is about: of a shared session, everybody's in it."""
    people = {appointment.counselor_id, appointment.client_id}
    if appointment.group_session_id is not None:
        seats = select(Appointment.client_id).where(
            Appointment.group_session_id == appointment.group_session_id, Appointment.status.in_(LIVE)
        )
        people.update(db.session.scalars(seats))
    return people


def insert(values: dict[str, Any]) -> Appointment:
    """Add an appointment, or raise SlotTakenError, ClientBusyError or FullError."""
    # A refused INSERT takes nothing else back: SQLite's trigger aborts the statement alone, PostgreSQL skips the row.
    one = insert_into(Appointment).values(**values)
    if _on_postgresql():
        one = postgresql.insert(Appointment).values(**values).on_conflict_do_nothing()
    try:
        added = db.session.scalars(one.returning(Appointment)).first()
    except IntegrityError as error:
        raise _refusal_in(error) or error from error
    if added is None:
        raise _refusal_for(values)
    return added


@contextmanager
def refusing() -> Iterator[None]:
    """Write the changes made inside, or undo them and raise SlotTakenError, ClientBusyError or FullError."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        if refusal := _refusal_in(error):
            raise refusal from error
        raise


def _refusal_in(error: IntegrityError) -> BookingRefusedError | None:
    words = str(error.orig)
    return next((refusal() for name, refusal in _REFUSALS.items() if name in words), None)


def _on_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def _refusal_for(values: dict[str, Any]) -> SlotTakenError | ClientBusyError:
    busy = select(Appointment.id).where(
        Appointment.client_id == values["client_id"],
        Appointment.starts_at < values["ends_at"],
        Appointment.ends_at > values["starts_at"],
        Appointment.status.in_(LIVE),
    )
    return ClientBusyError() if db.session.execute(busy).first() else SlotTakenError()
