"""The administrator's till: what should be in it, counting it, and what was carried to the bank."""

from __future__ import annotations

from datetime import date
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.till import queries, services
from billing.till.forms import Count
from billing.views.blueprint import bp
from billing.views.pages import Pages
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.money import SYMBOLS
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person, office_only


@bp.get("/till")
@office_only
def till() -> ResponseReturnValue:
    """Show what should be in the till, with a form for counting it, and the counts so far."""
    found = queries.till(the_practice().currency)
    cash = found.cash.plain if found.cash.cents > 0 else ""
    chosen = [str(cheque.id) for cheque in found.cheques]
    return _page(found, forms.blank(banked_on=_today().isoformat(), cash=cash, key=uuid4().hex, cheques=chosen))


@bp.post("/till")
@office_only
def bank_till() -> ResponseReturnValue:
    """Write down a count and what goes to the bank, once."""
    if made := queries.made_by(request.form.get("key", "")):
        return redirect(url_for("billing.till_banking", number=made.id), 303)
    found = queries.till(the_practice().currency)
    amounts = {cheque.id: cheque.amount for cheque in found.cheques}
    form = Count.parse(request.form, expected=found.cash, cheques=amounts, today=_today())
    if isinstance(form, Errors):
        return _page(found, form), 422
    try:
        made = services.bank(
            expected=found.cash,
            counted=form.counted,
            cash=form.cash,
            cheques=form.cheques,
            banked_on=form.banked_on,
            note=form.note,
            by=current_person(),
            form_key=form.key,
            now=ports().clock.now(),
        )
    except services.CannotBankError as error:
        db.session.rollback()
        return _page(queries.till(the_practice().currency), forms.refused(request.form, counted=str(error))), 409
    number, words = made.id, f"{made.carried} went to the bank." if made.carried else "The count is written down."
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("billing.till_banking", number=number), 303)


@bp.get("/till/<int:number>")
@office_only
def till_banking(number: int) -> ResponseReturnValue:
    """Show one count of the till, with the cheques that went to the bank."""
    found = queries.banking(number) or abort(404)
    audit.record_aside("till.viewed", person_id=current_person().id, subject=("till_banking", number))
    latest = queries.latest(found.currency)
    return render_template(
        "billing/till/banking.html",
        banking=found,
        may_undo=latest is not None and latest.id == found.id,
        zone=the_practice().zone,
    )


@bp.post("/till/<int:number>/undoing")
@administrators_only
def undo_till_banking(number: int) -> ResponseReturnValue:
    """Take the latest count back out of the books."""
    found = queries.banking(number) or abort(404)
    try:
        services.undo(found, by=current_person(), now=ports().clock.now())
    except services.CannotBankError as error:
        db.session.rollback()
        flash(str(error), "bad")
    else:
        db.session.commit()
        flash("Undone: it is in the till again.", "good")
    return redirect(url_for("billing.till_banking", number=number), 303)


def _page(found: queries.Till, form: Errors) -> str:
    number = min(max(request.args.get("page", 1, type=int) or 1, 1), 1000)
    rows, practice = queries.page(number), the_practice()
    return render_template(
        "billing/till/till.html",
        till=found,
        form=form,
        chosen=form.values.get("cheques", []),
        rows=rows[: queries.PAGE_SIZE],
        pages=Pages(
            number,
            0,
            url_for("billing.till", page=number - 1) if number > 1 else None,
            url_for("billing.till", page=number + 1) if len(rows) > queries.PAGE_SIZE else None,
        ),
        symbol=SYMBOLS.get(practice.currency, practice.currency),
        today=_today(),
        zone=practice.zone,
    )


def _today() -> date:
    return ports().clock.now().astimezone(ZoneInfo(the_practice().zone)).date()
