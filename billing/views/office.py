"""The administrator's money: invoices and payments, narrowed, added up and downloaded."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import lists, queries
from billing.forms import INVOICE_STATES, PAYMENT_STATES, narrow
from billing.lists import Listed
from billing.models import Payment
from billing.queries import Billed
from billing.views.blueprint import bp
from billing.views.pages import Pages
from practice.core import audit
from practice.core.money import Money
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person
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
@administrators_only
def invoices() -> ResponseReturnValue:
    """List the practice's invoices."""
    practice = the_practice()
    wanted, form = narrow(request.args, states=INVOICE_STATES, zone=practice.zone)
    found = lists.invoices(wanted)
    return render_template(
        "billing/invoices.html",
        found=found,
        form=form,
        states=INVOICE_STATES,
        pages=_pages("billing.invoices", found),
        download=_link("billing.invoices_csv"),
        narrowed=_is_narrowed(),
        due=queries.due_in_all(),
        zone=practice.zone,
    )


@bp.get("/invoices.csv")
@administrators_only
def invoices_csv() -> ResponseReturnValue:
    """Download the invoices the list shows; reading them is noted."""
    zone = the_practice().zone
    wanted, _ = narrow(request.args, states=INVOICE_STATES, zone=zone)
    found = lists.all_invoices(wanted)
    _note("invoices.exported", len(found))
    return _sheet("invoices.csv", INVOICE_COLUMNS, [_invoice_row(billed, zone) for billed in found])


@bp.get("/payments")
@administrators_only
def payments() -> ResponseReturnValue:
    """List the practice's payments."""
    practice = the_practice()
    wanted, form = narrow(request.args, states=PAYMENT_STATES, zone=practice.zone)
    found = lists.payments(wanted)
    return render_template(
        "billing/payments.html",
        found=found,
        form=form,
        states=PAYMENT_STATES,
        pages=_pages("billing.payments", found),
        download=_link("billing.payments_csv"),
        narrowed=_is_narrowed(),
        troubled=queries.troubled_refunds(),
        zone=practice.zone,
    )


@bp.get("/payments.csv")
@administrators_only
def payments_csv() -> ResponseReturnValue:
    """Download the payments the list shows; reading them is noted."""
    zone = the_practice().zone
    wanted, _ = narrow(request.args, states=PAYMENT_STATES, zone=zone)
    found = lists.all_payments(wanted)
    _note("payments.exported", len(found))
    return _sheet("payments.csv", PAYMENT_COLUMNS, [_payment_row(payment, zone) for payment in found])


def _invoice_row(billed: Billed, zone: str) -> list[object]:
    invoice = billed.invoice
    session = _local(invoice.appointment.starts_at, zone) if invoice.appointment else ""
    people = [invoice.client.name, invoice.client.email, invoice.counselor.name]
    amounts = [_number(amount) for amount in (invoice.total, billed.paid, billed.refunded, billed.due)]
    issued = _local(invoice.issued_at, zone)
    return [invoice.label, issued, *people, session, *amounts, invoice.currency, INVOICE_STATES[billed.state]]


def _payment_row(payment: Payment, zone: str) -> list[object]:
    return [
        payment.id,
        _local(payment.created_at, zone),
        _local(payment.paid_at, zone) if payment.paid_at else "",
        payment.client.name,
        payment.client.email,
        payment.appointment.counselor.name,
        payment.invoice.label if payment.invoice else "",
        _number(payment.received),
        _number(payment.refunded),
        payment.currency,
        payment.state,
        payment.intent_id or "",
    ]


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _number(amount: Money) -> Decimal:
    return Decimal(amount.plain)


def _sheet(filename: str, columns: tuple[str, ...], rows: list[list[object]]) -> Response:
    return csv_response(filename, columns, rows)


def _note(action: str, count: int) -> None:
    audit.record_aside(action, person_id=current_person().id, detail={"rows": count})


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in KEPT_IN_LINKS if request.args.get(name)}


def _is_narrowed() -> bool:
    return bool(_kept())


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
