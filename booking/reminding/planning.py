"""Plan an appointment's reminders as its service and its client want them, and plan them anew when either changes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select

from booking.models.appointments import Appointment
from booking.models.reminding import ReminderChoice, ReminderLink, ReminderPlan, TextConsent
from booking.policy import CONFIRMED
from booking.reminding.rules import EMAIL, SMS, Offset, Quiet, Reminder, Subject, Terms, Wishes, reminders
from practice.core import outbox
from practice.core.db import db
from practice.core.outbox import Planned
from practice.models import Person

KIND = "booking.reminder"


def plan(appointment: Appointment, now: datetime, *, beyond: datetime | None = None) -> None:
    """Plan the reminders that are still ahead, or those beyond a later instant, each with a link of its own."""
    wanted = ahead(appointment, appointment.starts_at, beyond or now)
    _write(appointment, wanted, now)


def plan_anew(appointments: Iterable[Appointment], now: datetime) -> None:
    """Withdraw what is planned and plan again, as when a client or a counselor has chosen otherwise."""
    for appointment in appointments:
        outbox.withdraw(subject=subject_of(appointment), now=now, kinds=(KIND,))
        _write(appointment, ahead(appointment, appointment.starts_at, now), now)


def ahead(
    appointment: Appointment, starts_at: datetime, since: datetime, *, version: int | None = None
) -> list[Reminder]:
    """Return the reminders of an appointment as if it started then, those after an instant."""
    subject = Subject(
        appointment.id,
        appointment.sequence if version is None else version,
        appointment.client_id,
        appointment.counselor_id,
        starts_at,
    )
    terms = terms_of(appointment.service_id)
    if appointment.group_session_id is not None:
        terms = replace(terms, counselor_minutes=None)  # the session reminds its counselor once, not seat by seat
    return reminders(subject, terms, wishes_of(appointment.client), now=since)


def terms_of(service_id: int) -> Terms:
    """Return what the counselor has chosen for a service, or the usual."""
    return terms_in(db.session.get(ReminderPlan, service_id))


def terms_in(chosen: ReminderPlan | None) -> Terms:
    """Read a counselor's plan; without one it is the usual."""
    if chosen is None:
        return Terms()
    offsets = tuple(
        Offset(each.minutes, frozenset(_roads(by_email=each.by_email, by_sms=each.by_sms))) for each in chosen.offsets
    )
    return Terms(offsets, chosen.counselor_minutes)


def wishes_of(client: Person) -> Wishes:
    """Return what a client has chosen, with texts only where there is consent."""
    choice = db.session.get(ReminderChoice, client.id)
    return wishes_in(choice, client, may_text=bool(choice and choice.by_sms and consent_of(client.id)))


def wishes_in(choice: ReminderChoice | None, client: Person, *, may_text: bool) -> Wishes:
    """Read a client's choice; without one it is every reminder by letter."""
    if choice is None:
        return Wishes(quiet=Quiet(client.zone))
    return Wishes(
        frozenset(_roads(by_email=choice.by_email, by_sms=choice.by_sms and may_text)),
        frozenset(choice.skipped),
        Quiet(client.zone, choice.quiet_from, choice.quiet_until),
    )


def consent_of(person_id: int) -> TextConsent | None:
    """Return the consent under which a person may be texted, if there is one."""
    return db.session.scalars(
        select(TextConsent).where(
            TextConsent.person_id == person_id, TextConsent.given_at.is_not(None), TextConsent.ended_at.is_(None)
        )
    ).first()


def wants_texts(person: Person) -> bool:
    """Tell whether a person has chosen texts, and agreed to them."""
    return SMS in wishes_of(person).channels


def upcoming_of(*, client_id: int | None = None, service_id: int | None = None, now: datetime) -> Sequence[Appointment]:
    """Return the appointments ahead whose reminders a choice bears on."""
    mine = Appointment.client_id == client_id if client_id else Appointment.service_id == service_id
    return db.session.scalars(
        select(Appointment).where(mine, Appointment.status == CONFIRMED, Appointment.starts_at > now)
    ).all()


def subject_of(appointment: Appointment) -> tuple[str, int]:
    """Return what the outbox files an appointment's messages under."""
    return ("appointment", appointment.id)


def hash_of(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _write(appointment: Appointment, wanted: list[Reminder], now: datetime) -> None:
    planned, links = [], []
    for each in wanted:
        payload: dict[str, object] = {"version": appointment.sequence, "minutes": each.minutes}
        if each.recipient_id == appointment.client_id:
            secret = secrets.token_urlsafe(16)
            payload["link"] = secret
            links.append(_link(appointment, secret, now))
        planned.append(
            Planned(each.key, KIND, each.due_at, each.recipient_id, each.channel, payload, subject_of(appointment))
        )
    outbox.plan_all(planned, now=now, revive=True)
    if links:
        db.session.execute(insert(ReminderLink), links)


def _link(appointment: Appointment, secret: str, now: datetime) -> dict[str, object]:
    return {
        "token_hash": hash_of(secret),
        "appointment_id": appointment.id,
        "version": appointment.sequence,
        "person_id": appointment.client_id,
        "created_at": now,
    }


def _roads(*, by_email: bool, by_sms: bool) -> list[str]:
    return [EMAIL] * by_email + [SMS] * by_sms
