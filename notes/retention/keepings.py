"""How long each chart is kept and why: its last contact, its rule, its holds, and who agreed to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVarTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from booking.models.appointments import Appointment
from notes.models import Chart, Note
from notes.release.models import Disclosure
from notes.retention.models import ChartKeeping, LegalHold, RetentionRule
from notes.retention.rules import ACCOUNTED, Rule, years_after
from practice.core.db import db
from practice.queries.people import the_practice

Row = TypeVarTuple("Row")
FEW = 50
"""Of so many charts or fewer what is known is read by their ids; of more, all at once."""
SERVED = ("confirmed", "completed")


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long one chart is kept and why: its last contact, its rule, what is known of the birth, and any hold."""

    chart: Chart
    last_contact: date
    rule: Rule
    place: str
    source: str
    row: ChartKeeping | None
    hold: LegalHold | None
    told: date | None
    """When something of it was last given out."""
    today: date

    @property
    def born_on(self) -> date | None:
        """The client's day of birth, where it was written down."""
        return date.fromisoformat(self.row.born_on) if self.row and self.row.born_on else None

    @property
    def kept_until(self) -> date:
        """The last day it is kept; what was given out stays accounted for six years (45 CFR 164.528(a)(1))."""
        until = self.rule.kept_until(self.last_contact, self.born_on)
        return max(until, years_after(self.told, ACCOUNTED)) if self.told else until

    @property
    def goes_on(self) -> bool:
        """Tell whether a session is still ahead, from which the time is counted."""
        return self.last_contact > self.today

    @property
    def is_over(self) -> bool:
        """Tell whether the day has passed until which it is kept."""
        return self.kept_until < self.today

    @property
    def exception(self) -> str | None:
        """Why it may end before its day, where somebody said so when they agreed to it."""
        return self.row.exception if self.row else None

    @property
    def is_due(self) -> bool:
        """Tell whether its time is over, or ends before its day, and nothing holds it."""
        return (self.is_over or self.exception is not None) and self.hold is None and self.has_keys

    @property
    def is_accounted(self) -> bool:
        """Tell whether a client may still ask what was given out (45 CFR 164.528(a)(1))."""
        return self.told is not None and years_after(self.told, ACCOUNTED) >= self.today

    @property
    def has_keys(self) -> bool:
        """Tell whether there is anything left to destroy."""
        return self.chart.erased_at is None

    @property
    def is_reviewed(self) -> bool:
        """Tell whether somebody agreed that it may be destroyed."""
        return self.row is not None and self.row.reviewed_at is not None

    @property
    def awaits_its_end(self) -> bool:
        """Tell whether one person agreed, and another is to look at it."""
        return self.is_due and self.is_reviewed


def keepings(charts: Sequence[Chart], *, now: datetime) -> list[Keeping]:
    """Say of charts how long each is kept."""
    ids = [chart.id for chart in charts]
    zone = ZoneInfo(the_practice().zone)
    of_ids = ids if len(ids) <= FEW else None
    last, rows, holds, told = _last_contacts(of_ids), _rows(of_ids), _holds(of_ids), _told(of_ids)
    usual = db.session.scalar(select(RetentionRule).where(RetentionRule.place == ""))
    found = []
    for chart in charts:
        row = rows.get(chart.id)
        chosen = (row.rule if row else None) or usual
        at = max(filter(None, (chart.created_at, last.get((chart.counselor_id, chart.client_id)))))
        found.append(
            Keeping(
                chart,
                at.astimezone(zone).date(),
                Rule(chosen.years, chosen.until_age) if chosen else Rule(),
                chosen.place if chosen else "",
                chosen.source if chosen else "",
                row,
                holds.get(chart.id),
                told[chart.id].astimezone(zone).date() if chart.id in told else None,
                now.astimezone(zone).date(),
            )
        )
    return found


def _last_contacts(chart_ids: Sequence[int] | None) -> dict[tuple[int, int], datetime]:
    """Find the last session or note of each pair of counselor and client, by their ids."""
    sessions = (
        select(Appointment.counselor_id, Appointment.client_id, func.max(Appointment.starts_at))
        .where(Appointment.status.in_(SERVED))
        .group_by(Appointment.counselor_id, Appointment.client_id)
    )
    notes = (
        select(Chart.counselor_id, Chart.client_id, func.max(func.coalesce(Note.signed_at, Note.updated_at)))
        .join(Chart, Chart.id == Note.chart_id)
        .group_by(Chart.counselor_id, Chart.client_id)
    )
    if chart_ids is not None:
        pairs = select(Chart.client_id).where(Chart.id.in_(chart_ids))
        sessions, notes = sessions.where(Appointment.client_id.in_(pairs)), notes.where(Chart.id.in_(chart_ids))
    found: dict[tuple[int, int], datetime] = {}
    for asked in (sessions, notes):
        for counselor_id, client_id, at in db.session.execute(asked):
            pair = (counselor_id, client_id)
            found[pair] = max(found.get(pair, at), at)
    return found


def _rows(chart_ids: Sequence[int] | None) -> dict[int, ChartKeeping]:
    rows = select(ChartKeeping).options(joinedload(ChartKeeping.rule), joinedload(ChartKeeping.reviewed_by))
    return {row.chart_id: row for row in db.session.scalars(_of(rows, ChartKeeping.chart_id, chart_ids))}


def _holds(chart_ids: Sequence[int] | None) -> dict[int, LegalHold]:
    standing = select(LegalHold).where(LegalHold.released_at.is_(None)).options(joinedload(LegalHold.placed_by))
    return {row.chart_id: row for row in db.session.scalars(_of(standing, LegalHold.chart_id, chart_ids))}


def _told(chart_ids: Sequence[int] | None) -> dict[int, datetime]:
    told = select(Disclosure.chart_id, func.max(Disclosure.told_at)).group_by(Disclosure.chart_id)
    return {row[0]: row[1] for row in db.session.execute(_of(told, Disclosure.chart_id, chart_ids))}


def _of(asked: Select[*Row], chart_id: InstrumentedAttribute[int], chart_ids: Sequence[int] | None) -> Select[*Row]:
    return asked if chart_ids is None else asked.where(chart_id.in_(chart_ids))
