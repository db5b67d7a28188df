"""Invite counselors, billers and administrators, and let them in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from practice import events, letters, tokens
from practice.core import audit
from practice.core.db import db
from practice.forms.people import Invite
from practice.models import Invitation, Person, Token
from practice.queries.people import invitation_of, pending_invitation, person_at
from practice.services import people


class AlreadyInvitedError(Exception):
    """An invitation of this address to this role still waits for an answer."""


class AlreadyInRoleError(Exception):
    """The person with this address has the role."""


def invite(wanted: Invite, *, by: Person, now: datetime) -> Invitation:
    """Send an invitation; raises AlreadyInvitedError and AlreadyInRoleError."""
    member = person_at(wanted.email)
    if member is not None and wanted.role in member.roles:
        raise AlreadyInRoleError
    if pending_invitation(wanted.email, wanted.role, now=now) is not None:
        raise AlreadyInvitedError
    _let_lapsed_ones_go(wanted, now)
    token, secret = tokens.issue("invitation", now=now)
    invitation = Invitation(
        email=wanted.email,
        name=wanted.name,
        role=wanted.role,
        token=token,
        invited_by_id=by.id,
        invited_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(invitation)
    except IntegrityError as error:  # somebody else invited them a moment ago
        raise AlreadyInvitedError from error
    _send(invitation, secret, by=by, now=now)
    _record("invitation.sent", invitation, by)
    return invitation


def resend(invitation: Invitation, *, by: Person, now: datetime) -> bool:
    """Send a fresh link and let the old one stop; tell whether the invitation was still unanswered."""
    if invitation.accepted_at or invitation.withdrawn_at:
        return False
    if invitation.token.used_at is None:
        invitation.token.used_at = now
    invitation.token, secret = tokens.issue("invitation", now=now)
    db.session.flush()
    _send(invitation, secret, by=by, now=now)
    _record("invitation.sent_again", invitation, by)
    return True


def withdraw(invitation: Invitation, *, by: Person, now: datetime) -> bool:
    """Take an invitation back; tell whether it was still unanswered."""
    if invitation.accepted_at or invitation.withdrawn_at:
        return False
    invitation.withdrawn_at = now
    if invitation.token.used_at is None:
        invitation.token.used_at = now
    _record("invitation.withdrawn", invitation, by)
    return True


def accept(
    secret: str, *, now: datetime, name: str = "", zone: str = "", password_hash: str | None = None
) -> Person | None:
    """Use an invitation: open the account, or give the role to the one there is."""
    token = tokens.use("invitation", secret, now=now)
    invitation = invitation_of(token) if token else None
    if invitation is None:
        return None
    person = person_at(invitation.email)
    if person is not None and person.closed_at is not None:
        return None
    if person is None:
        person = Person(email=invitation.email, name=name, zone=zone, created_at=now)
        db.session.add(person)
    if person.confirmed_at is None:
        if not password_hash:
            return None
        person.name, person.zone, person.password_hash, person.confirmed_at = name, zone, password_hash, now
        db.session.flush()
        events.password_set.send(events.PasswordSet(person, now))
        tokens.revoke("confirm_email", person_id=person.id, now=now)
    invitation.accepted_at = now
    people.grant(person, invitation.role, by=None, now=now)
    _record("invitation.accepted", invitation, person)
    return person


def _let_lapsed_ones_go(wanted: Invite, now: datetime) -> None:
    """Take back invitations whose link ran out: the database lets one stand open for an address and a role."""
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.email == wanted.email,
            Invitation.role == wanted.role,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.token_id.in_(select(Token.id).where(or_(Token.used_at.is_not(None), Token.expires_at <= now))),
        )
        .values(withdrawn_at=now)
    )


def _send(invitation: Invitation, secret: str, *, by: Person, now: datetime) -> None:
    letters.send_link(
        invitation.token,
        secret,
        to=invitation.email,
        name=(invitation.name.split() or [""])[0],
        now=now,
        inviter=by.name,
        role=invitation.role,
    )


def _record(action: str, invitation: Invitation, by: Person) -> None:
    audit.record(action, person_id=by.id, subject=("invitation", invitation.id), detail={"role": invitation.role})
