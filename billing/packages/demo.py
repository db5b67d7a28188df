"""Packages for the demo: two on offer, one of them sold, paid and partly used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from billing.manual import services as manual
from billing.manual.models import TRANSFER
from billing.packages import services
from billing.packages.models import Package
from booking.models.services import Service
from booking.policy import INDIVIDUAL
from practice.core import outbox, seeds
from practice.core.db import db
from practice.models import Practice

ORDER = 84


def fill(_practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Offer five and ten sessions of Ines's first kind of session, and let Alice buy five."""
    query = select(Service).where(
        Service.counselor_id == people["ines"].id, Service.kind == INDIVIDUAL, Service.active, Service.price_cents > 0
    )
    service = db.session.scalars(query.order_by(Service.id)).first()
    if service is None:
        return
    office, alice, then = people["omar"], people["alice"], now - timedelta(days=6)
    offers = [_offered(service, sessions, percent, office.id, then) for sessions, percent in ((5, 95), (10, 90))]
    sold = services.sell(offers[0], alice, by=alice, form_key="demo-package", now=then)
    made = manual.record(
        alice,
        offers[0].price,
        way=TRANSFER,
        received_on=then.date(),
        shares={sold.invoice_id: offers[0].price},
        reference="",
        by=office,
        form_key="demo-package-paid",
        now=then,
    )
    outbox.withdraw(subject=("manual_payment", made.id), now=now)


def _offered(service: Service, sessions: int, percent: int, by_id: int, at: datetime) -> Package:
    package = Package(
        service_id=service.id,
        sessions=sessions,
        unit_cents=service.price_cents * percent // 100,
        currency=service.currency,
        valid_days=365,
        made_at=at,
        made_by_id=by_id,
    )
    db.session.add(package)
    db.session.flush()
    return package


seeds.register(ORDER, fill)
