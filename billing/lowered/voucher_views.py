"""Pages about vouchers: the office's list, and using a code for a session."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from billing.lowered import queries, redeeming
from billing.lowered.forms import NewVoucher, written
from billing.lowered.models import Voucher
from billing.views.blueprint import bp
from booking import queries as booking_queries
from booking.models.appointments import Appointment
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import administrators_only, clients_only, current_person


@bp.get("/vouchers")
@administrators_only
def vouchers() -> ResponseReturnValue:
    """List the vouchers, with a form for another one."""
    return _page(forms.blank(measure="percent"))


@bp.post("/vouchers")
@administrators_only
def make_voucher() -> ResponseReturnValue:
    """Make a voucher."""
    practice, now = the_practice(), ports().clock.now()
    zone = ZoneInfo(practice.zone)
    kinds = {each.id for each in booking_queries.priced_services()}
    today = now.astimezone(zone).date()
    form = NewVoucher.parse(request.form, currency=practice.currency, today=today, services=kinds)
    if isinstance(form, Errors):
        return _page(form), 422
    if db.session.scalar(select(Voucher.id).where(Voucher.code == form.code)):
        return _page(forms.refused(request.form, code="This code is taken. Make up another one.")), 409
    ends = datetime.combine(form.last_day + timedelta(days=1), time.min, zone) if form.last_day else None
    made = Voucher(
        code=form.code,
        percent=form.percent,
        amount_cents=form.amount.cents if form.amount else None,
        currency=practice.currency,
        service_id=form.service_id,
        most_uses=form.most_uses,
        ends_at=ends.astimezone(UTC) if ends else None,
        made_at=now,
        made_by_id=current_person().id,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("voucher.made", person_id=current_person().id, subject=("voucher", made.id))
    db.session.commit()
    flash(f"{form.code} can be used now.", "good")
    return redirect(url_for("billing.vouchers"), 303)


@bp.post("/vouchers/<int:voucher_id>/withdrawal")
@administrators_only
def withdraw_voucher(voucher_id: int) -> ResponseReturnValue:
    """Take a voucher back; sessions it was used for keep their price."""
    found = db.session.get(Voucher, voucher_id) or abort(404)
    found.active = False
    audit.record("voucher.withdrawn", person_id=current_person().id, subject=("voucher", found.id))
    db.session.commit()
    flash("It cannot be used any more. What it took off stays off.", "good")
    return redirect(url_for("billing.vouchers"), 303)


@bp.post("/appointments/<int:appointment_id>/voucher")
@clients_only
def use_voucher(appointment_id: int) -> ResponseReturnValue:
    """Use a code for a session that is still to be paid."""
    client = current_person()
    appointment = db.session.get(Appointment, appointment_id)
    if appointment is None or appointment.billed.id != client.id:
        abort(404)
    code = written(request.form.get("code", ""))
    try:
        off = redeeming.redeem(appointment, code, by=client, now=ports().clock.now())
    except redeeming.CannotRedeemError as error:
        db.session.rollback()
        flash(str(error), "bad")
        return redirect(url_for("billing.pay", appointment_id=appointment_id), 303)
    free = not appointment.price and appointment.client_id == client.id
    db.session.commit()
    flash(f"{off} less to pay.", "good")
    endpoint = "booking.confirmation" if free else "billing.pay"
    return redirect(url_for(endpoint, appointment_id=appointment_id), 303)


def _page(form: Errors) -> str:
    return render_template(
        "billing/lowered/vouchers.html",
        vouchers=queries.vouchers(),
        services=[(each.id, f"{each.name} with {each.counselor.name}") for each in booking_queries.priced_services()],
        form=form,
        now=ports().clock.now(),
        currency=the_practice().currency,
        zone=the_practice().zone,
    )
