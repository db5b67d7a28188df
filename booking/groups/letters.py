"""The letters about shared sessions: to whoever is asked along, and the counselor's own reminder."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.models.groups import SCHEDULED, GroupInvitation, GroupSession
from booking.policy import PHONE
from booking.whereabouts import whereabouts
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Person, Practice

INVITATION, REMINDER = "booking.group_invitation", "booking.group_reminder"
BEFORE, GRACE = timedelta(hours=1), timedelta(minutes=45)


def register() -> None:
    """Tell the outbox who writes these letters."""
    outbox.renders(INVITATION)(_invitation)
    outbox.renders(REMINDER)(_reminder)


def plan_invitation(invitation: GroupInvitation, secret: str, now: datetime) -> None:
    """Plan the letter that carries the link."""
    outbox.plan(
        key=f"{INVITATION}:{invitation.id}:{invitation.secret_hash[:12]}",
        kind=INVITATION,
        payload={"secret": secret},
        subject=("group_invitation", invitation.id),
        due_at=now,
        now=now,
    )


def remind(session: GroupSession, now: datetime) -> None:
    """Plan the counselor's one reminder of a session, however many come; an earlier one is withdrawn."""
    stop_reminding(session, now)
    if session.starts_at - BEFORE > now:
        outbox.plan(
            key=f"{REMINDER}:{session.id}:{session.sequence}",
            kind=REMINDER,
            recipient_id=session.counselor_id,
            payload={"version": session.sequence},
            subject=("group_session", session.id),
            due_at=session.starts_at - BEFORE,
            now=now,
        )


def stop_reminding(session: GroupSession, now: datetime) -> None:
    """Withdraw what is still planned."""
    outbox.withdraw(subject=("group_session", session.id), now=now)


def _invitation(message: OutboxMessage, now: datetime) -> Mail | None:
    invitation = db.session.get(GroupInvitation, message.subject_id)
    if invitation is None or invitation.declined_at or invitation.appointment_id:
        return None
    session = invitation.group_session
    if session.status != SCHEDULED or session.starts_at <= now:
        return None
    practice = db.session.get_one(Practice, 1)
    return mail.compose(
        "emails/booking/group_invitation",
        to=invitation.email,
        subject=f"{invitation.invited_by.first_name} asks you along",
        invitation=invitation,
        session=session,
        where=_where(session),
        zone=session.counselor.zone if invitation.invited_by_id == session.counselor_id else invitation.invited_by.zone,
        link=absolute("booking.companion", secret=message.payload["secret"]),
        practice_name=practice.name,
        practice_email=practice.email,
    )


def _where(session: GroupSession) -> str:
    """Say where it is to somebody whose account, and number, are not known yet."""
    if session.mode == PHONE:
        return f"By phone: {session.counselor.first_name} calls"
    return whereabouts(session, session.counselor)


def _reminder(message: OutboxMessage, now: datetime) -> Mail | None:
    session = db.session.get(GroupSession, message.subject_id)
    person = db.session.get(Person, message.recipient_id)
    if session is None or person is None or person.closed_at is not None or session.status != SCHEDULED:
        return None
    if session.sequence != message.payload["version"] or now > session.starts_at - BEFORE + GRACE:
        return None
    return mail.compose(
        "emails/booking/group_reminder",
        to=person.email,
        subject=f"Coming up: {formats.when(session.starts_at, person.zone)}",
        session=session,
        person=person,
        link=absolute("booking.group", session_id=session.id),
        practice_name=db.session.get_one(Practice, 1).name,
    )
