"""How a service is paid, and booking without paying now."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.cards import queries as cards
from billing.cards import services as saving
from billing.cards.views import page_to_save, saved_now
from billing.terms import queries, services
from billing.terms.forms import HALF, PayingForm
from billing.terms.rules import AMOUNT, BEFORE, CARD, FULL, PERCENT
from billing.views.blueprint import bp
from booking import queries as bookings
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import HELD
from booking.refusals import BookingRefusedError
from booking.services import confirm
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.money import SYMBOLS, Money
from practice.core.ports import ports
from practice.security import clients_only, counselors_only, current_person


@bp.get("/services/<int:service_id>/paying")
@counselors_only
def service_paying(service_id: int) -> ResponseReturnValue:
    """Show how a service is paid."""
    service = _service(service_id)
    rule = queries.rule_of(service.id)
    basis, value = (rule.basis, rule.value) if rule else (PERCENT, HALF)
    form = blank(
        booking=rule.booking if rule else FULL,
        first_visit=rule.first_visit if rule else FULL,
        rest=rule.rest if rule else BEFORE,
        basis=basis,
        percent=value if basis == PERCENT else "",
        amount=Money(value, service.currency).plain if basis == AMOUNT else "",
    )
    return _page(service, form)


@bp.post("/services/<int:service_id>/paying")
@counselors_only
def change_paying(service_id: int) -> ResponseReturnValue:
    """Keep how it is paid from now on."""
    service = _service(service_id)
    form = PayingForm.parse(request.form, price=service.price)
    if isinstance(form, Errors):
        return _page(service, form), 422
    services.set_rule(service, form, by=current_person())
    words = f"How “{service.name}” is paid is saved. Times already chosen keep what was agreed."
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("booking.services"), 303)


@bp.post("/appointments/<int:appointment_id>/unpaid")
@clients_only
def book_unpaid(appointment_id: int) -> ResponseReturnValue:
    """Book a held time that is paid later; where a card is asked for, one must be kept."""
    appointment = _held(appointment_id)
    terms = queries.agreed_on(appointment)
    if not terms.books_unpaid:
        abort(404)
    if terms.booking == CARD and cards.usual(current_person()) is None:
        return redirect(url_for("billing.pay", appointment_id=appointment_id), 303)
    return _book(appointment)


@bp.post("/appointments/<int:appointment_id>/card")
@clients_only
def leave_card(appointment_id: int) -> ResponseReturnValue:
    """Send the client to the page on which they leave a card for a session."""
    appointment = _held(appointment_id)
    begun = saving.begin(current_person(), now=ports().clock.now(), appointment_id=appointment.id)
    number = begun.id
    db.session.commit()
    page = page_to_save(number, url_for("billing.card_left", appointment_id=appointment_id))
    return redirect(page or url_for("billing.pay", appointment_id=appointment_id), 303)


@bp.get("/appointments/<int:appointment_id>/card/return")
@clients_only
def card_left(appointment_id: int) -> ResponseReturnValue:
    """Look whether a card was left; booking it is the client's next tap."""
    _held(appointment_id)
    if not saved_now():
        flash("No card was saved.", "info")
    return redirect(url_for("billing.pay", appointment_id=appointment_id), 303)


def _book(appointment: Appointment) -> ResponseReturnValue:
    number = appointment.id
    if appointment.status != HELD:
        return redirect(url_for("billing.pay", appointment_id=number), 303)
    try:
        confirm(appointment, now=ports().clock.now())
    except BookingRefusedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
        return redirect(url_for("billing.pay", appointment_id=number), 303)
    db.session.commit()
    return redirect(url_for("booking.confirmation", appointment_id=number), 303)


def _page(service: Service, form: Errors) -> str:
    symbol = SYMBOLS.get(service.currency, service.currency)
    return render_template("billing/service_paying.html", service=service, form=form, symbol=symbol)


def _service(service_id: int) -> Service:
    return bookings.service_of(current_person().id, service_id) or abort(404)


def _held(appointment_id: int) -> Appointment:
    appointment = db.session.get(Appointment, appointment_id, populate_existing=True)
    if appointment is None or appointment.billed.id != current_person().id:
        abort(404)
    return appointment
