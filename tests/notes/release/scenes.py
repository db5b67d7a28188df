"""Authorisations as clients sign them."""

from datetime import datetime
from typing import Any

from notes import keys
from notes.release import services
from notes.release.models import Release
from notes.release.standing import year_on
from notes.release.terms import STATEMENTS
from notes.release.words import NOTES, SESSIONS, Recipient, Signed
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING
from tests.notes.scenes import a_session

MARSH = Recipient("Dr. Helen Marsh", "doctor", "8 Quay Road")
FORM = {
    "name": MARSH.name,
    "kind": MARSH.kind,
    "address": MARSH.address,
    "parts": ["sessions", "notes"],
    "purpose": "To speak of my medication",
    "ends": "once",
    "signature": "Alice Moreau",
}
"""What Alice fills in."""


def a_paper(**words: Any) -> Signed:
    """Write an authorisation; it lasts a year unless it is told otherwise."""
    on = MONDAY_MORNING.date()
    given = {
        "recipient": MARSH,
        "parts": (SESSIONS, NOTES),
        "purpose": "To speak of my medication",
        "signature": "Alice Moreau",
        "signed_on": on,
        "ends_on": year_on(on),
        "statements": STATEMENTS,
    }
    return Signed(**{**given, **words})


def a_release(counselor: Person, client: Person, *, now: datetime = MONDAY_MORNING, **words: Any) -> Release:
    """Let a client who has met a counselor have signed."""
    chart = keys.chart_of(counselor=counselor, client=client, now=now)
    release = services.authorise(chart, a_paper(**words), by=client, on_paper=False, now=now)
    db.session.commit()
    return release


def have_met(counselor: Person, client: Person) -> None:
    """Let two people have had a session."""
    a_session(counselor, client)
    db.session.commit()
