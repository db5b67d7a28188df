"""Each use of a chart's key stands in the audit log: once for each chart, person and sitting.

A sitting lasts from one unlocking to the next locking. Keys are noted as they are opened and written down at
the end of the request, before its answer leaves: what cannot be written down is not answered.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import g, has_request_context
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from notes.custody.models import Access, KeyUse, OpenVault
from notes.models import Chart
from notes.vault import Ring
from practice.core import audit
from practice.core.db import db
from practice.sign_ins import Visitor


class Use(NamedTuple):
    """A chart that was opened: its record, or what its author keeps apart from it."""

    chart_id: int
    apart: bool


def note(chart_id: int, ring: Ring) -> None:
    """Note that a key of a chart was opened in this request."""
    if has_request_context():
        g.setdefault("charts_opened", set()).add(Use(chart_id, ring is Ring.PRIVATE))


def noted() -> set[Use]:
    """Give what was opened since this was last asked, each chart once."""
    found: set[Use] = g.pop("charts_opened", set())
    return found


def new_to(visitor: Visitor, uses: set[Use]) -> list[Use]:
    """Name those of these uses that are the first of this sitting."""
    charts = {use.chart_id for use in uses}
    known = select(KeyUse.chart_id, KeyUse.apart).where(
        KeyUse.sign_in_id == visitor.sign_in_id, KeyUse.chart_id.in_(charts)
    )
    return sorted(uses - {Use(*row) for row in db.session.execute(known)})


def record(visitor: Visitor, uses: Sequence[Use], *, now: datetime) -> None:
    """Write down that somebody's keys opened these charts, each once for a sitting."""
    sits = db.session.get(OpenVault, visitor.sign_in_id) is not None
    found = db.session.scalars(select(Chart).where(Chart.id.in_({use.chart_id for use in uses})))
    charts = {chart.id: chart for chart in found}
    for use in uses:
        if sits and not _first(visitor.sign_in_id, use, now):
            continue  # another request of the same moment wrote it down
        chart = charts[use.chart_id]
        audit.record(
            "key.used",
            person_id=visitor.person.id,
            subject=("chart", chart.id),
            about=None if use.apart else chart.client_id,
            acting=_acting(chart, visitor.person.id),
        )


def _first(sign_in_id: int, use: Use, now: datetime) -> bool:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = {"sign_in_id": sign_in_id, "chart_id": use.chart_id, "apart": use.apart, "used_at": now}
    kept = dialect.insert(KeyUse).values(row).on_conflict_do_nothing().returning(KeyUse.chart_id)
    return db.session.scalar(kept) is not None


def _acting(chart: Chart, person_id: int) -> str | None:
    """Say in what role somebody opened a chart; who is the client acts in none."""
    if person_id == chart.counselor_id:
        return "counselor"
    standing = select(Access.kind).where(
        Access.chart_id == chart.id, Access.person_id == person_id, Access.ended_at.is_(None)
    )
    return db.session.scalar(standing)
