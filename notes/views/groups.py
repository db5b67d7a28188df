"""Writing the notes of a shared session on one page."""

from flask.typing import ResponseReturnValue

from notes.views.blueprint import bp, seen
from notes.views.group_desks import of_group
from notes.views.writing import merge_at, save_at, write_at
from practice.security import counselors_only


@bp.get("/groups/<int:session_id>/notes")
@counselors_only
def write_together(session_id: int) -> ResponseReturnValue:
    """Show the part for all and each person's own part."""
    desk = of_group(session_id)
    for seat in desk.seats:
        if seat.note:
            seen("note.viewed", seat.note)
    return write_at(desk)


@bp.post("/groups/<int:session_id>/notes")
@counselors_only
def save_together(session_id: int) -> ResponseReturnValue:
    """Save the page into everybody's own note."""
    return save_at(of_group(session_id))


@bp.post("/groups/<int:session_id>/notes/versions")
@counselors_only
def merge_together(session_id: int) -> ResponseReturnValue:
    """Save what was chosen of two versions of the page."""
    return merge_at(of_group(session_id))
