"""Which public keys are whose, as the audit log has it: it only grows, and its tree is signed and leaves the house.

A key's fingerprint is written there when the key is made. What stands there first of a key is what counts; a public
half that is not of that fingerprint was exchanged, and nothing is wrapped for it.
"""

import base64
from collections.abc import Collection, Iterable
from hashlib import sha256

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from notes.custody.models import PersonKey, RecoveryKey
from practice.core import audit
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from practice.trail.models import AuditLeaf

PERSON, RECOVERY = "person_key", "recovery_key"
_MADE = ("vault.key_made", "vault.key_listed", "recovery.key_made", "recovery.key_listed")
_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


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


def exchanged() -> list[Person]:
    """List everybody whose newest key is not what the log says."""
    rows = db.session.scalars(select(PersonKey).options(joinedload(PersonKey.person)).order_by(PersonKey.number))
    newest = {row.person_id: row for row in rows}
    good = {row.person_id for row in of_people(newest.values())}
    return sorted((row.person for row in newest.values() if row.person_id not in good), key=lambda each: each.name)


def doubt(person_id: int, number: int) -> None:
    """Write down that a key of somebody's is not the one it was; once."""
    ours = select(AuditEntry.detail).where(AuditEntry.subject_kind == PERSON, AuditEntry.subject_id == person_id)
    told = db.session.scalars(ours.where(AuditEntry.action == "vault.key_doubted"))
    if number not in {detail.get("number") for detail in told}:
        subject = (PERSON, person_id)
        audit.record("vault.key_doubted", person_id=person_id, subject=subject, detail={"number": number})


def was_doubted(person_id: int) -> bool:
    """Tell whether a key of somebody's was ever found exchanged."""
    ours = select(AuditEntry.id).where(AuditEntry.subject_kind == PERSON, AuditEntry.subject_id == person_id)
    return db.session.scalar(ours.where(AuditEntry.action == "vault.key_doubted").limit(1)) is not None


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
