"""What reminding puts on a session's page: whether the client will be there, and what was sent."""

from __future__ import annotations

from flask import render_template

from booking.models.appointments import Appointment
from booking.policy import CONFIRMED, Side
from booking.reminding import answers, planning, reports, words
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.post import Letter


@fills("appointment", order=40)
def messages_of(*, appointment: Appointment, viewer: Person, **_more: object) -> str:
    """Show the counselor what the client was sent and answered, and the client their own word."""
    side, now = appointment.side_of(viewer), ports().clock.now()
    ahead = appointment.status == CONFIRMED and appointment.starts_at > now
    answer = answers.answer_to(appointment) if appointment.confirmed_at else None
    sent = [] if side is Side.CLIENT else reports.messages_about(planning.subject_of(appointment))
    if not (ahead or answer or sent):
        return ""
    return render_template(
        "booking/panel_reminding.html",
        appointment=appointment,
        side=str(side),
        ahead=ahead,
        answer=answer,
        sent=sent,
        words=words,
        zone=viewer.zone,
    )


@fills("mailbox_text")
def reply_to(*, letter: Letter, **_more: object) -> str:
    """Let whoever tries the demo answer a text, as its telephone would."""
    return render_template("booking/panel_reply.html", phone=letter.to, name=letter.name)
