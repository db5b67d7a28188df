"""Which public keys are whose, as the audit log has it: it only grows, and its tree is signed and leaves the house.

A key's fingerprint is written there when the key is made. What stands there first of a key is what counts; a public
half that is not of that fingerprint was exchanged, and nothing is wrapped for it.
"""

import base64
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from notes.custody import notices
from notes.custody.models import PersonKey, RecoveryKey
from practice.core import audit
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from practice.trail.models import AuditLeaf

PERSON, RECOVERY = "person_key", "recovery_key"
_MADE = ("vault.key_made", "vault.key_listed", "recovery.key_made", "recovery.key_listed")
DOUBTED = "vault.key_doubted"
MOST_SHOWN = 10
_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@dataclass(frozen=True, slots=True)
class Doubt:
    """When a key was found not to be what the log says, and whose it was; without a name the practice's own."""

    at: datetime
    name: str


def fingerprint(public: bytes) -> str:
    """Name a public half in the log: SHA-256, in hexadecimal."""
    return sha256(public).hexdigest()


def mark(public: bytes) -> str:
    """Write a fingerprint for eyes, as the sheets do: its first 80 bits in Crockford's base32, in fours."""
    letters = base64.b32encode(sha256(public).digest()[:10]).decode().translate(_CROCKFORD)
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def made(key: PersonKey) -> None:
    """Write down that somebody's key was made."""
    detail = {"number": key.number, "key": fingerprint(key.public)}
    audit.record("vault.key_made", person_id=key.person_id, subject=(PERSON, key.person_id), detail=detail)


def numbers_known(person_id: int) -> set[int]:
    """Give every number that a key of somebody's ever had, whether or not its row is still there."""
    return {number for _, number in _known(PERSON, [person_id])}


def of_people(keys: Iterable[PersonKey]) -> list[PersonKey]:
    """Keep those of these keys that are what the log says; speak of the others in the server's own log."""
    keys = list(keys)
    known = _known(PERSON, {key.person_id for key in keys})
    good = [key for key in keys if known.get((key.person_id, key.number)) == fingerprint(key.public)]
    for key in keys:
        if key not in good:
            current_app.logger.error("The public key %s is not the one in the audit log.", key.name)
    return good


def of_practice(key: RecoveryKey) -> bool:
    """Tell whether a recovery key is what the log says."""
    return _known(RECOVERY, [key.id]).get((key.id, 0)) == fingerprint(key.public)


def exchanged() -> list[PersonKey]:
    """List the newest keys that are not what the log says, by the names of their people."""
    rows = db.session.scalars(select(PersonKey).options(joinedload(PersonKey.person)).order_by(PersonKey.number))
    newest = {row.person_id: row for row in rows}
    good = {row.person_id for row in of_people(newest.values())}
    return sorted((row for row in newest.values() if row.person_id not in good), key=lambda row: row.person.name)


def doubt(kind: str, owner: int, number: int, *, now: datetime, by: int | None = None) -> None:
    """Write down that a key is not the one it was, and tell those who run the practice; once."""
    told = db.session.scalars(_doubted(kind, owner))
    if number not in {entry.detail.get("number") for entry in told}:
        audit.record(DOUBTED, person_id=by, subject=(kind, owner), detail={"number": number})
        notices.doubted(f"{kind}:{owner}:{number}", now=now)


def doubts() -> list[Doubt]:
    """List what was ever found exchanged, the latest first."""
    entries = select(AuditEntry).where(AuditEntry.action == DOUBTED).order_by(AuditEntry.id.desc()).limit(MOST_SHOWN)
    found = db.session.scalars(entries).all()
    people = select(Person).where(Person.id.in_(entry.subject_id for entry in found if entry.subject_kind == PERSON))
    names: dict[tuple[str | None, int | None], str] = {
        (PERSON, person.id): person.name for person in db.session.scalars(people)
    }
    return [Doubt(entry.at, names.get((entry.subject_kind, entry.subject_id), "")) for entry in found]


def was_doubted(person_id: int) -> bool:
    """Tell whether a key of somebody's was ever found exchanged."""
    return db.session.scalars(_doubted(PERSON, person_id).limit(1)).first() is not None


def _doubted(kind: str, owner: int) -> Select[AuditEntry]:
    ours = select(AuditEntry).where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == owner)
    return ours.where(AuditEntry.action == DOUBTED)


def _known(kind: str, ids: Collection[int]) -> dict[tuple[int, int], str]:
    """Read fingerprints by owner and number, the first of each: in the order of the tree, then of the log."""
    entries = (
        select(AuditEntry.subject_id, AuditEntry.detail)
        .outerjoin(AuditLeaf, AuditLeaf.entry_id == AuditEntry.id)
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids), AuditEntry.action.in_(_MADE))
        .order_by(AuditLeaf.position.is_(None), AuditLeaf.position, AuditEntry.id)
    )
    found: dict[tuple[int, int], str] = {}
    for owner, detail in db.session.execute(entries):
        found.setdefault((owner, detail.get("number", 0)), detail.get("key", ""))
    return found
