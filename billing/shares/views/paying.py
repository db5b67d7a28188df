"""Paying shares: a preview of what is owed and why, by the card company or by hand; and taking back what was not so."""

from __future__ import annotations

from uuid import uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.shares import forms, queries, sending, services, statements, words
from billing.shares.agreeing import Paying
from billing.shares.models import BANK, CASH, DONE, REFUSED, TRANSFER, SharePayment
from billing.shares.views.whose import chosen_currency, counselor_or_404
from billing.views.blueprint import bp
from practice.core import forms as core_forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors
from practice.core.money import Money
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person

MONTHS_SHOWN = 3


@bp.get("/shares/<int:person_id>/payment")
@administrators_only
def share_payment(person_id: int) -> ResponseReturnValue:
    """Show what is owed to a counselor and ask how it is paid."""
    counselor = counselor_or_404(person_id)
    today = local(ports().clock.now(), the_practice().zone).date()
    usual = _ways(counselor)[0]
    return _form_page(counselor, core_forms.blank(way=usual, paid_on=today, reference="", key=uuid4().hex))


@bp.post("/shares/<int:person_id>/payment")
@administrators_only
def pay_share(person_id: int) -> ResponseReturnValue:
    """Show what is about to happen, and on the second press do it, once."""
    counselor, now = counselor_or_404(person_id), ports().clock.now()
    form = forms.payment(
        request.form,
        currency=chosen_currency(person_id),
        ways=_ways(counselor),
        today=local(now, the_practice().zone).date(),
    )
    if isinstance(form, Errors):
        return _form_page(counselor, form), 422
    if request.form.get("step") != "confirm":
        return _confirm_page(counselor, form)
    try:
        made = services.pay(counselor, form, by=current_person(), now=now)
    except services.CannotPayError as error:
        db.session.rollback()
        return _form_page(counselor_or_404(person_id), core_forms.refused(request.form, way=str(error))), 409
    number = made.id
    db.session.commit()
    if form.way == TRANSFER:
        made = sending.send(ports().payments, number, now=now)
    flash(*_said(made))
    return redirect(url_for("billing.counselor_shares", person_id=person_id), 303)


@bp.post("/shares/payments/<int:payment_id>/calling-off")
@administrators_only
def call_off_share_payment(payment_id: int) -> ResponseReturnValue:
    """Call off a transfer that waits for money."""
    payment = queries.payment(payment_id) or abort(404)
    counselor_id = payment.counselor_id
    try:
        sending.call_off(payment_id, by=current_person())
    except sending.TooLateError as error:
        db.session.rollback()
        flash(str(error), "bad")
    else:
        db.session.commit()
        flash("Called off. It is owed again.", "info")
    return redirect(url_for("billing.counselor_shares", person_id=counselor_id), 303)


@bp.post("/shares/payments/<int:payment_id>/undoing")
@administrators_only
def undo_share_payment(payment_id: int) -> ResponseReturnValue:
    """Take back a payment by hand that was written down by mistake."""
    payment = queries.payment(payment_id)
    if payment is None or payment.way not in {BANK, CASH}:
        abort(404)
    services.undo(payment, by=current_person(), now=ports().clock.now())
    counselor_id, amount = payment.counselor_id, payment.amount
    db.session.commit()
    flash(f"The payment of {amount} is undone; it is owed again.", "info")
    return redirect(url_for("billing.counselor_shares", person_id=counselor_id), 303)


def _said(made: SharePayment) -> tuple[str, str]:
    if made.state == DONE:
        done = "was sent" if made.way == TRANSFER else "is written down as paid"
        return f"{made.amount} {done}.", "good"
    return words.problem(made.problem), "bad" if made.state == REFUSED else "wait"


def _form_page(counselor: Person, form: Errors) -> str:
    currency, practice, now = chosen_currency(counselor.id), the_practice(), ports().clock.now()
    owed = queries.owed_to(counselor.id, currency)
    months = statements.months(counselor.id, currency, zone=practice.zone, now=now)
    promised = sum((each.amount for each in _under_way(counselor) if each.currency == currency), Money.zero(currency))
    return render_template(
        "billing/shares/payment.html",
        counselor=counselor,
        owed=owed,
        months=months[:MONTHS_SHOWN],
        promised=promised,
        form=form,
        ways=[(way, words.WAYS[way]) for way in _ways(counselor)],
        account=queries.account_of(counselor.id),
        currency=currency,
    )


def _confirm_page(counselor: Person, form: Paying) -> str:
    account = queries.account_of(counselor.id) if form.way == TRANSFER else None
    return render_template(
        "billing/shares/payment_confirm.html",
        counselor=counselor,
        form=form,
        way=words.WAYS[form.way],
        account=account,
        again={
            "way": form.way,
            "seen": form.seen.plain,
            "paid_on": form.paid_on.isoformat(),
            "reference": form.reference,
            "key": form.form_key,
            "step": "confirm",
        },
    )


def _ways(counselor: Person) -> list[str]:
    by_transfer = [TRANSFER] if queries.account_of(counselor.id) else []
    return [*by_transfer, BANK, CASH]


def _under_way(counselor: Person) -> list[SharePayment]:
    return [each for each in queries.under_way() if each.counselor_id == counselor.id and each.state != DONE]
