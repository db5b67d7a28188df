"""The administrator's money: invoices and payments, narrowed, added up and downloaded."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import lists, queries
from billing.forms import INVOICE_STATES, PAYMENT_STATES, narrow
from billing.lists import Listed
from billing.models import Payment
from billing.outcomes import Billed
from billing.views.blueprint import bp
from billing.views.pages import Pages, amount_in_cells, local_minute
from practice.core import audit
from practice.core.forms import Errors
from practice.core.money import Money
from practice.queries.people import the_practice
from practice.security import current_person, office_only
from practice.sheets import csv_response

KEPT_IN_LINKS = ("state", "text", "since", "until")
INVOICE_COLUMNS = (
    "Number",
    "Issued",
    "Client",
    "Client e-mail",
    "Counselor",
    "Session",
    "Total",
    "Paid",
    "Refunded",
    "Credited",
    "Written off",
    "Due",
    "Currency",
    "State",
)
PAYMENT_COLUMNS = (
    "Payment",
    "Started",
    "Paid",
    "Client",
    "Client e-mail",
    "Counselor",
    "Invoice",
    "Received",
    "Refunded",
    "Currency",
    "State",
    "Provider's number",
)


@bp.get("/invoices")
@office_only
def invoices() -> ResponseReturnValue:
    """List the practice's invoices."""
    wanted, form = narrow(request.args, states=INVOICE_STATES, zone=the_practice().zone)
    return _list_page("invoices", lists.invoices(wanted), form, states=INVOICE_STATES, due=queries.due_in_all())


@bp.get("/invoices.csv")
@office_only
def invoices_csv() -> ResponseReturnValue:
    """Download the invoices the list shows; reading them is noted."""
    zone = the_practice().zone
    wanted, _ = narrow(request.args, states=INVOICE_STATES, zone=zone)
    return _sheet("invoices", INVOICE_COLUMNS, [_invoice_row(billed, zone) for billed in lists.all_invoices(wanted)])


@bp.get("/payments")
@office_only
def payments() -> ResponseReturnValue:
    """List the practice's payments."""
    wanted, form = narrow(request.args, states=PAYMENT_STATES, zone=the_practice().zone)
    troubled = queries.troubled_refunds()
    return _list_page("payments", lists.payments(wanted), form, states=PAYMENT_STATES, troubled=troubled)


@bp.get("/payments.csv")
@office_only
def payments_csv() -> ResponseReturnValue:
    """Download the payments the list shows; reading them is noted."""
    zone = the_practice().zone
    wanted, _ = narrow(request.args, states=PAYMENT_STATES, zone=zone)
    return _sheet("payments", PAYMENT_COLUMNS, [_payment_row(payment, zone) for payment in lists.all_payments(wanted)])


def _list_page(name: str, found: Listed[Any], form: Errors, **more: object) -> str:
    return render_template(
        f"billing/{name}.html",
        found=found,
        form=form,
        pages=_pages(f"billing.{name}", found),
        download=_link(f"billing.{name}_csv"),
        narrowed=bool(_kept()),
        zone=the_practice().zone,
        **more,
    )


def _sheet(name: str, columns: tuple[str, ...], rows: list[list[object]]) -> Response:
    audit.record_aside(f"{name}.exported", person_id=current_person().id, detail={"rows": len(rows)})
    return csv_response(f"{name}.csv", columns, rows)


def _invoice_row(billed: Billed, zone: str) -> list[object]:
    invoice = billed.invoice
    session = local_minute(invoice.appointment.starts_at, zone) if invoice.appointment else ""
    people = [invoice.client.name, invoice.client.email, invoice.counselor.name]
    amounts = [amount_in_cells(amount) for amount in _parts_of(billed)]
    issued = local_minute(invoice.issued_at, zone)
    return [invoice.label, issued, *people, session, *amounts, invoice.currency, INVOICE_STATES[billed.state]]


def _parts_of(billed: Billed) -> tuple[Money, ...]:
    return (billed.invoice.total, billed.paid, billed.refunded, billed.credited, billed.written_off, billed.due)


def _payment_row(payment: Payment, zone: str) -> list[object]:
    return [
        payment.id,
        local_minute(payment.created_at, zone),
        local_minute(payment.paid_at, zone) if payment.paid_at else "",
        payment.client.name,
        payment.client.email,
        payment.counselor.name,
        payment.invoice.label if payment.invoice else "",
        amount_in_cells(payment.received),
        amount_in_cells(payment.refunded),
        payment.currency,
        payment.state,
        payment.intent_id or "",
    ]


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in KEPT_IN_LINKS if request.args.get(name)}


def _link(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **_kept(), **values)


def _pages(endpoint: str, found: Listed[Any]) -> Pages:
    number = found.number
    return Pages(
        number=number,
        pages=found.pages,
        previous_href=_link(endpoint, page=number - 1) if number > 1 else None,
        next_href=_link(endpoint, page=number + 1) if number < found.pages else None,
    )
