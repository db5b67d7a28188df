"""What a client agrees to, and what becomes of their data."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from practice.queries.people import the_practice
from practice.security import open_to_all
from practice.views.blueprint import bp


@bp.get("/terms")
@open_to_all
def terms() -> ResponseReturnValue:
    """Say what a client agrees to."""
    return render_template("practice/terms.html", practice=the_practice())


@bp.get("/privacy")
@open_to_all
def privacy() -> ResponseReturnValue:
    """Say what is kept, who reads it, and for how long."""
    return render_template("practice/privacy.html", practice=the_practice())
