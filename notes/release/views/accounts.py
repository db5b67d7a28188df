"""The account of what was given out (45 CFR 164.528) as the client has it, on a page and on paper."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from notes.own.services import issued
from notes.release import hands, queries, services
from notes.release.standing import years_before
from notes.release.views.pages import file, now, today
from notes.release.words import BASES_TO_CLIENT, WAYS
from notes.views.blueprint import bp
from practice.core import audit
from practice.core.printing import PrintingError
from practice.security import clients_only, current_person

YEARS = 6
"""How far the account goes back (45 CFR 164.528(a)(3))."""
TITLE = "What was given out"


@bp.get("/account/disclosures")
@clients_only
def own_disclosures() -> ResponseReturnValue:
    """Show a client what was given out about them in six years."""
    words = _own_account()
    _seen("disclosures.viewed")
    return render_template("notes/release/given.html", **words)


@bp.get("/account/disclosures.pdf")
@clients_only
def own_disclosures_pdf() -> ResponseReturnValue:
    """Give a client the account on paper."""
    try:
        document = issued("print/disclosures.html", current_person(), title=TITLE, now=now(), **_own_account())
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(url_for("notes.own_disclosures"), 303)
    _seen("disclosures.exported")
    return file(document, "given-out.pdf")


def _own_account() -> Mapping[str, Any]:
    client = current_person()
    first = years_before(today(), YEARS)
    since = datetime.combine(first, time(), ZoneInfo(client.zone))
    lines = services.opened(queries.disclosures_of(hands.own(client), since=since), services.told_of)
    return {"lines": lines, "since": f"{first:%-d %B %Y}", "bases": BASES_TO_CLIENT, "ways": WAYS}


def _seen(action: str) -> None:
    client = current_person()
    audit.record_aside(action, person_id=client.id, subject=("person", client.id), about=client.id)
