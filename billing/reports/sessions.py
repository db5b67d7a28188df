"""Sessions by what came of them in money: those that nobody came to, and those that nobody billed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from billing.ledger.posting import Account
from billing.models import Invoice, LedgerEntry
from billing.reports.periods import Period
from booking.models.appointments import Appointment
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, NO_SHOW
from practice.core.db import db
from practice.core.money import Money

MOST = 5_000


@dataclass(frozen=True, slots=True)
class Missed:
    """A session that somebody missed or cancelled late, and what of its price stayed with the practice."""

    appointment: Appointment
    invoice: Invoice | None
    kept: Money

    @property
    def cost(self) -> Money:
        """What the practice would have earned and did not."""
        lost = self.appointment.price - self.kept
        return lost if lost.cents > 0 else Money.zero(lost.currency)


def missed(period: Period) -> list[Missed]:
    """Return the sessions of a period that were missed or cancelled late, the latest first."""
    kept = (
        select(LedgerEntry.invoice_id, func.sum(-LedgerEntry.amount_cents).label("cents"))
        .where(LedgerEntry.account.in_([str(Account.INCOME), str(Account.WRITTEN_OFF)]))
        .group_by(LedgerEntry.invoice_id)
        .subquery()
    )
    late = and_(Appointment.status == CANCELLED, Appointment.cancelled_late.is_(True))
    query: Any = (
        select(Appointment, Invoice, func.coalesce(kept.c.cents, 0))
        .outerjoin(Invoice, Invoice.appointment_id == Appointment.id)
        .outerjoin(kept, kept.c.invoice_id == Invoice.id)
        .where(or_(Appointment.status == NO_SHOW, late), *_in(period))
    )
    rows = db.session.execute(_whole(query)).unique()
    return [Missed(one, invoice, Money(int(cents), one.currency)) for one, invoice, cents in rows]


def unbilled(period: Period, *, now: datetime) -> Sequence[Appointment]:
    """Return the sessions of a period that are over, have a price, and have no invoice, the latest first."""
    query = (
        select(Appointment)
        .outerjoin(Invoice, Invoice.appointment_id == Appointment.id)
        .where(
            Appointment.status.in_((CONFIRMED, COMPLETED, NO_SHOW)),
            Appointment.ends_at <= now,
            Invoice.id.is_(None),
            *_in(period),
        )
    )
    return db.session.scalars(_whole(query)).unique().all()


def _in(period: Period) -> list[ColumnElement[bool]]:
    span = period.span
    return [
        Appointment.price_cents > 0,
        Appointment.starts_at >= span.starts_at,
        Appointment.starts_at < span.ends_at,
    ]


def _whole(query: Any) -> Any:
    latest_first = query.order_by(Appointment.starts_at.desc(), Appointment.id.desc()).limit(MOST)
    return latest_first.options(
        joinedload(Appointment.client), joinedload(Appointment.counselor), joinedload(Appointment.service)
    )
