"""Paying an invoice that is about no session."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import bills, checking, problems, queries
from billing.cards import queries as cards
from billing.models import Invoice
from billing.outcomes import Billed
from billing.payments import AlreadyPaidError, CannotPayError, UnderWayError
from billing.states import KEPT, OPEN, TWICE, UNDECIDED
from billing.views.blueprint import bp
from billing.views.opening import open_page, request_for
from billing.views.paying import CHANGED, NOT_REACHED
from practice.core.db import db, writing
from practice.core.ports import ports
from practice.security import clients_only, current_person


@bp.get("/invoices/<int:invoice_id>/payment")
@clients_only
def pay_bill(invoice_id: int) -> ResponseReturnValue:
    """Show what is to be paid, and one button; an invoice about a session is paid on the session's own page."""
    billed = _own(invoice_id)
    if billed.invoice.appointment_id:
        return redirect(url_for("billing.pay", appointment_id=billed.invoice.appointment_id), 303)
    if not billed.due:
        return redirect(url_for("billing.invoice", invoice_id=invoice_id), 303)
    return _pay_page(billed)


@bp.post("/invoices/<int:invoice_id>/payment")
@clients_only
def begin_bill(invoice_id: int) -> ResponseReturnValue:
    """Send the person to the provider's page: a second press or a second tab goes to the same one."""
    invoice = _about_no_session(invoice_id)
    back = url_for("billing.returned_to_bill", invoice_id=invoice_id)
    try:
        payment = bills.start(invoice, now=ports().clock.now())
    except (AlreadyPaidError, UnderWayError):
        db.session.rollback()
        return redirect(back, 303)
    except CannotPayError as refusal:
        db.session.rollback()
        flash(str(refusal), "info")
        return redirect(url_for("billing.invoice", invoice_id=invoice_id), 303)
    if request.form.get("amount", payment.amount.plain) != payment.amount.plain:
        db.session.rollback()
        return _pay_page(_own(invoice_id), CHANGED), 409
    if payment.status == OPEN and payment.checkout_url:
        db.session.commit()
        return redirect(payment.checkout_url, 303)
    number, asked = payment.id, request_for(payment, back)
    db.session.commit()
    address = open_page(number, asked)
    return redirect(address, 303) if address else (_pay_page(_own(invoice_id), NOT_REACHED), 503)


@bp.get("/invoices/<int:invoice_id>/payment/return")
@clients_only
def returned_to_bill(invoice_id: int) -> ResponseReturnValue:
    """Find out from the provider at once what became of the payment, and say it in words."""
    open_now = [payment.id for payment in bills.of(_about_no_session(invoice_id)) if payment.status in UNDECIDED]
    if open_now:
        with writing():
            for number in open_now:
                checking.check(ports().payments, number, now=ports().clock.now())
    past = bills.of(_about_no_session(invoice_id))
    if not past:
        return redirect(url_for("billing.pay_bill", invoice_id=invoice_id), 303)
    latest = past[0]
    if latest.fate == KEPT:
        flash(f"{latest.received} arrived. Thank you.", "good")
    elif latest.fate == TWICE:
        flash(f"This was paid already. The second {latest.received} is on its way back to you.", "info")
    elif latest.card_id and latest.status == OPEN:
        return redirect(url_for("billing.confirmation_of", payment_id=latest.id), 303)
    elif (latest.status in UNDECIDED or latest.problem) and (billed := _own(invoice_id)).due:
        return _pay_page(billed, problems.in_words(latest.problem) or "You have not paid yet. Nothing was charged.")
    return redirect(url_for("billing.invoice", invoice_id=invoice_id), 303)


def _pay_page(billed: Billed, problem: str = "") -> str:
    return render_template("billing/pay_bill.html", billed=billed, problem=problem, card=cards.usual(current_person()))


def _own(invoice_id: int) -> Billed:
    billed = queries.invoice_for(current_person(), invoice_id)
    if billed is None or billed.invoice.client_id != current_person().id:
        abort(404)
    return billed


def _about_no_session(invoice_id: int) -> Invoice:
    invoice = _own(invoice_id).invoice
    if invoice.appointment_id:
        abort(404)
    return invoice
