"""A client reads who opened their record."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from practice.deeds import ACTING, REASONS, words
from practice.queries import audit_trail as queries
from practice.security import clients_only, current_person
from practice.views.blueprint import bp
from practice.views.pages import number_asked


@bp.get("/account/record-access")
@clients_only
def record_access() -> ResponseReturnValue:
    """Show who opened the record, when, in what role and why."""
    person = current_person()
    page = queries.openings(person, before=number_asked("before"))
    return render_template(
        "practice/record_access.html",
        openings=page.openings,
        words=words,
        acting=ACTING,
        reasons=REASONS,
        newest_href=url_for("practice.record_access") if number_asked("before") else None,
        older_href=url_for("practice.record_access", before=page.older) if page.older else None,
    )
