"""What the practice can say to a dispute from what it knows: terms, letters, minutes. No clinical word leaves.

A service's name may say what somebody is treated for, and a counselor's name may too; the
packet calls every session an appointment and says with nobody's name but the payer's who came.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from billing.disputes.models import Dispute
from booking import notices
from booking.fees import notices as fees
from booking.models.appointments import Appointment
from booking.policy import COMPLETED, VIDEO
from practice.core import outbox
from practice.core.db import db
from practice.core.formats import local
from practice.core.outbox import DELIVERED, EMAIL, SENT, OutboxMessage
from practice.models import Person
from video import queries as rooms
from video import visits
from video.models import Room, RoomEvent

_LETTERS = {
    notices.CONFIRMED: "Confirmation",
    notices.MOVED: "Notice of the new time",
    notices.CANCELLED: "Notice of cancellation",
    notices.REMINDER: "Reminder",
    fees.CHARGED: "Notice of the fee and how to object",
}


@dataclass(frozen=True, slots=True)
class Packet:
    """The answer, part by part, as the bank will read it."""

    name: str
    email: str
    service_date: str
    description: str
    policy: str
    contacts: str
    attendance: str
    words: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it by its parts' names."""
        return asdict(self)


def of(dispute: Dispute, *, zone: str, words: str = "") -> Packet:
    """Put together what is known about what a disputed payment paid for, on the clock of a zone."""
    payment = dispute.payment
    appointment, paid_at = payment.appointment, payment.paid_at or payment.created_at
    return Packet(
        name=payment.client.name,
        email=payment.client.email,
        service_date=f"{local(appointment.starts_at if appointment else paid_at, zone):%Y-%m-%d}",
        description=f"{_described(appointment, zone) if appointment else payment.what}."
        f" Paid {payment.received.plain} {payment.currency} on {_at(paid_at, zone)}.",
        policy=_policy(appointment, zone) if appointment else "",
        contacts=_contacts(appointment, payment.client, zone) if appointment else "",
        attendance=_attendance(appointment, zone) if appointment else "",
        words=words,
    )


def _described(appointment: Appointment, zone: str) -> str:
    what = "Online appointment" if appointment.mode == VIDEO else "Appointment"
    begins, booked = _at(appointment.starts_at, zone), _at(appointment.created_at, zone)
    return f"{what} of {appointment.span.minutes} minutes, {begins}, booked on {booked}"


def _policy(appointment: Appointment, zone: str) -> str:
    if appointment.accepted_policy is None or appointment.accepted_at is None:
        return (
            f"Appointments can be cancelled without cost until {appointment.cancellation_notice_hours} hours before"
            " they begin. This stands above the pay button and beside every appointment."
        )
    accepted = appointment.accepted_policy
    return (
        f"Accepted by the customer on {_at(appointment.accepted_at, zone)} before booking"
        f" (SHA-256 of the text: {accepted.text_hash}):\n\n{accepted.words}"
    )


def _contacts(appointment: Appointment, client: Person, zone: str) -> str:
    reached = [
        f"{_LETTERS[message.kind]} {_way(message)} on {_at(message.delivered_at or message.settled_at, zone)}"
        for message in outbox.about(notices.subject_of(appointment))
        if message.kind in _LETTERS
        and message.recipient_id == client.id
        and message.state in {SENT, DELIVERED}
        and (message.delivered_at or message.settled_at)
    ]
    return "\n".join(reached)


def _way(message: OutboxMessage) -> str:
    how = "by e-mail" if message.channel == EMAIL else "by text message"
    return f"{'delivered' if message.state == DELIVERED else 'sent'} {how}"


def _attendance(appointment: Appointment, zone: str) -> str:
    lines = []
    if room := rooms.room_of(appointment):
        lines = _visits(room, appointment, zone)
    if appointment.status == COMPLETED:
        lines.append("Recorded by the provider after the appointment: the customer attended.")
    if appointment.cancelled_at:
        who = "the customer" if appointment.cancelled_by_id == appointment.client_id else "the practice"
        lines.append(f"Cancelled by {who} on {_at(appointment.cancelled_at, zone)}.")
    return "\n".join(lines)


def _visits(room: Room, appointment: Appointment, zone: str) -> list[str]:
    log = db.session.scalars(select(RoomEvent).where(RoomEvent.room_id == room.id)).all()
    people = {"The customer": appointment.client_id, "The provider": appointment.counselor_id}
    lines = []
    for who, person_id in people.items():
        visit = visits.visit_of(log, person_id, others=[other for other in people.values() if other != person_id])
        if visit and visit.joined_at and visit.left_at:
            minutes, shared = visit.inside_seconds // 60, visit.together_seconds // 60
            lines.append(
                f"{who} was connected from {_at(visit.joined_at, zone)} to {_at(visit.left_at, zone)},"
                f" {minutes} minutes, {shared} of them with both sides present."
            )
    return lines


def _at(instant: datetime | None, zone: str) -> str:
    return f"{local(instant, zone):%Y-%m-%d %H:%M %Z}" if instant else ""
