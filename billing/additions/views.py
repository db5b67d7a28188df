"""The page on which a counselor says what additions to a session cost."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.additions import forms, services
from billing.coding.rules import ADD_ONS
from billing.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.queries.people import the_practice
from practice.security import counselors_only, current_person


@bp.get("/coding/fees")
@counselors_only
def addition_fees() -> ResponseReturnValue:
    """Show a counselor what additions to their sessions cost."""
    kept = services.fees_of(current_person())
    return _page(blank(**{f"fee_{code}": fee.plain for code, fee in kept.items()}))


@bp.post("/coding/fees")
@counselors_only
def keep_addition_fees() -> ResponseReturnValue:
    """Keep what additions cost from now on."""
    form = forms.fees(request.form, currency=the_practice().currency)
    if isinstance(form, Errors):
        return _page(form), 422
    services.keep_fees(current_person(), form)
    db.session.commit()
    flash("Saved. It holds for codes you confirm from now on.")
    return redirect(url_for("billing.addition_fees"), 303)


def _page(form: Errors) -> str:
    codes = list(ADD_ONS.items())
    return render_template("billing/additions/fees.html", form=form, codes=codes, currency=the_practice().currency)
