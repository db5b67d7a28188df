"""Make electronic claims of superbills; a file says the same at every download, and its number comes once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from billing import invoicing
from billing.papers import x12
from billing.papers.models import ClaimFile, Superbill
from billing.papers.superbill import Document, Lack
from billing.parties import services as parties
from practice.core import audit
from practice.core.db import db
from practice.models import Person

SERIES = "claim"


def lacks(row: Superbill) -> list[Lack]:
    """Name what keeps a superbill from becoming an electronic claim."""
    return x12.lacks(Document.kept(row.said), parties.of_practice())


def make(row: Superbill, *, by: Person, now: datetime) -> ClaimFile:
    """Write the file of a superbill that lacks nothing."""
    document, practice = Document.kept(row.said), parties.of_practice()
    control = invoicing.next_number(SERIES)
    made = ClaimFile(
        control_number=control,
        superbill_id=row.id,
        text=x12.interchange(document, row.label, practice, control=control, at=now),
        made_at=now,
        made_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("claim.made", person_id=by.id, subject=("superbill", row.id), about=row.client_id)
    return made


def files_of(row: Superbill) -> Sequence[ClaimFile]:
    """Return the files made of a superbill, the latest first."""
    made = select(ClaimFile).where(ClaimFile.superbill_id == row.id)
    return db.session.scalars(made.order_by(ClaimFile.control_number.desc())).all()


def file_of(row: Superbill, control_number: int) -> ClaimFile | None:
    """Return one file of a superbill by its control number."""
    return next((made for made in files_of(row) if made.control_number == control_number), None)
