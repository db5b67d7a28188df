"""Paying with a saved card: one thing, everything at once, and answering one's bank."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import bills, payments, problems
from billing import queries as money
from billing.cards import charging, queries
from billing.cards.models import SavedCard
from billing.models import Invoice, Payment
from billing.outcomes import Billed
from billing.payments import CannotPayError
from billing.states import OPEN, SUCCEEDED
from billing.views.blueprint import bp
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayDownError
from practice.core.ports import ports
from practice.core.settings import settings
from practice.security import clients_only, current_person

log = logging.getLogger(__name__)

NOT_REACHED = "We could not reach the card company just now, so we do not know yet. We look again in a few minutes."
CHANGED = "The amount changed meanwhile. Nothing was charged; this is what it is now."


@bp.post("/appointments/<int:appointment_id>/payment/card")
@clients_only
def pay_by_card(appointment_id: int) -> ResponseReturnValue:
    """Pay for a session with a saved card; the outcome stands on the page one returns to."""
    appointment = db.session.get(Appointment, appointment_id)
    if appointment is None or appointment.billed.id != current_person().id:
        abort(404)
    return _pay(appointment, url_for("billing.returned", appointment_id=appointment_id))


@bp.post("/invoices/<int:invoice_id>/payment/card")
@clients_only
def pay_bill_by_card(invoice_id: int) -> ResponseReturnValue:
    """Pay an invoice about no session with a saved card."""
    found = money.invoice_for(current_person(), invoice_id)
    if found is None or found.invoice.appointment_id or found.invoice.client_id != current_person().id:
        abort(404)
    return _pay(found.invoice, url_for("billing.returned_to_bill", invoice_id=invoice_id))


@bp.get("/billing/balance")
@clients_only
def balance() -> ResponseReturnValue:
    """Show everything that is to be paid, and one button."""
    return _balance_page()


@bp.post("/billing/balance")
@clients_only
def pay_balance() -> ResponseReturnValue:
    """Pay everything, one charge for each invoice, so that each line of the card's statement is one receipt here."""
    card, due = queries.usual(current_person()), _payable(money.due_of(current_person()))
    if card is None:
        return redirect(url_for("billing.cards"), 303)
    if request.form.get("amount") != _words(due):
        return _balance_page(CHANGED), 409
    abouts = [billed.invoice.appointment or billed.invoice for billed in due]
    for about in abouts:
        try:
            bank = charge(about, card, url_for("billing.balance"))
        except GatewayDownError:
            flash(NOT_REACHED, "bad")
            break
        except CannotPayError as refusal:
            db.session.rollback()
            log.info("not charged: %s", refusal)
            continue
        if bank:
            return redirect(bank, 303)
    left = _payable(money.due_of(current_person()))
    if not left:
        flash("Everything is paid. Thank you.", "good")
        return redirect(url_for("billing.mine"), 303)
    return _balance_page(_problem_of(left)), 200


@bp.get("/payments/<int:payment_id>/confirmation")
@clients_only
def confirmation_of(payment_id: int) -> ResponseReturnValue:
    """Ask the client to answer their bank about a charge."""
    payment = _own(payment_id)
    if payment.status != OPEN:
        return redirect(_return_of(payment), 303)
    return render_template("billing/confirm_charge.html", payment=payment, zone=current_person().zone)


@bp.post("/payments/<int:payment_id>/confirmation")
@clients_only
def confirm_charge(payment_id: int) -> ResponseReturnValue:
    """Lead the client to their bank."""
    payment = _own(payment_id)
    back = _return_of(payment)
    try:
        bank = charging.confirm(ports().payments, payment_id, back=settings().base_url + back, now=ports().clock.now())
    except GatewayDownError:
        flash(NOT_REACHED, "bad")
        return redirect(url_for("billing.confirmation_of", payment_id=payment_id), 303)
    return redirect(bank or back, 303)


@bp.post("/payments/<int:payment_id>/withdrawal")
@clients_only
def withdraw_charge(payment_id: int) -> ResponseReturnValue:
    """Let go of a charge that waits for the client's bank, to pay another way."""
    payment = _own(payment_id)
    bill = payment.bill_id
    address = (
        url_for("billing.pay_bill", invoice_id=bill)
        if bill
        else url_for("billing.pay", appointment_id=payment.appointment_id)
    )
    try:
        charging.give_up(ports().payments, payment_id, now=ports().clock.now())
    except GatewayDownError:
        flash(NOT_REACHED, "bad")
    return redirect(address, 303)


def charge(about: Appointment | Invoice, card: SavedCard, back: str) -> str:
    """Charge a card while the client is here; return where their bank asks, or nothing.

    Raises CannotPayError and GatewayDownError.
    """
    provider, now, number = ports().payments, ports().clock.now(), card.id
    charging.clear_the_way(provider, about, now=now)
    begun = charging.begin(about, db.session.get_one(SavedCard, number), now=now)
    begun_id = begun.id
    db.session.commit()
    return charging.carry_out(provider, begun_id, present=True, back=settings().base_url + back, now=now)


def _pay(about: Appointment | Invoice, back: str) -> ResponseReturnValue:
    card = queries.usual(current_person())
    if card is None:
        return redirect(url_for("billing.cards"), 303)
    try:
        bank = charge(about, card, back)
    except GatewayDownError:
        flash(NOT_REACHED, "bad")
        return redirect(back, 303)
    except CannotPayError:
        db.session.rollback()
        return redirect(back, 303)
    return redirect(bank or back, 303)


def _balance_page(problem: str = "") -> str:
    client = current_person()
    due = _payable(money.due_of(client))
    return render_template(
        "billing/balance.html",
        due=due,
        total=_words(due),
        card=queries.usual(client),
        problem=problem,
        zone=client.zone,
    )


def _payable(due: Sequence[Billed]) -> list[Billed]:
    return [each for each in due if not each.invoice.appointment or each.invoice.appointment.status != "cancelled"]


def _words(due: Sequence[Billed]) -> str:
    """Add up by currency: "$240.00", or "$240.00 + €95.00"."""
    sums: dict[str, Money] = {}
    for billed in due:
        code = billed.due.currency
        sums[code] = sums.get(code, Money.zero(code)) + billed.due
    return " + ".join(str(amount) for amount in sums.values())


def _problem_of(left: Sequence[Billed]) -> str:
    invoice = left[0].invoice
    past = payments.of(invoice.appointment) if invoice.appointment else bills.of(invoice)
    return problems.in_words(past[0].problem) if past else ""


def _own(payment_id: int) -> Payment:
    payment = money.payment_for(current_person(), payment_id)
    if payment is None or payment.client_id != current_person().id or payment.card_id is None:
        abort(404)
    return payment


def _return_of(payment: Payment) -> str:
    if payment.status == SUCCEEDED and payment.invoice_id:
        return url_for("billing.invoice", invoice_id=payment.invoice_id)
    if payment.appointment_id:
        return url_for("billing.returned", appointment_id=payment.appointment_id)
    return url_for("billing.returned_to_bill", invoice_id=payment.bill_id)
