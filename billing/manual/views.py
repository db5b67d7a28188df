"""Pages about payments by hand: the list, writing one down, its receipt, and undoing it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import queries as money
from billing.manual import queries, services
from billing.manual.forms import Narrowed, Received, Undoing
from billing.manual.models import UNDOING, WAYS, ManualPayment
from billing.outcomes import Billed
from billing.views.blueprint import bp
from billing.views.clients import client_or_404
from billing.views.pages import Pages
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person, office_only, signed_in

FILTERS = ("text", "way", "since", "until")


@bp.get("/manual-payments")
@office_only
def manual_payments() -> ResponseReturnValue:
    """List what was paid by hand."""
    wanted = Narrowed.parse(request.args)
    found = queries.listed(
        text=wanted.text, way=wanted.way, since=wanted.since, until=wanted.until, number=wanted.number
    )
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("text", "way", "since", "until") if request.args.get(name)
    }
    number = wanted.number
    return render_template(
        "billing/manual/list.html",
        found=found,
        form=forms.blank(**kept),
        ways=list(WAYS.items()),
        narrowed=bool(kept),
        pages=Pages(
            number,
            found.pages,
            url_for("billing.manual_payments", **kept, page=number - 1) if number > 1 else None,
            url_for("billing.manual_payments", **kept, page=number + 1) if number < found.pages else None,
        ),
        zone=the_practice().zone,
    )


@bp.get("/manual-payments/new")
@office_only
def new_manual_payment() -> ResponseReturnValue:
    """Ask who paid; then how much, how and for what."""
    number = request.args.get("client", type=int)
    if number is None:
        text = request.args.get("text", "").strip()[:100]
        return render_template("billing/manual/whose.html", text=text, found=queries.clients(text))
    client = client_or_404(number)
    open_ = _open(client)
    chosen = request.args.get("invoice", type=int)
    due = [billed for billed in open_ if chosen in {None, billed.invoice.id}]
    shares = {f"share-{billed.invoice.id}": billed.due.plain for billed in due} if chosen else {}
    amount = sum(billed.due.cents for billed in due)
    values = {
        "amount": f"{amount / 100:.2f}" if amount else "",
        "received_on": _today().isoformat(),
        "key": uuid4().hex,
    }
    return _form_page(client, open_, forms.blank(**values, **shares))


@bp.post("/manual-payments")
@office_only
def record_manual_payment() -> ResponseReturnValue:
    """Write it down, once; a form that was overtaken is shown again with what is due now."""
    client = client_or_404(request.form.get("client", type=int) or 0)
    if made := queries.made_by(request.form.get("key", "")):
        return redirect(url_for("billing.manual_payment", number=made.id), 303)
    open_ = _open(client)
    dues = {billed.invoice.id: billed.due for billed in open_}
    form = Received.parse(request.form, dues=dues, currency=the_practice().currency, today=_today())
    if isinstance(form, Errors):
        return _form_page(client, open_, form), 422
    try:
        made = services.record(
            client,
            form.amount,
            way=form.way,
            received_on=form.received_on,
            shares=form.shares,
            reference=form.reference,
            note=form.note,
            by=current_person(),
            form_key=form.key,
            now=ports().clock.now(),
        )
    except services.CannotRecordError as error:
        db.session.rollback()
        client = client_or_404(client.id)
        return _form_page(client, _open(client), forms.refused(request.form, amount=str(error))), 409
    number, words = made.id, f"{made.amount} is written down."
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("billing.manual_payment", number=number), 303)


@bp.get("/manual-payments/<int:number>")
@signed_in
def manual_payment(number: int) -> ResponseReturnValue:
    """Show a payment by hand, which is its receipt, to its client or to an administrator."""
    found = _found(number)
    return render_template(
        "billing/manual/receipt.html",
        payment=found,
        parts=queries.parts_of(found),
        undoing=UNDOING,
        zone=current_person().zone,
    )


@bp.get("/manual-payments/<int:number>.pdf")
@signed_in
def manual_payment_pdf(number: int) -> ResponseReturnValue:
    """Give the receipt of a payment by hand as a PDF; one that was undone has none."""
    found = _found(number)
    if found.undone_at:
        abort(404)
    title = f"Receipt {found.number}"
    markup = render_template(
        "print/manual_receipt.html", payment=found, parts=queries.parts_of(found), practice=the_practice()
    )
    answer = Response(ports().printer.pdf(markup, title=title), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="receipt-{found.number}.pdf"'
    return answer


@bp.get("/manual-payments/<int:number>/undoing")
@administrators_only
def manual_payment_undoing(number: int) -> ResponseReturnValue:
    """Ask why a payment by hand is taken back out of the books."""
    return _undoing_page(_found(number), forms.blank())


@bp.post("/manual-payments/<int:number>/undoing")
@administrators_only
def undo_manual_payment(number: int) -> ResponseReturnValue:
    """Book the mirror of a payment by hand."""
    found, form = _found(number), Undoing.parse(request.form)
    if isinstance(form, Errors):
        return _undoing_page(found, form), 422
    try:
        services.undo(found, reason=form.reason, by=current_person(), now=ports().clock.now())
    except services.CannotRecordError as error:
        db.session.rollback()
        return _undoing_page(_found(number), forms.refused(request.form, reason=str(error))), 409
    db.session.commit()
    flash("Undone: what it paid is due again.", "good")
    return redirect(url_for("billing.manual_payment", number=number), 303)


def _undoing_page(payment: ManualPayment, form: Errors) -> str:
    return render_template(
        "billing/manual/undoing.html",
        payment=payment,
        parts=queries.parts_of(payment),
        form=form,
        reasons=list(UNDOING.items()),
    )


def _form_page(client: Person, open_: list[Billed], form: Errors) -> str:
    return render_template(
        "billing/manual/new.html",
        client=client,
        open=open_,
        form=form,
        ways=list(WAYS.items()),
        today=_today(),
        currency=the_practice().currency,
        zone=the_practice().zone,
    )


def _open(client: Person) -> list[Billed]:
    """Return the invoices of a client that ask for the practice's own money, the oldest first."""
    currency = the_practice().currency
    return [billed for billed in money.due_of(client) if billed.due.currency == currency]


def _found(number: int) -> ManualPayment:
    viewer = current_person()
    found = queries.payment_for(viewer, number) or abort(404)
    if request.method == "GET" and found.client_id != viewer.id:
        audit.record_aside("manual_payment.viewed", person_id=viewer.id, subject=("manual_payment", found.id))
    return found


def _today() -> date:
    return ports().clock.now().astimezone(ZoneInfo(the_practice().zone)).date()
