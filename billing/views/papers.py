"""Invoices and receipts as pages and as PDF, and the client's own account of every cent."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import account as accounts
from billing import queries
from billing.credit import queries as credit
from billing.manual import queries as manual
from billing.models import Payment
from billing.outcomes import Billed
from billing.papers.views.printed import pdf
from billing.states import REASONS, SUCCEEDED
from billing.views.blueprint import bp
from billing.views.pages import Pages
from booking.fees import queries as fees
from practice.core import audit
from practice.queries.people import the_practice
from practice.security import clients_only, current_person, signed_in

PAGE_SIZE = 20
ACCOUNT_SIZE = 50


@bp.get("/billing")
@clients_only
def mine() -> ResponseReturnValue:
    """Explain every cent to a client."""
    client = current_person()
    number = _page_number()
    found = queries.invoices_of(client, most=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    shown = [billed.invoice for billed in found[:PAGE_SIZE]]
    return render_template(
        "billing/mine.html",
        invoices=found[:PAGE_SIZE],
        by_hand=manual.payments_on_each(shown),
        used=credit.uses_of_each(shown),
        fees=fees.decided_on(each.appointment_id for each in shown if each.appointment_id),
        loose=queries.loose_payments_of(client) if number == 1 else [],
        balances=queries.balances_of(client),
        due=queries.due_of(client),
        pages=_pages("billing.mine", number, goes_on=len(found) > PAGE_SIZE),
        reasons=REASONS,
        zone=client.zone,
    )


@bp.get("/billing/account")
@clients_only
def account() -> ResponseReturnValue:
    """Show a client what changed what they owe, line by line, with what they owed after each."""
    client, number = current_person(), _page_number()
    lines = accounts.of(client, most=ACCOUNT_SIZE + 1, offset=(number - 1) * ACCOUNT_SIZE)
    return render_template(
        "billing/account.html",
        lines=lines[:ACCOUNT_SIZE],
        pages=_pages("billing.account", number, goes_on=len(lines) > ACCOUNT_SIZE),
        zone=client.zone,
    )


@bp.get("/invoices/<int:invoice_id>")
@signed_in
def invoice(invoice_id: int) -> ResponseReturnValue:
    """Show an invoice to the client it bills or to an administrator."""
    return render_template("billing/invoice.html", billed=_invoice(invoice_id), zone=current_person().zone)


@bp.get("/invoices/<int:invoice_id>.pdf")
@signed_in
def invoice_pdf(invoice_id: int) -> ResponseReturnValue:
    """Give an invoice as a PDF."""
    billed = _invoice(invoice_id)
    title = f"Invoice {billed.invoice.label}"
    paper = {**billed.invoice.parties["practice"], "country": the_practice().country}
    markup = render_template("print/invoice.html", billed=billed, zone=billed.invoice.client.zone, practice=paper)
    back = url_for("billing.invoice", invoice_id=invoice_id)
    return pdf(markup, title, f"{billed.invoice.label}.pdf", back=back)


@bp.get("/payments/<int:payment_id>/receipt")
@signed_in
def receipt(payment_id: int) -> ResponseReturnValue:
    """Show a receipt to the client who paid or to an administrator."""
    return render_template(
        "billing/receipt.html", payment=_paid(payment_id), zone=current_person().zone, reasons=REASONS
    )


@bp.get("/payments/<int:payment_id>/receipt.pdf")
@signed_in
def receipt_pdf(payment_id: int) -> ResponseReturnValue:
    """Give a receipt as a PDF."""
    payment = _paid(payment_id)
    title = f"Receipt {receipt_number(payment)}"
    markup = render_template(
        "print/receipt.html", payment=payment, zone=payment.client.zone, practice=the_practice(), reasons=REASONS
    )
    back = url_for("billing.receipt", payment_id=payment_id)
    return pdf(markup, title, f"receipt-{receipt_number(payment)}.pdf", back=back)


@bp.app_template_filter("receipt_number")
def receipt_number(payment: Payment) -> str:
    """Return the number on a receipt: the payment's own."""
    return f"{payment.id:06d}"


def _page_number() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), 1000)


def _pages(endpoint: str, number: int, *, goes_on: bool) -> Pages:
    return Pages(
        number,
        0,
        url_for(endpoint, page=number - 1) if number > 1 else None,
        url_for(endpoint, page=number + 1) if goes_on else None,
    )


def _invoice(invoice_id: int) -> Billed:
    viewer = current_person()
    found = queries.invoice_for(viewer, invoice_id) or abort(404)
    if found.invoice.client_id != viewer.id:
        audit.record_aside("invoice.viewed", person_id=viewer.id, subject=("invoice", found.invoice.id))
    return found


def _paid(payment_id: int) -> Payment:
    viewer = current_person()
    found = queries.payment_for(viewer, payment_id)
    if found is None or found.status != SUCCEEDED:
        abort(404)
    if found.client_id != viewer.id:
        audit.record_aside("receipt.viewed", person_id=viewer.id, subject=("payment", found.id))
    return found
