"""The one blueprint that every page of notes joins, and what its pages share."""

from dataclasses import dataclass
from typing import Any, Protocol

from flask import Blueprint, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from notes import queries
from notes.models import IN_RECORD, Note
from notes.vault import VaultKeyMissingError, VaultSealBrokenError
from practice.core import audit
from practice.security import current_person

bp = Blueprint("notes", __name__)


class Paged(Protocol):
    """A list of which one page is shown."""

    @property
    def number(self) -> int:
        """The page that is shown."""

    @property
    def pages(self) -> int:
        """How many there are."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in a list, as the pager shows it."""

    number: int
    pages: int
    previous_href: str | None
    next_href: str | None


def pager(board: Paged, endpoint: str, **values: Any) -> Pages:
    """Lead to the pages of a list before and after this one."""

    def to(number: int) -> str | None:
        return url_for(endpoint, page=number, **values) if 1 <= number <= board.pages else None

    return Pages(board.number, board.pages, to(board.number - 1), to(board.number + 1))


def my_note(note_id: int) -> Note:
    """Load a note of the counselor who asks, or answer 404."""
    return queries.note_for(current_person(), note_id) or abort(404)


def seen(action: str, note: Note) -> None:
    """Keep that the note was looked at, beside a request that only reads."""
    about = note.client.id if note.kind in IN_RECORD else None
    audit.record_aside(
        action, person_id=current_person().id, subject=("note", note.id), about=about, acting="counselor"
    )


@bp.errorhandler(VaultSealBrokenError)
@bp.errorhandler(VaultKeyMissingError)
def _cannot_be_opened(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("A note could not be opened: %s", error)
    audit.record_aside("note.seal_broken", person_id=current_person().id, detail={"reason": str(error)})
    return render_template("notes/unreadable.html", reason=str(error)), 500
