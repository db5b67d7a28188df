"""Fill an empty demo with a practice and its people; the features add the rest (practice.core.seeds)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from practice import demo_portraits, passwords
from practice.core.db import db
from practice.demo_people import ADMINISTRATOR as OMAR
from practice.demo_people import BILLER as ROSA
from practice.demo_people import CLIENTS, COUNSELORS, PASSWORD, DemoCounselor
from practice.models import (
    ADMINISTRATOR,
    BILLER,
    CLIENT,
    COUNSELOR,
    CounselorLanguage,
    CounselorPhoto,
    CounselorProfile,
    CounselorSpecialty,
    Licence,
    Person,
    PersonRole,
    Practice,
)
from practice.portraits import portrait

OPEN_FOR = timedelta(days=200)


def is_empty() -> bool:
    """Tell whether there is no practice yet."""
    return db.session.get(Practice, 1) is None


def load(now: datetime) -> tuple[Practice, Mapping[str, Person]]:
    """Create the demo practice and its people; return both, people by short name."""
    practice = _practice(now)
    db.session.add(practice)
    password_hash = passwords.hashed(PASSWORD)
    people = {key: _person(key, name, zone, CLIENT, now) for key, name, zone in CLIENTS}
    people |= {each.key: _counselor(each, now) for each in COUNSELORS}
    people["omar"] = _person(*OMAR, ADMINISTRATOR, now)
    people["rosa"] = _person(*ROSA, BILLER, now)
    for person in people.values():
        person.password_hash = password_hash
        db.session.add(person)
    db.session.flush()
    return practice, people


def greeting() -> str:
    """Say how to sign in to the demo."""
    who = (
        ("Alice, a client", "alice"),
        ("Ines, a counselor", "ines"),
        ("Omar, the administrator", "omar"),
        ("Rosa, the biller", "rosa"),
    )
    lines = [f"  {words:<26}{address(key)}" for words, key in who]
    return "\n".join(("Sign in as", *lines, f"  everybody’s password      {PASSWORD}"))


def address(key: str) -> str:
    """Return the e-mail address of somebody in the demo."""
    return f"{key}@example.org"


def _practice(now: datetime) -> Practice:
    return Practice(
        id=1,
        name="Stillpoint Demo Practice",
        zone="America/New_York",
        currency="USD",
        country="US",
        email="hello@stillpoint.example",
        phone="+1 212-555-0142",
        address="14 Harbour Street\nNew York, NY 10004",
        tax_id="00-0000000",
        about="A small practice of counselors who work by video, so that help is near wherever you are.",
        cancellation_notice_hours=24,
        created_at=now - OPEN_FOR,
    )


def _person(key: str, name: str, zone: str, role: str, now: datetime) -> Person:
    since = now - OPEN_FOR + timedelta(days=sum(key.encode()) % 90)
    person = Person(email=address(key), name=name, zone=zone, created_at=since, confirmed_at=since)
    person.role_rows = [PersonRole(role=role, granted_at=since)]
    return person


def _counselor(each: DemoCounselor, now: datetime) -> Person:
    person = _person(each.key, each.name, each.zone, COUNSELOR, now)
    profile = CounselorProfile(
        headline=each.headline,
        credentials=each.credentials,
        pronouns=each.pronouns,
        about=each.about,
        npi=each.npi,
        published=each.published,
        updated_at=now,
    )
    profile.specialties = [CounselorSpecialty(specialty=words) for words in each.specialties]
    profile.languages = [CounselorLanguage(language=words) for words in each.languages]
    expires_on = now.date() + timedelta(days=500)
    profile.licences = [
        Licence(kind=kind, number=number, place=place, expires_on=expires_on) for kind, number, place in each.licences
    ]
    made = portrait(demo_portraits.draw(each.key))
    profile.photo = CounselorPhoto(image=made.image, content_type=made.content_type, digest=made.digest, updated_at=now)
    person.profile = profile
    return person
