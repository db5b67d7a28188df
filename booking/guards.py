"""The database's own refusal of two live appointments at once, for a counselor and for a client.

PostgreSQL: exclusion constraints, with INSERT … ON CONFLICT DO NOTHING, which waits for a rival instead of
deadlocking with it. SQLite: triggers that abort, under BEGIN IMMEDIATE. The counselor's range includes the buffers,
the client's does not. The migration lays both down.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from booking.models.appointments import Appointment
from booking.policy import LIVE
from booking.refusals import ClientBusyError, SlotTakenError
from practice.core.db import db
from practice.models import Person

COUNSELOR_GUARD = "ex_appointments_counselor_overlap"
CLIENT_GUARD = "ex_appointments_client_overlap"


def lock_people(*people_ids: int) -> None:
    """Let one transaction at a time decide about these people's time.

    Always in the order of their ids, so that nobody waits in a circle. SQLite's writers already take turns.
    """
    db.session.execute(
        select(Person.id).where(Person.id.in_(people_ids)).order_by(Person.id).with_for_update(key_share=True)
    ).all()


def insert(values: dict[str, Any]) -> Appointment:
    """Add an appointment, or raise SlotTakenError or ClientBusyError."""
    if not _on_postgresql():
        appointment = Appointment(**values)
        with refusing():
            db.session.add(appointment)
        return appointment
    added = db.session.scalars(
        postgresql.insert(Appointment).values(**values).on_conflict_do_nothing().returning(Appointment)
    ).first()
    if added is None:
        raise _refusal_for(values)
    return added


@contextmanager
def refusing() -> Iterator[None]:
    """Write the changes made inside, or undo them and raise SlotTakenError or ClientBusyError."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        text = str(error.orig)
        if COUNSELOR_GUARD in text:
            raise SlotTakenError from error
        if CLIENT_GUARD in text:
            raise ClientBusyError from error
        raise


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
