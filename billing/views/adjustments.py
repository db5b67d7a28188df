"""Asking for less of an invoice."""

from __future__ import annotations

from uuid import uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import adjusting, queries
from billing.forms import AskLess
from billing.outcomes import Billed
from billing.states import ADJUSTMENTS, WRITES_OFF
from billing.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import administrators_only, current_person


@bp.get("/invoices/<int:invoice_id>/adjustment")
@administrators_only
def adjustment(invoice_id: int) -> ResponseReturnValue:
    """Ask how much less is asked for, and why."""
    billed = _found(invoice_id)
    due = billed.due.plain
    return _form_page(billed, forms.blank(amount=due, seen=due, reason="", note="", key=uuid4().hex))


@bp.post("/invoices/<int:invoice_id>/adjustment")
@administrators_only
def adjust(invoice_id: int) -> ResponseReturnValue:
    """Take it off, once; a form that was overtaken is shown again with what is due now."""
    billed = _found(invoice_id)
    form = AskLess.parse(request.form, due=billed.balance)
    if isinstance(form, Errors):
        return _again(billed, form)
    try:
        made = adjusting.adjust(
            billed.invoice,
            form.amount,
            reason=form.reason,
            seen=form.seen,
            note=form.note,
            by=current_person(),
            form_key=form.key,
            now=ports().clock.now(),
        )
    except adjusting.CannotAdjustError as error:
        db.session.rollback()
        return _overtaken(invoice_id, str(error)), 409
    words = f"{made.amount} is {'written off' if made.reason in WRITES_OFF else 'credited'}."
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("billing.invoice", invoice_id=invoice_id), 303)


def _again(billed: Billed, form: Errors) -> ResponseReturnValue:
    """Show the form again; one that was taken already leads to the invoice."""
    if adjusting.made_by(request.form.get("key", "")):
        return redirect(url_for("billing.invoice", invoice_id=billed.invoice.id), 303)
    return _form_page(billed, form), 422


def _overtaken(invoice_id: int, words: str) -> str:
    billed = _found(invoice_id)
    values = {**forms.shown(request.form), "seen": billed.due.plain}
    return _form_page(billed, Errors(values, {"amount": words}))


def _form_page(billed: Billed, form: Errors) -> str:
    return render_template("billing/adjustment.html", billed=billed, form=form, reasons=list(ADJUSTMENTS.items()))


def _found(invoice_id: int) -> Billed:
    return queries.invoice_for(current_person(), invoice_id) or abort(404)
