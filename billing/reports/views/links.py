"""Addresses inside the reports: every figure leads to what it is made of."""

from __future__ import annotations

from typing import Any

from flask import url_for

from billing.reports.adding import By
from billing.reports.periods import Period
from billing.reports.tables import Cell
from booking.models.appointments import Appointment
from practice.core.money import Money
from practice.security import current_person


def days(period: Period) -> dict[str, Any]:
    """Name a period in an address."""
    return {"since": period.first.isoformat(), "until": period.last.isoformat()}


def entries(figure: str, period: Period, currency: str, by: By | None = None, key: int = 0) -> str:
    """Lead to the entries behind a figure."""
    more: dict[str, Any] = {"by": str(by), "key": str(key)} if by else {}
    return url_for("billing.report_entries", figure=figure, currency=currency, **days(period), **more)


def figure(name: str, amount: Money, period: Period, by: By | None = None, key: int = 0) -> Cell:
    """Show an amount that leads to its entries; nothing leads nowhere."""
    return Cell(amount, entries(name, period, amount.currency, by, key) if amount else "")


def session(appointment: Appointment) -> str:
    """Lead administrators to a session; a biller has its money, and nowhere else to go."""
    return url_for("booking.show", appointment_id=appointment.id) if current_person().is_administrator else ""
