"""Which notes point at a line of the plan: found by opening them, for nothing of it stands in the clear."""

from sqlalchemy.orm import joinedload

from notes import opening
from notes import queries as notes
from notes.models import Note
from practice.core.db import db
from practice.models import Person

MOST = 60


def notes_on(line_id: str, *, counselor: Person, client: Person) -> list[Note]:
    """Return the counselor's notes about a line, the newest first, among the latest on this client."""
    latest = notes.record_notes(counselor, client).order_by(Note.created_at.desc(), Note.id.desc()).limit(MOST)
    found = db.session.scalars(latest.options(joinedload(Note.appointment))).all()
    return [note for note in found if line_id in opening.words_of(note).links]
