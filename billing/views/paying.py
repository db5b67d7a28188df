"""Paying for a session: one calm page, the provider's own page, and coming back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import checking, fees, owed, payments, problems
from billing.cards import queries as cards
from billing.models import Payment
from billing.payments import AlreadyPaidError, CannotPayError, UnderWayError
from billing.states import KEPT, LATE, OPEN, PROCESSING, TWICE, UNDECIDED
from billing.terms import queries as terms
from billing.terms.rules import in_words
from billing.views.blueprint import bp
from billing.views.opening import open_page, request_for
from booking.models.appointments import Appointment
from booking.policy import HELD
from booking.series.queries import to_pay_first
from practice.core.db import db, writing
from practice.core.ports import ports
from practice.security import clients_only, current_person

CHANGED = "The amount changed meanwhile. Nothing was charged; this is what it is now."
NOT_REACHED = "We could not reach the card company just now. Nothing was charged. Try again in a moment."


@bp.get("/appointments/<int:appointment_id>/payment")
@clients_only
def pay(appointment_id: int) -> ResponseReturnValue:
    """Show what is to be paid, what cancelling costs, and one button."""
    appointment, now = _own(appointment_id), ports().clock.now()
    past = payments.of(appointment)
    if payments.is_settled(appointment):
        return redirect(_after(appointment), 303)
    if payments.why_not_payable(appointment, now):
        return _gone(appointment, past)
    if (first := to_pay_first(appointment)).id != appointment.id and not past:
        return redirect(url_for("billing.pay", appointment_id=first.id), 303)
    if past and past[0].status == PROCESSING:
        return redirect(url_for("billing.returned", appointment_id=appointment.id), 303)
    return _pay_page(appointment)


@bp.post("/appointments/<int:appointment_id>/payment")
@clients_only
def begin(appointment_id: int) -> ResponseReturnValue:
    """Send the person to the provider's page: a second press or a second tab goes to the same one."""
    appointment, now = _own(appointment_id), ports().clock.now()
    try:
        payment = payments.start(appointment, now=now)
    except (AlreadyPaidError, UnderWayError):
        db.session.rollback()
        return redirect(url_for("billing.returned", appointment_id=appointment_id), 303)
    except CannotPayError:
        db.session.rollback()
        return _gone(appointment, payments.of(appointment))
    if request.form.get("amount", payment.amount.plain) != payment.amount.plain:
        db.session.rollback()
        return _pay_page(appointment, CHANGED), 409
    if payment.status == OPEN and payment.checkout_url:
        db.session.commit()
        return redirect(payment.checkout_url, 303)
    number, asked = payment.id, request_for(payment, url_for("billing.returned", appointment_id=appointment_id))
    db.session.commit()
    address = open_page(number, asked)
    return redirect(address, 303) if address else (_not_reached(appointment_id), 503)


@bp.get("/appointments/<int:appointment_id>/payment/return")
@clients_only
def returned(appointment_id: int) -> ResponseReturnValue:
    """Find out from the provider at once what became of the payment, and say it in words."""
    appointment = _own(appointment_id)
    open_now = [payment.id for payment in payments.of(appointment) if payment.status in UNDECIDED]
    if open_now:
        with writing():
            for number in open_now:
                checking.check(ports().payments, number, now=ports().clock.now())
    appointment = _own(appointment_id)
    past = payments.of(appointment)
    if not past:
        return redirect(url_for("billing.pay", appointment_id=appointment_id), 303)
    return _outcome(appointment, past)


def _outcome(appointment: Appointment, past: list[Payment]) -> ResponseReturnValue:
    latest = past[0]
    if latest.fate == KEPT or payments.is_settled(appointment):
        if latest.fate == TWICE:
            flash(f"This session was paid twice. The second {latest.received} is on its way back to you.", "info")
        return redirect(_after(appointment, "booking.confirmation"), 303)
    if latest.fate == LATE or payments.why_not_payable(appointment, ports().clock.now()):
        return _gone(appointment, past)
    if latest.card_id and latest.status == OPEN:
        return redirect(url_for("billing.confirmation_of", payment_id=latest.id), 303)
    template = "billing/waiting.html" if latest.status == PROCESSING else "billing/not_finished.html"
    return render_template(
        template,
        appointment=appointment,
        payment=latest,
        problem=problems.in_words(latest.problem),
        zone=current_person().zone,
    )


def _pay_page(appointment: Appointment, problem: str = "") -> str:
    return render_template(
        "billing/pay.html",
        appointment=appointment,
        to_pay=owed.to_pay(appointment),
        card=cards.usual(current_person()),
        terms=(agreed := terms.agreed_on(appointment)),
        terms_words=in_words(agreed, appointment.price) if appointment.status == HELD else "",
        zone=current_person().zone,
        policy=(appointment.accepted_policy.words if appointment.accepted_policy else "")
        or fees.policy_in_words(appointment.price, appointment.cancellation_notice_hours),
        problem=problem,
    )


def _not_reached(appointment_id: int) -> str:
    db.session.rollback()
    return _pay_page(_own(appointment_id), NOT_REACHED)


def _gone(appointment: Appointment, past: list[Payment]) -> ResponseReturnValue:
    late = next((payment for payment in past if payment.fate == LATE), None)
    return (
        render_template("billing/gone.html", appointment=appointment, late=late, zone=current_person().zone),
        200 if late else 409,
    )


def _after(appointment: Appointment, endpoint: str = "booking.show") -> str:
    """Lead to the session, or to their bills whoever pays for somebody else."""
    if appointment.client_id == current_person().id:
        return url_for(endpoint, appointment_id=appointment.id)
    return url_for("billing.mine")


def _own(appointment_id: int) -> Appointment:
    """Return what the person pays for; for anybody else there is nothing here."""
    appointment = db.session.get(Appointment, appointment_id, populate_existing=True)
    if appointment is None or appointment.billed.id != current_person().id:
        abort(404)
    return appointment
