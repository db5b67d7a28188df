"""People, as the practice looks them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from practice.core.db import db
from practice.models import ADMINISTRATOR, Invitation, Person, PersonRole, Practice, Token

PAGE_SIZE = 50


class NotFoundedError(LookupError):
    """There is no practice yet; `flask setup` founds it."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of people, and how many there are in all."""

    people: Sequence[Person]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def the_practice() -> Practice:
    """Return the practice; raise NotFoundedError before there is one."""
    practice = db.session.get(Practice, 1)
    if practice is None:
        raise NotFoundedError("There is no practice yet; run “flask setup”.")
    return practice


def person(person_id: int) -> Person | None:
    """Return a person by number; for administrators."""
    return db.session.get(Person, person_id)


def person_at(email: str) -> Person | None:
    """Return the person with this address, whatever the case it is written in."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def find(*, words: str = "", role: str = "", page: int = 1) -> Found:
    """Return one page of people by name; words match name or address, "closed" and "unconfirmed" act as roles."""
    conditions = [_matches(word) for word in words.split()[:6]] + _in_role(role)
    total = db.session.scalar(select(func.count()).select_from(Person).where(*conditions)) or 0
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), last)
    people = db.session.scalars(
        select(Person)
        .where(*conditions)
        .order_by(func.lower(Person.name), Person.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Found(people, total, number)


def other_open_administrators(than: Person) -> int:
    """Count the administrators who could sign in if this one could not."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Person)
            .join(PersonRole)
            .where(
                PersonRole.role == ADMINISTRATOR,
                Person.id != than.id,
                Person.closed_at.is_(None),
                Person.confirmed_at.is_not(None),
            )
        )
        or 0
    )


def administrators() -> Sequence[Person]:
    """Return the administrators who can sign in."""
    running = select(Person).join(PersonRole).where(PersonRole.role == ADMINISTRATOR, Person.closed_at.is_(None))
    return db.session.scalars(running.order_by(Person.id)).all()


def invitations() -> Sequence[Invitation]:
    """Return every invitation, the newest first."""
    return db.session.scalars(
        select(Invitation).join(Token).order_by(Invitation.invited_at.desc(), Invitation.id.desc()).limit(200)
    ).all()


def invitation(invitation_id: int) -> Invitation | None:
    """Return an invitation by number."""
    return db.session.get(Invitation, invitation_id)


def invitation_of(token: Token) -> Invitation | None:
    """Return the invitation a link belongs to, unless it was taken back or accepted."""
    return db.session.scalar(
        select(Invitation).where(
            Invitation.token_id == token.id, Invitation.withdrawn_at.is_(None), Invitation.accepted_at.is_(None)
        )
    )


def pending_invitation(email: str, role: str, *, now: datetime) -> Invitation | None:
    """Return the invitation of this address to this role that can still be accepted."""
    return db.session.scalar(
        select(Invitation)
        .join(Token)
        .where(
            Invitation.email == email,
            Invitation.role == role,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Token.used_at.is_(None),
            Token.expires_at > now,
        )
    )


def _matches(word: str) -> ColumnElement[bool]:
    return or_(Person.name.icontains(word, autoescape=True), Person.email.contains(word.lower(), autoescape=True))


def _in_role(role: str) -> list[ColumnElement[bool]]:
    if role == "closed":
        return [Person.closed_at.is_not(None)]
    if role == "unconfirmed":
        return [Person.confirmed_at.is_(None), Person.closed_at.is_(None)]
    return [Person.role_rows.any(PersonRole.role == role)] if role else []
