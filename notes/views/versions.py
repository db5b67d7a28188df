"""How a note came to be, version by version, for its author."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from notes import history, queries
from notes.views import desks
from notes.views.blueprint import bp, seen
from practice.security import counselors_only, current_person


@bp.get("/notes/<int:note_id>/versions")
@counselors_only
def versions(note_id: int) -> ResponseReturnValue:
    """Show what each version changed in the one before, the newest first."""
    note = queries.draft_for(current_person(), note_id) or abort(404)
    seen("note.history_viewed", note)
    steps = history.steps_of(note)[::-1]
    return render_template("notes/versions.html", note=note, steps=steps, desk=desks.of_note(note_id))
