"""What a counselor tells the public, and when it is complete enough to be shown."""

from __future__ import annotations

from datetime import date, datetime

from practice.core import audit
from practice.core.db import db
from practice.forms.profile import LicenceForm, Profile
from practice.models import (
    CounselorLanguage,
    CounselorPhoto,
    CounselorProfile,
    CounselorSpecialty,
    Licence,
    Person,
)
from practice.portraits import portrait


class LicenceKnownError(Exception):
    """The licence is in the list."""


class IncompleteError(Exception):
    """The public must not see a profile without these parts."""

    def __init__(self, parts: list[str]) -> None:
        self.parts = parts
        super().__init__(", ".join(parts))


def profile_of(counselor: Person, *, now: datetime) -> CounselorProfile:
    """Return a counselor's profile; an empty one is made when there is none."""
    if counselor.profile is None:
        counselor.profile = CounselorProfile(
            updated_at=now, published=False, headline="", credentials="", pronouns="", about="", npi=""
        )
    return counselor.profile


def missing(profile: CounselorProfile, *, today: date) -> list[str]:
    """Name what a profile still needs before it can be shown."""
    valid = [licence for licence in profile.licences if licence.expires_on is None or licence.expires_on >= today]
    parts = {
        "a headline": profile.headline,
        "a few words about you and your work": profile.about,
        "at least one specialty": profile.specialties,
        "at least one language": profile.languages,
        "at least one valid licence": valid,
    }
    return [words for words, there in parts.items() if not there]


def save(counselor: Person, words: Profile, *, now: datetime) -> CounselorProfile:
    """Save the words; raises IncompleteError when a public profile would lose a part it needs."""
    profile = profile_of(counselor, now=now)
    profile.headline, profile.credentials = words.headline, words.credentials
    profile.pronouns, profile.about, profile.npi = words.pronouns, words.about, words.npi
    _keep_specialties(profile, words.specialties)
    _keep_languages(profile, words.languages)
    _changed(counselor, profile, "profile.changed", now)
    return profile


def publish(counselor: Person, *, now: datetime, today: date) -> None:
    """Show a profile to everybody; raises IncompleteError."""
    profile = profile_of(counselor, now=now)
    if parts := missing(profile, today=today):
        raise IncompleteError(parts)
    profile.published = True
    _changed(counselor, profile, "profile.published", now, today=today)


def unpublish(counselor: Person, *, now: datetime) -> None:
    """Take a profile out of the directory."""
    profile = profile_of(counselor, now=now)
    profile.published = False
    _changed(counselor, profile, "profile.taken_offline", now)


def add_licence(counselor: Person, form: LicenceForm, *, now: datetime) -> None:
    """Add a licence; raises LicenceKnownError."""
    profile = profile_of(counselor, now=now)
    if any((kept.place, kept.number) == (form.place, form.number) for kept in profile.licences):
        raise LicenceKnownError
    profile.licences.append(Licence(kind=form.kind, number=form.number, place=form.place, expires_on=form.expires_on))
    _changed(counselor, profile, "licence.added", now)


def remove_licence(counselor: Person, licence_id: int, *, now: datetime) -> bool:
    """Remove one's own licence; tell whether there was one. Raises IncompleteError."""
    profile = profile_of(counselor, now=now)
    held = next((kept for kept in profile.licences if kept.id == licence_id), None)
    if held is None:
        return False
    profile.licences.remove(held)
    _changed(counselor, profile, "licence.removed", now)
    return True


def keep_photo(counselor: Person, data: bytes, *, now: datetime) -> None:
    """Keep a new picture; raises practice.portraits.PictureRefusedError."""
    made = portrait(data)
    profile = profile_of(counselor, now=now)
    if profile.photo is None:
        profile.photo = CounselorPhoto(
            image=made.image, content_type=made.content_type, digest=made.digest, updated_at=now
        )
    else:
        profile.photo.image, profile.photo.content_type = made.image, made.content_type
        profile.photo.digest, profile.photo.updated_at = made.digest, now
    _changed(counselor, profile, "photo.changed", now)


def remove_photo(counselor: Person, *, now: datetime) -> None:
    """Go back to initials."""
    profile = profile_of(counselor, now=now)
    profile.photo = None
    _changed(counselor, profile, "photo.removed", now)


def _keep_specialties(profile: CounselorProfile, wanted: tuple[str, ...]) -> None:
    kept = {row.specialty: row for row in profile.specialties}
    profile.specialties = [kept.get(words) or CounselorSpecialty(specialty=words) for words in wanted]


def _keep_languages(profile: CounselorProfile, wanted: tuple[str, ...]) -> None:
    kept = {row.language: row for row in profile.languages}
    profile.languages = [kept.get(words) or CounselorLanguage(language=words) for words in wanted]


def _changed(
    counselor: Person, profile: CounselorProfile, action: str, now: datetime, today: date | None = None
) -> None:
    parts = missing(profile, today=today or now.date())
    if profile.published and parts:
        raise IncompleteError(parts)
    profile.updated_at = now
    db.session.flush()
    audit.record(action, person_id=counselor.id, subject=("person", counselor.id))
