"""What an administrator does with people: roles, closing and reopening accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from practice import events, sign_ins
from practice.core import audit
from practice.core.db import db
from practice.events import AccountClosed
from practice.models import ADMINISTRATOR, COUNSELOR, CounselorProfile, Person, PersonRole, Practice
from practice.queries import people


class LastAdministratorError(Exception):
    """Without this person nobody could administer the practice."""


def grant(person: Person, role: str, *, by: Person | None, now: datetime) -> bool:
    """Give a person a role; tell whether it was new."""
    if role in person.roles:
        return False
    person.role_rows.append(PersonRole(role=role, granted_at=now))
    if role == COUNSELOR and person.profile is None:
        person.profile = CounselorProfile(updated_at=now)
    db.session.flush()
    _record("role.granted", person, by, {"role": role})
    return True


def revoke(person: Person, role: str, *, by: Person) -> bool:
    """Take a role back; raises LastAdministratorError. Tell whether the person held it."""
    held = next((row for row in person.role_rows if row.role == role), None)
    if held is None:
        return False
    if role == ADMINISTRATOR:
        _keep_one_administrator(person)
    person.role_rows.remove(held)
    if role == COUNSELOR:
        _take_offline(person)
    db.session.flush()
    _record("role.revoked", person, by, {"role": role})
    return True


def close(person: Person, *, by: Person, now: datetime) -> None:
    """Close an account and end its sign-ins; raises LastAdministratorError."""
    if person.closed_at is not None:
        return
    if person.is_administrator:
        _keep_one_administrator(person)
    person.closed_at = now
    _take_offline(person)
    sign_ins.end_all(person, now=now)
    db.session.flush()
    _record("account.closed", person, by)
    events.account_closed.send(AccountClosed(person, by, now))


def reopen(person: Person, *, by: Person) -> None:
    """Let somebody in again."""
    if person.closed_at is None:
        return
    person.closed_at = None
    db.session.flush()
    _record("account.reopened", person, by)


def _keep_one_administrator(person: Person) -> None:
    # Two who remove each other at the same moment take turns on the practice's row.
    db.session.execute(select(Practice.id).with_for_update())
    if people.other_open_administrators(person) == 0:
        raise LastAdministratorError


def _take_offline(person: Person) -> None:
    if person.profile is not None:
        person.profile.published = False


def _record(action: str, person: Person, by: Person | None, detail: dict[str, str] | None = None) -> None:
    audit.record(action, person_id=by.id if by else None, subject=("person", person.id), detail=detail)
