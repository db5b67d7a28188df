"""Psychotherapy notes are in no packet: what the law asks before they are given, and the paper to sign for it.

The paper is the authorisation of its own that 45 CFR 164.508(b)(3)(ii) asks for. Nothing here opens such a note.
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from notes import queries as charts
from notes.release.terms import APART_STATEMENTS
from notes.release.views.pages import file
from notes.safety.queries import counselors_of
from notes.views.blueprint import bp
from practice.core.ports import ports
from practice.core.printing import PrintingError
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import clients_only, counselors_only, current_person

TITLE = "Authorisation for psychotherapy notes"
FILE = "psychotherapy-notes-authorisation.pdf"


@bp.get("/account/releases/psychotherapy-notes")
@clients_only
def apart() -> ResponseReturnValue:
    """Tell a client how psychotherapy notes may be given to somebody, and why not from here."""
    return render_template("notes/release/apart.html", counselors=counselors_of(current_person()))


@bp.get("/account/releases/psychotherapy-notes/<int:counselor_id>.pdf")
@clients_only
def apart_pdf(counselor_id: int) -> ResponseReturnValue:
    """Give a client the paper to sign, for one of their counselors."""
    client = current_person()
    counselor = next((each for each in counselors_of(client) if each.id == counselor_id), None) or abort(404)
    return _paper(client, counselor, back=url_for("notes.apart"))


@bp.get("/clients/<int:client_id>/psychotherapy-notes/authorisation.pdf")
@counselors_only
def apart_paper_pdf(client_id: int) -> ResponseReturnValue:
    """Give a counselor the paper for a client to sign."""
    counselor = current_person()
    client = charts.client_of(counselor, client_id) or abort(404)
    return _paper(client, counselor, back=url_for("notes.psychotherapy", client_id=client.id))


def _paper(client: Person, counselor: Person, *, back: str) -> ResponseReturnValue:
    page = render_template(
        "print/apart.html",
        title=TITLE,
        client=client,
        counselor=counselor,
        practice=the_practice(),
        statements=APART_STATEMENTS,
    )
    try:
        return file(ports().printer.pdf(page, title=TITLE), FILE)
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(back, 303)
