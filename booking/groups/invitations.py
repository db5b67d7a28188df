"""Asking people along by e-mail, and their answers."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select

from booking.groups import letters, seats
from booking.groups.terms import Companion
from booking.models.appointments import Appointment
from booking.models.groups import GroupInvitation, GroupSession
from booking.policy import CANCELLED, EXPIRED
from booking.refusals import NotAllowedError
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person


def invite(
    session: GroupSession,
    companion: Companion,
    *,
    price: Money,
    payer: Person | None,
    by: Person,
    now: datetime,
) -> GroupInvitation:
    """Note whom somebody asks along; the letter goes out with `send`."""
    invitation = GroupInvitation(
        group_session_id=session.id,
        name=companion.name,
        email=companion.email,
        price_cents=price.cents,
        payer_id=payer.id if payer else None,
        secret_hash=_hash(secrets.token_urlsafe(32)),
        invited_by_id=by.id,
        invited_at=now,
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation


def send(invitation: GroupInvitation, now: datetime) -> None:
    """Send the letter with a new link; a link sent before stops working."""
    secret = secrets.token_urlsafe(32)
    invitation.secret_hash = _hash(secret)
    db.session.flush()
    letters.plan_invitation(invitation, secret, now)
    audit.record(
        "group_invitation.sent", person_id=invitation.invited_by_id, subject=("group_invitation", invitation.id)
    )


def found(secret: str) -> GroupInvitation | None:
    """Return the invitation behind a link."""
    return db.session.scalar(select(GroupInvitation).where(GroupInvitation.secret_hash == _hash(secret)))


def accept(invitation: GroupInvitation, person: Person, *, now: datetime) -> Appointment:
    """Take the place kept for whoever opened the letter; accepting twice is accepting once. Raises a refusal."""
    session = invitation.group_session
    seats.lock(session, person, *([invitation.payer] if invitation.payer else []), now=now)
    db.session.refresh(invitation, with_for_update={"of": GroupInvitation})
    if again := seats.seat_of(session, person):
        return again
    if invitation.declined_at:
        raise NotAllowedError("This invitation no longer stands. Ask whoever invited you for a new one.")
    if is_answered(invitation):
        raise NotAllowedError("Somebody has already come in with this invitation.")
    if not seats.is_scheduled(session):
        raise NotAllowedError("This session is not taking place any more.")
    seat = seats.take(session, person, invitation.price, now, payer=invitation.payer)
    invitation.appointment_id = seat.id
    audit.record("group_invitation.accepted", person_id=person.id, subject=("group_invitation", invitation.id))
    return seat


def decline(invitation: GroupInvitation, *, now: datetime) -> None:
    """Say no. Whoever came already leaves by cancelling."""
    db.session.refresh(invitation, with_for_update={"of": GroupInvitation})
    if is_answered(invitation):
        raise NotAllowedError("You have already said yes. You can cancel from the session’s own page.")
    invitation.appointment_id, invitation.declined_at = None, invitation.declined_at or now
    audit.record("group_invitation.declined", subject=("group_invitation", invitation.id))


def withdraw(invitation: GroupInvitation, *, now: datetime) -> None:
    """Take an unanswered invitation back; its link stops working."""
    if not is_answered(invitation):
        invitation.appointment_id, invitation.declined_at = None, invitation.declined_at or now
        outbox.withdraw(subject=("group_invitation", invitation.id), now=now)


def withdraw_all(session: GroupSession, now: datetime) -> None:
    """Take back whatever is unanswered."""
    for invitation in session.invitations:
        withdraw(invitation, now=now)


def is_answered(invitation: GroupInvitation) -> bool:
    """Tell whether somebody came with it; a place that was let go of can be taken once more."""
    seat = invitation.appointment
    return seat is not None and seat.status not in {EXPIRED, CANCELLED}


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
