"""Whom a page about a client's money is about, and that somebody else than the client looked."""

from __future__ import annotations

from typing import Protocol

from flask import abort

from practice.core import audit
from practice.models import Person
from practice.queries import people
from practice.security import current_person


class OfClient(Protocol):
    """A paper between a client and a counselor."""

    id: int
    client_id: int
    counselor_id: int


def client_or_404(person_id: int) -> Person:
    """Return a client; anybody else is not found."""
    found = people.person(person_id)
    return found if found and found.is_client else abort(404)


def note_look(paper: OfClient, deed: str, kind: str) -> None:
    """Write down that the viewer looked at a client's paper, unless it is their own."""
    viewer = current_person()
    if paper.client_id != viewer.id:
        acting = "counselor" if paper.counselor_id == viewer.id else viewer.office_role
        audit.record_aside(deed, person_id=viewer.id, subject=(kind, paper.id), about=paper.client_id, acting=acting)
