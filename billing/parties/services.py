"""Read and keep what parties say of themselves for insurers."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, select

from billing.parties.models import CLIENT, COUNSELOR, PRACTICE, BillingParty
from billing.parties.particulars import ClientParticulars, CounselorParticulars, Particulars, PracticeParticulars
from practice.core import audit
from practice.core.db import db
from practice.models import Person

Kept = TypeVar("Kept", bound=Particulars)


def of_client(client: Person) -> ClientParticulars:
    """Return what a client said; empty where they said nothing."""
    return _read(ClientParticulars, CLIENT, client.id)


def of_counselor(counselor: Person) -> CounselorParticulars:
    """Return what a counselor said."""
    return _read(CounselorParticulars, COUNSELOR, counselor.id)


def of_practice() -> PracticeParticulars:
    """Return what the practice said."""
    return _read(PracticeParticulars, PRACTICE, None)


def keep(whose: Person | None, words: Particulars, *, by: Person, now: datetime) -> bool:
    """Keep what somebody says of a party; nobody stands for the practice. Tell whether anything is different.

    The log names the fields that changed, never what they say.
    """
    kind = _kind(words)
    row = db.session.scalars(select(BillingParty).where(*_whose(kind, whose.id if whose else None))).first()
    before = type(words).kept(row.said if row else None).as_kept()
    after = words.as_kept()
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return False
    if row is None:
        kept = {"said": after, "changed_at": now, "changed_by_id": by.id}
        db.session.add(BillingParty(kind=kind, person_id=whose.id if whose else None, **kept))
    else:
        row.said, row.changed_at, row.changed_by_id = after, now, by.id
    db.session.flush()
    audit.record(
        "billing_details.changed",
        person_id=by.id,
        subject=("person", whose.id) if whose else ("practice", 1),
        detail={"fields": ", ".join(changed)},
        about=whose.id if whose and kind == CLIENT else None,
    )
    return True


def _kind(words: Particulars) -> str:
    kinds: dict[type, str] = {ClientParticulars: CLIENT, CounselorParticulars: COUNSELOR, PracticeParticulars: PRACTICE}
    return kinds[type(words)]


def _read(shape: type[Kept], kind: str, person_id: int | None) -> Kept:
    said = db.session.scalars(select(BillingParty.said).where(*_whose(kind, person_id))).first()
    return shape.kept(said)


def _whose(kind: str, person_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return (BillingParty.kind == kind, BillingParty.person_id == person_id)
