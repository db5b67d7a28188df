"""Openings for the demo: one to look at, one that was not right, one about which Ines is asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from notes.custody.models import COVER, Access
from notes.models import Chart
from notes.openings import rules, services
from notes.openings.models import ChartOpening
from practice.core import audit, seeds
from practice.core.db import db
from practice.models import Person

ORDER = 46


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Let Jonah have opened Ines's chart twice, and Ines one of Amara's."""
    before, ines = _lent(people["ines"], people["jonah"]), people["ines"]
    if before:
        first = _opened(before, "request", now - timedelta(hours=22))
        services.settle(first, rules.AMISS, by=ines, now=now - timedelta(hours=20))
        _opened(before, "cover", now - timedelta(hours=3))
    amara = _lent(people["amara"], ines)
    if amara:
        row = _opened(amara, "emergency", now - timedelta(hours=21))
        services.ask(row, by=people["amara"], now=now - timedelta(hours=5))


def _opened(access: Access, reason: str, at: datetime) -> ChartOpening:
    row = services.open_for(access, reason, sign_in_id=0, now=at)
    client_id = access.chart.client_id
    audit.record(
        "chart.viewed",
        person_id=access.person_id,
        subject=("person", client_id),
        about=client_id,
        acting=access.kind,
        reason=reason,
    )
    return row


def _lent(whose: Person, to: Person) -> Access | None:
    lent = select(Access).join(Chart, Chart.id == Access.chart_id)
    ours = lent.where(Chart.counselor_id == whose.id, Access.person_id == to.id, Access.kind == COVER)
    return db.session.scalars(ours.order_by(Access.id)).first()


seeds.register(ORDER, seed)
