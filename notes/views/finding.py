"""Finding words across one's own charts. What is looked for is sent in the page's body, never in its address."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from notes import queries, searching
from notes.forms import Looking
from notes.searching import Found
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.models import Person
from practice.security import counselors_only, current_person


@bp.get("/notes/find")
@counselors_only
def look() -> ResponseReturnValue:
    """Ask what to look for."""
    return _page(forms.blank(), None, _client(request.args.get("client", type=int)))


@bp.post("/notes/find")
@counselors_only
def find() -> ResponseReturnValue:
    """Open one's own notes and show where the words stand."""
    person, client = current_person(), _client(request.form.get("client", type=int))
    form = Looking.parse(request.form)
    if isinstance(form, Errors):
        return _page(form, None, client), 422
    found = searching.find(person, form.wanted, client)
    audit.record(
        "notes.searched",
        person_id=person.id,
        subject=("person", client.id) if client else None,
        detail={"opened": found.opened, "found": found.total},
        about=client.id if client else None,
    )
    db.session.commit()
    return _page(forms.blank(wanted=form.wanted), found, client)


def _client(client_id: int | None) -> Person | None:
    if client_id is None:
        return None
    return queries.client_of(current_person(), client_id) or abort(404)


def _page(form: Errors, found: Found | None, client: Person | None) -> str:
    return render_template("notes/find.html", form=form, found=found, client=client, most=searching.MOST)
