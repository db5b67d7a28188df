"""What other pages show about payments by hand and credit."""

from __future__ import annotations

from typing import Any

from flask import render_template

from billing import owed
from billing import queries as money
from billing.credit import queries, sessions
from billing.manual import queries as manual
from billing.models import Invoice
from booking.models.appointments import Appointment
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person


@fills("invoice_paid", order=20)
def paid_besides_cards(invoice: Invoice, viewer: Person, **_more: Any) -> str | None:
    """Say what came by hand and from credit for an invoice, and offer what credit there is."""
    billed = money.invoice_for(viewer, invoice.id)
    return render_template(
        "billing/credit/_invoice.html",
        invoice=invoice,
        by_hand=manual.payments_on(invoice),
        used=queries.uses_of(invoice),
        free=queries.free_for(invoice.client_id, invoice.currency, ports().clock.now()),
        due=billed.due if billed else None,
        back=viewer.is_administrator and not queries.sells_ahead(invoice) and queries.paid_besides_cards(invoice),
        office=viewer.is_office,
    )


@fills("pay_otherwise", order=20)
def credit_to_use(appointment: Appointment, **_more: Any) -> str | None:
    """Offer a client to pay for a session from their credit."""
    free, to_pay = sessions.usable_for(appointment, ports().clock.now()), owed.to_pay(appointment)
    if not free or not to_pay:
        return None
    return render_template("billing/credit/_pay.html", appointment=appointment, free=free, to_pay=to_pay)


@fills("person_money", order=20)
def credit_of(person: Person, **_more: Any) -> str | None:
    """Lead from a client's page to their money."""
    if not person.is_client:
        return None
    return render_template("billing/credit/_person.html", person=person, held=queries.credit_of(person.id))


@fills("client_money", order=20)
def credit_in_short(viewer: Person, **_more: Any) -> str | None:
    """Tell a client above their payments what credit they have."""
    held = queries.free_of(viewer.id, ports().clock.now())
    return render_template("billing/credit/_short.html", held=held) if held else None
