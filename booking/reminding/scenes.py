"""What the reminders of a batch are about, read with a few queries for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from booking.models.appointments import Appointment
from booking.models.reminding import AttendanceAnswer, ReminderChoice, ReminderPlan, TextConsent
from booking.reminding.planning import terms_in, wishes_in
from booking.reminding.rules import Terms, Wishes
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from practice.models import Person, Practice


@dataclass(frozen=True, slots=True)
class Scene:
    """Appointments, the people in them, and what they have chosen, consented to and answered."""

    appointments: Mapping[int, Appointment]
    people: Mapping[int, Person]
    choices: Mapping[int, ReminderChoice]
    consents: Mapping[int, TextConsent]
    plans: Mapping[int, ReminderPlan]
    answered: frozenset[tuple[int, int]]
    practice: Practice

    @classmethod
    def of(cls, messages: Sequence[OutboxMessage]) -> Self:
        """Read what these reminders are about."""
        appointments = _appointments({each.subject_id for each in messages})
        clients = {each.client_id for each in appointments}
        services = {each.service_id for each in appointments}
        consents = db.session.scalars(
            select(TextConsent).where(
                TextConsent.person_id.in_(clients), TextConsent.given_at.is_not(None), TextConsent.ended_at.is_(None)
            )
        )
        return cls(
            appointments={each.id: each for each in appointments},
            people={each.id: each for pair in appointments for each in (pair.client, pair.counselor)},
            choices=_by(ReminderChoice.person_id, clients),
            consents={each.person_id: each for each in consents},
            plans=_by(ReminderPlan.service_id, services),
            answered=_answered(appointments),
            practice=db.session.get_one(Practice, 1),
        )

    def terms(self, appointment: Appointment) -> Terms:
        """Return when this appointment's client and counselor are reminded."""
        return terms_in(self.plans.get(appointment.service_id))

    def wishes(self, client: Person) -> Wishes:
        """Return what a client has chosen."""
        return wishes_in(self.choices.get(client.id), client, may_text=client.id in self.consents)

    def has_confirmed(self, appointment: Appointment) -> bool:
        """Tell whether the client has said that they will be there."""
        return (appointment.id, appointment.sequence) in self.answered


def _appointments(ids: Iterable[int | None]) -> Sequence[Appointment]:
    return db.session.scalars(
        select(Appointment)
        .where(Appointment.id.in_(ids))
        .options(
            joinedload(Appointment.client, innerjoin=True),
            joinedload(Appointment.counselor, innerjoin=True),
            joinedload(Appointment.location),
        )
    ).all()


def _by(column: Any, ids: Iterable[int]) -> dict[int, Any]:
    """Return the rows of a column's table by its value."""
    return {getattr(row, column.key): row for row in db.session.scalars(select(column.class_).where(column.in_(ids)))}


def _answered(appointments: Sequence[Appointment]) -> frozenset[tuple[int, int]]:
    rows = db.session.execute(
        select(AttendanceAnswer.appointment_id, AttendanceAnswer.version).where(
            AttendanceAnswer.appointment_id.in_([each.id for each in appointments])
        )
    )
    return frozenset((each.appointment_id, each.version) for each in rows)
