"""Texts that come back: confirm, cancel, move, stop, start, help. Each is acted on once, however often it comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from booking import policy, services
from booking.models.appointments import Appointment
from booking.models.reminding import IncomingText
from booking.policy import CONFIRMED, Side
from booking.refusals import NotAllowedError
from booking.reminding import answers, consents, links, planning, verbs
from practice.core import formats, outbox
from practice.core.db import db
from practice.core.outbox import SMS, OutboxMessage
from practice.core.settings import settings
from practice.core.texts import Incoming
from practice.links import absolute
from practice.models import Person, Practice

ANSWERED_FOR = timedelta(days=8)
"""How long after a reminder an answer is still taken to be about it."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text that is understood, and whose it may be."""

    verb: str
    phone: str
    people: frozenset[int]
    now: datetime


def receive(incoming: Incoming, now: datetime) -> str:
    """Act on a text and return what to answer; one that was delivered before is answered as it was then."""
    again = db.session.scalars(select(IncomingText).where(IncomingText.provider_id == incoming.provider_id)).first()
    if again is not None:
        return again.answer
    people = frozenset(each.person_id for each in consents.standing_for(incoming.sender))
    heard = _Heard(verbs.verb_of(incoming.body, incoming.handled), incoming.sender, people, now)
    said = _act(heard)
    answer = "" if incoming.handled else said  # what the provider handled, it has answered already
    noted = IncomingText(
        provider_id=incoming.provider_id,
        received_at=now,
        person_id=min(people) if len(people) == 1 else None,
        verb=heard.verb,
        answer=answer,
    )
    db.session.add(noted)
    db.session.flush()
    return answer


def _act(heard: _Heard) -> str:
    if heard.verb == verbs.STOP:
        consents.end_for_telephone(heard.phone, how="stop", now=heard.now)
        return _signed("you get no more texts from us. Letters by e-mail go on. START brings texts back.")
    if heard.verb == verbs.START:
        resumed = consents.resume(heard.phone, now=heard.now)
        return _signed("texts are on again. STOP ends them." if resumed else "choose texts on your page first.")
    if heard.verb == verbs.HELP:
        return _signed(f"appointment reminders. Questions: {db.session.get_one(Practice, 1).email}. STOP ends texts.")
    if heard.verb == verbs.OTHER:
        return _signed("nobody reads texts here. C confirms, M moves, X cancels an appointment, STOP ends texts.")
    return _about_an_appointment(heard)


def _about_an_appointment(heard: _Heard) -> str:
    reminded = _reminded(heard.people, heard.now)
    if not reminded:
        return _signed("there is no appointment waiting for an answer.")
    if len(reminded) > 1 and heard.verb != verbs.CONFIRM:
        return _signed("you have more than one appointment. Please use the link in the reminder you mean.")
    appointment = reminded[0]
    client = appointment.client
    if heard.verb == verbs.CONFIRM:
        answers.confirm(appointment, client, "text", heard.now)
        return _signed(f"thank you, {_when(appointment, client)} is confirmed.")
    if heard.verb == verbs.MOVE:
        return _signed(f"choose another time here: {_link(appointment, heard.now)}")
    return _cancel(appointment, client, heard.now)


def _cancel(appointment: Appointment, client: Person, now: datetime) -> str:
    refusal = policy.refusal_to_cancel(appointment.standing, Side.CLIENT, now)
    if refusal or policy.is_late(appointment.standing, now):
        return _signed(f"it is close to the appointment. See here what cancelling means now: {_link(appointment, now)}")
    when = _when(appointment, client)
    try:
        services.cancel(appointment, by=client, now=now)
    except NotAllowedError:
        return _signed(f"that did not work. Please look here: {_link(appointment, now)}")
    return _signed(f"{when} is cancelled. You get a letter by e-mail.")


def _reminded(people: frozenset[int], now: datetime) -> Sequence[Appointment]:
    """Return the appointments ahead that these people were texted about, the latest text first."""
    texted = db.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.recipient_id.in_(people),
            OutboxMessage.channel == SMS,
            OutboxMessage.kind == planning.KIND,
            OutboxMessage.state.in_((outbox.SENDING, outbox.SENT, outbox.DELIVERED)),
            OutboxMessage.due_at > now - ANSWERED_FOR,
        )
        .order_by(OutboxMessage.due_at.desc())
        .limit(50)
    ).all()
    found: dict[int, Appointment] = {}
    for message in texted:
        appointment = db.session.get(Appointment, message.subject_id)
        if (
            appointment is not None
            and appointment.status == CONFIRMED
            and appointment.starts_at > now
            and appointment.sequence == message.payload["version"]
        ):
            found.setdefault(appointment.id, appointment)
    return list(found.values())


def _link(appointment: Appointment, now: datetime) -> str:
    return absolute("booking.reminder_link", secret=links.issue(appointment, now))


def _when(appointment: Appointment, client: Person) -> str:
    moment = formats.local(appointment.starts_at, client.zone)
    return f"{moment:%a} {moment.day} {moment:%b} at {moment:%H:%M}"


def _signed(words: str) -> str:
    return f"{settings().texts_signed}: {words}"
