"""Pages about credit: the client's own, the office's, and using it for an invoice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import queries as money
from billing.credit import queries, services
from billing.credit.forms import Gift, GiveBack, PayOut
from billing.credit.models import SOURCES
from billing.credit.words import MOVES
from billing.manual.models import WAYS
from billing.outcomes import Billed
from billing.views.blueprint import bp
from billing.views.clients import client_or_404
from billing.views.pages import Pages
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.money import Money
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, clients_only, current_person, office_only, signed_in

PAGE_SIZE = 50


@bp.get("/billing/credit")
@clients_only
def credit() -> ResponseReturnValue:
    """Show a client their credit: what is left, where it came from and what it paid."""
    return _page("billing/credit/mine.html", current_person(), "billing.credit")


@bp.get("/people/<int:person_id>/credit")
@office_only
def client_credit(person_id: int) -> ResponseReturnValue:
    """Show an administrator a client's credit, with what can be done about it."""
    client = client_or_404(person_id)
    audit.record_aside("credit.viewed", person_id=current_person().id, subject=("person", client.id))
    return _office(client)


@bp.post("/people/<int:person_id>/credit")
@administrators_only
def give_credit(person_id: int) -> ResponseReturnValue:
    """Give a client credit."""
    client = client_or_404(person_id)
    form = Gift.parse(request.form, currency=the_practice().currency, today=_today())
    if isinstance(form, Errors):
        return _office(client, gift=form), 422
    services.give(
        client,
        form.amount,
        note=form.note,
        by=current_person(),
        form_key=form.key,
        expires_at=_end_of(form.expires_on) if form.expires_on else None,
        now=ports().clock.now(),
    )
    db.session.commit()
    flash(f"{client.first_name} has {form.amount} more credit.", "good")
    return redirect(url_for("billing.client_credit", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/credit/payout")
@administrators_only
def pay_out_credit(person_id: int) -> ResponseReturnValue:
    """Write down that credit was paid out."""
    client = client_or_404(person_id)
    form = PayOut.parse(request.form, most=_payable(client))
    if isinstance(form, Errors):
        return _again(client, form)
    try:
        services.pay_out(
            client,
            form.amount,
            way=form.way,
            note=form.note,
            by=current_person(),
            form_key=form.key,
            now=ports().clock.now(),
        )
    except services.CannotUseCreditError as error:
        db.session.rollback()
        return _office(client_or_404(person_id), payout=forms.refused(request.form, amount=str(error))), 409
    db.session.commit()
    flash(f"{form.amount} is noted as paid out.", "good")
    return redirect(url_for("billing.client_credit", person_id=person_id), 303)


@bp.post("/invoices/<int:invoice_id>/credit")
@signed_in
def use_credit(invoice_id: int) -> ResponseReturnValue:
    """Pay an invoice from its client's credit, as far as it goes."""
    viewer = current_person()
    billed = money.invoice_for(viewer, invoice_id) or abort(404)
    used = services.use(billed.invoice, now=ports().clock.now(), by=viewer)
    db.session.commit()
    flash(*((f"{used} was paid from the credit.", "good") if used else ("There was nothing to pay.", "info")))
    return redirect(url_for("billing.invoice", invoice_id=invoice_id), 303)


@bp.get("/invoices/<int:invoice_id>/return")
@administrators_only
def giving_back(invoice_id: int) -> ResponseReturnValue:
    """Ask how much of what was not paid by card is given back as credit."""
    billed = _billed(invoice_id)
    most = queries.paid_besides_cards(billed.invoice)
    return _back_page(billed, forms.blank(amount=most.plain if most else "", key=uuid4().hex))


@bp.post("/invoices/<int:invoice_id>/return")
@administrators_only
def give_back_as_credit(invoice_id: int) -> ResponseReturnValue:
    """Bill less and hold the difference for the client, once."""
    billed = _billed(invoice_id)
    if queries.asked_by(request.form.get("key", "")):
        return redirect(url_for("billing.client_credit", person_id=billed.invoice.client_id), 303)
    form = GiveBack.parse(request.form, most=queries.paid_besides_cards(billed.invoice))
    if isinstance(form, Errors):
        return _back_page(billed, form), 422
    try:
        services.give_back(
            billed.invoice,
            form.amount,
            now=ports().clock.now(),
            by=current_person(),
            source="refund",
            form_key=form.key,
        )
    except services.CannotUseCreditError as error:
        db.session.rollback()
        return _back_page(_billed(invoice_id), forms.refused(request.form, amount=str(error))), 409
    client_id = billed.invoice.client_id
    db.session.commit()
    flash(f"{form.amount} is credit now. It can be used for another session, or be paid out below.", "good")
    return redirect(url_for("billing.client_credit", person_id=client_id), 303)


def _page(template: str, client: Person, endpoint: str, **more: object) -> str:
    number, now = min(max(request.args.get("page", 1, type=int), 1), 1000), ports().clock.now()
    moves = queries.moves_of(client, most=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    kept: dict[str, Any] = {"person_id": client.id} if endpoint == "billing.client_credit" else {}
    pages = Pages(
        number,
        0,
        url_for(endpoint, **kept, page=number - 1) if number > 1 else None,
        url_for(endpoint, **kept, page=number + 1) if len(moves) > PAGE_SIZE else None,
    )
    return render_template(
        template,
        client=client,
        held=queries.held_for(client.id, now),
        moves=moves[:PAGE_SIZE],
        pages=pages,
        due=money.due_of(client),
        sources=SOURCES,
        words=MOVES,
        zone=current_person().zone,
        **more,
    )


def _office(client: Person, *, gift: Errors | None = None, payout: Errors | None = None) -> str:
    most = _payable(client)
    return _page(
        "billing/credit/office.html",
        client,
        "billing.client_credit",
        gift=gift or forms.blank(key=uuid4().hex),
        payout=payout or forms.blank(key=uuid4().hex, amount=most.plain if most else ""),
        payable=most,
        ways=list(WAYS.items()),
        currency=the_practice().currency,
        today=_today(),
    )


def _again(client: Person, form: Errors) -> ResponseReturnValue:
    """Show the form again; one that was taken already leads back to the page."""
    if queries.asked_by(request.form.get("key", "")):
        return redirect(url_for("billing.client_credit", person_id=client.id), 303)
    return _office(client, payout=form), 422


def _back_page(billed: Billed, form: Errors) -> str:
    return render_template(
        "billing/credit/back.html", billed=billed, most=queries.paid_besides_cards(billed.invoice), form=form
    )


def _payable(client: Person) -> Money:
    currency = the_practice().currency
    held = queries.held_for(client.id, ports().clock.now())
    return Money(
        sum(each.left.cents for each in held if services.payable(each) and each.left.currency == currency), currency
    )


def _billed(invoice_id: int) -> Billed:
    return money.invoice_for(current_person(), invoice_id) or abort(404)


def _today() -> date:
    return ports().clock.now().astimezone(ZoneInfo(the_practice().zone)).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(the_practice().zone)).astimezone(UTC)
