"""Things the tests need, with defaults: name only what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

from practice.core.db import Model, db
from practice.models import (
    ADMINISTRATOR,
    CLIENT,
    COUNSELOR,
    CounselorLanguage,
    CounselorProfile,
    CounselorSpecialty,
    Licence,
    Person,
    PersonRole,
    Practice,
)
from tests.support import vaults

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PASSWORD = vaults.PASSWORD

Row = TypeVar("Row", bound=Model)


def saved(row: Row) -> Row:
    """Put a row into the database and commit."""
    db.session.add(row)
    db.session.commit()
    return row


def a_practice(**changes: object) -> Practice:
    """Found the practice."""
    usual = {
        "name": "Stillpoint",
        "zone": "America/New_York",
        "currency": "USD",
        "country": "US",
        "email": "hello@stillpoint.example",
        "created_at": LONG_AGO,
    }
    return saved(Practice(**(usual | changes)))


def a_person(name: str, *roles: str, **changes: object) -> Person:
    """Bring in a person whose e-mail address is confirmed."""
    usual = {
        "name": name,
        "email": f"{name.split(maxsplit=1)[0].lower()}@example.org",
        "zone": "America/New_York",
        "created_at": LONG_AGO,
        "confirmed_at": LONG_AGO,
    }
    person = Person(**(usual | changes))
    person.role_rows = [PersonRole(role=role, granted_at=LONG_AGO) for role in roles]
    db.session.add(person)
    db.session.flush()
    vaults.give_keys(person)
    return saved(person)


def a_client(name: str = "Alice Moreau", **changes: object) -> Person:
    """Bring in a client."""
    return a_person(name, CLIENT, **changes)


def an_administrator(name: str = "Omar Haddad", **changes: object) -> Person:
    """Bring in an administrator."""
    return a_person(name, ADMINISTRATOR, **changes)


def a_counselor(name: str = "Ines Calder", **changes: object) -> Person:
    """Bring in a counselor with a published profile and a licence."""
    counselor = a_person(name, COUNSELOR, **changes)
    profile = CounselorProfile(
        person_id=counselor.id,
        headline="Anxiety, grief and big changes",
        credentials="LMHC",
        about="We begin with what brought you here.",
        published=True,
        updated_at=LONG_AGO,
    )
    profile.specialties = [CounselorSpecialty(specialty="Anxiety")]
    profile.languages = [CounselorLanguage(language="English")]
    profile.licences = [Licence(kind="LMHC", number="NY-004417", place="New York")]
    saved(profile)
    return counselor
