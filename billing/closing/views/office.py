"""The administrator's months: what each came to, closed for good, and opened again for a reason."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.closing import queries, services
from billing.closing.models import REASONS, ClosedMonth
from billing.closing.months import Month
from billing.ledger.posting import Account
from billing.ledger.words import ACCOUNTS, as_read
from billing.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors, Reader
from practice.core.money import Money
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person, office_only


@bp.get("/months")
@office_only
def months() -> ResponseReturnValue:
    """List the months since the first posting."""
    zone, now = the_practice().zone, ports().clock.now()
    return render_template(
        "billing/closing/months.html",
        months=queries.months(zone, now),
        first_open=queries.first_open(zone),
        latest=queries.latest(),
        now_in=Month.of(now, zone),
        zone=zone,
    )


@bp.get("/months/<month>")
@office_only
def month(month: str) -> ResponseReturnValue:
    """Show what the accounts came to at a month's end, and close it."""
    return _month_page(_read(month))


@bp.post("/months/<month>/closing")
@administrators_only
def close_month(month: str) -> ResponseReturnValue:
    """Close a month."""
    chosen = _read(month)
    try:
        services.close(chosen, zone=the_practice().zone, by=current_person(), now=ports().clock.now())
    except services.CannotCloseError as error:
        db.session.rollback()
        return _month_page(chosen, str(error)), 409
    db.session.commit()
    flash(f"{chosen.words} is closed. Whatever comes now is booked into the next month.", "good")
    return redirect(url_for("billing.months"), 303)


@bp.get("/months/<month>/reopening")
@administrators_only
def reopening(month: str) -> ResponseReturnValue:
    """Ask why a closed month is opened again."""
    return _reopening_page(_closed(month), forms.blank(reason="", note=""))


@bp.post("/months/<month>/reopening")
@administrators_only
def reopen_month(month: str) -> ResponseReturnValue:
    """Open the last closed month again; the reason stands in the audit log."""
    closed = _closed(month)
    reader = Reader(request.form)
    reason = reader.choice("reason", REASONS, missing="Choose why.")
    note = reader.text("note", most=500, required=False)
    if wrong := reader.errors:
        return _reopening_page(closed, wrong), 422
    try:
        services.reopen(closed, reason=reason, note=note, by=current_person(), now=ports().clock.now())
    except services.CannotCloseError as error:
        db.session.rollback()
        return _reopening_page(_closed(month), forms.refused(request.form, reason=str(error))), 409
    words = _read(month).words
    db.session.commit()
    flash(f"{words} is open again.", "info")
    return redirect(url_for("billing.months"), 303)


def _month_page(chosen: Month, problem: str = "") -> str:
    zone, now = the_practice().zone, ports().clock.now()
    past = queries.history(chosen)
    closed = next((each for each in past if each.reopened_at is None), None)
    balances = closed.balances if closed else services.balances_at(min(now, chosen.ends(zone)))
    return render_template(
        "billing/closing/month.html",
        month=chosen,
        closed=closed,
        changed=closed is not None and services.changed_since(closed),
        past=[each for each in past if each.reopened_at],
        balances=[
            (Account(each.account), Money(as_read(Account(each.account), each.cents), each.currency))
            for each in balances
        ],
        accounts=ACCOUNTS,
        reasons=REASONS,
        why_not="" if closed else services.why_not(chosen, zone=zone, now=now),
        is_latest=closed is not None and queries.latest() is closed,
        problem=problem,
        zone=zone,
    )


def _reopening_page(closed: ClosedMonth, form: Errors) -> str:
    month = Month.read(closed.month) or abort(404)
    return render_template("billing/closing/reopening.html", month=month, form=form, reasons=list(REASONS.items()))


def _read(text: str) -> Month:
    return Month.read(text) or abort(404)


def _closed(text: str) -> ClosedMonth:
    found = queries.history(_read(text))
    return next((each for each in found if each.reopened_at is None), None) or abort(404)
