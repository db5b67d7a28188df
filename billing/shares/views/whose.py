"""Whose shares a page is about, and in which currency."""

from __future__ import annotations

from flask import abort, request

from billing.closing.months import Month
from billing.shares import queries, statements
from practice.models import Person
from practice.queries.people import the_practice


def counselor_or_404(person_id: int) -> Person:
    """Return somebody who counsels, or did and has a rule."""
    return queries.counselor(person_id) or abort(404)


def month_or_404(text: str) -> Month:
    """Read a month out of an address."""
    return Month.read(text) or abort(404)


def chosen_currency(counselor_id: int) -> str:
    """Return the currency an address asks for, if anything was shared in it; otherwise the practice's own."""
    usual, wanted = the_practice().currency, request.args.get("currency", "")
    return wanted if wanted and wanted in statements.currencies(counselor_id) else usual


def others(counselor_id: int, currency: str) -> list[str]:
    """Name the other currencies anything was shared in."""
    return [code for code in statements.currencies(counselor_id) if code != currency]
