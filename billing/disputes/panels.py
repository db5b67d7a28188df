"""What other pages show about disputes."""

from __future__ import annotations

from typing import Any

from flask import render_template

from billing.disputes import queries, words
from billing.models import Payment
from practice.core.panels import fills
from practice.queries.people import the_practice


@fills("payment", order=20)
def disputes_of(payment: Payment, **_more: Any) -> str | None:
    """Say on a payment's page that its payer's bank asks it back."""
    found = queries.of_payment(payment)
    if not found:
        return None
    return render_template(
        "billing/disputes/_payment.html",
        disputes=found,
        stages=words.STAGES,
        reason=words.reason,
        zone=the_practice().zone,
    )


@fills("receipt", order=10)
def where_it_is(payment: Payment, **_more: Any) -> str | None:
    """Say on a receipt that the payer's bank has the money, or gave it back to them."""
    found = queries.holding(payment)
    return render_template("billing/disputes/_receipt.html", dispute=found) if found else None


@fills("administrator_day", order=45)
def disputes_to_answer(**_more: Any) -> str | None:
    """Say on the administrator's day that a dispute waits for an answer."""
    waiting = queries.to_answer()
    return render_template("billing/disputes/_day.html", waiting=waiting) if waiting else None
