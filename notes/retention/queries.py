"""Which charts may be destroyed, what holds them, and the certificates of those that were erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased, joinedload

from notes.models import Chart
from notes.queries import clients_met
from notes.retention.keepings import Keeping, keepings
from notes.retention.models import ChartKeeping, Erasure, LegalHold, RetentionRule
from notes.retention.rules import YEARS
from practice.core.db import db
from practice.models import Person

PAGE_SIZE = 50
DUE, HELD, ALL = "due", "held", "all"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of charts with their times, and how many there are in all."""

    rows: Sequence[Keeping]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def keeping_of(chart: Chart, *, now: datetime) -> Keeping:
    """Say how long a chart is kept."""
    return keepings([chart], now=now)[0]


def listed(*, now: datetime, show: str = DUE, words: str = "", page: int = 1) -> Page:
    """Return one page of charts by the day they are kept until; words match the client's or the counselor's name."""
    counselor = aliased(Person)
    asked = select(Chart).join(Person, Person.id == Chart.client_id).join(counselor, counselor.id == Chart.counselor_id)
    for word in words.split()[:6]:
        like = (Person.name.icontains(word, autoescape=True), counselor.name.icontains(word, autoescape=True))
        asked = asked.where(or_(*like))
    asked = asked.where(Chart.erased_at.is_(None))
    if show == DUE:
        asked = asked.where(_may_be_due(now))
    found = keepings(db.session.scalars(asked).all(), now=now)
    if show == DUE:
        found = [each for each in found if each.is_due]
    elif show == HELD:
        found = [each for each in found if each.hold]
    found.sort(key=lambda each: (each.kept_until, each.chart.id))
    number = min(max(1, page), max(1, -(-len(found) // PAGE_SIZE)))
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    _name([each.chart for each in shown])
    return Page(shown, len(found), number)


def due(*, now: datetime, counselor: Person | None = None) -> list[Keeping]:
    """List the charts whose time is over, all or those one counselor can open, the longest over first."""
    asked = select(Chart).where(Chart.erased_at.is_(None), _may_be_due(now))
    if counselor:
        asked = asked.where(Chart.counselor_id == counselor.id, Chart.client_id.in_(clients_met(counselor)))
    asked = asked.options(joinedload(Chart.client), joinedload(Chart.counselor))
    found = [each for each in keepings(db.session.scalars(asked).all(), now=now) if each.is_due]
    return sorted(found, key=lambda each: (each.kept_until, each.chart.id))


def chart(chart_id: int) -> Chart | None:
    """Return a chart, for those who keep its time."""
    return db.session.get(Chart, chart_id)


def rules() -> Sequence[RetentionRule]:
    """List the practice's rules, the usual one first."""
    return db.session.scalars(select(RetentionRule).order_by(RetentionRule.place)).all()


def rule(rule_id: int) -> RetentionRule | None:
    """Return a rule."""
    return db.session.get(RetentionRule, rule_id)


def holds_of(chart: Chart) -> Sequence[LegalHold]:
    """List the holds there are and were on a chart, the newest first."""
    ours = select(LegalHold).where(LegalHold.chart_id == chart.id)
    return db.session.scalars(ours.order_by(LegalHold.id.desc())).all()


def standing_hold(chart: Chart) -> LegalHold | None:
    """Return the hold that stops everything on a chart, if there is one."""
    return db.session.scalar(select(LegalHold).where(LegalHold.chart_id == chart.id, LegalHold.released_at.is_(None)))


def erasures(*, chart: Chart | None = None) -> Sequence[Erasure]:
    """List what was erased, the newest first."""
    found = select(Erasure).options(joinedload(Erasure.chart).joinedload(Chart.client))
    found = found.where(Erasure.chart_id == chart.id) if chart else found
    return db.session.scalars(found.order_by(Erasure.id.desc()).limit(200)).all()


def erasure(erasure_id: int) -> Erasure | None:
    """Return what was erased."""
    return db.session.get(Erasure, erasure_id)


def _name(charts: Sequence[Chart]) -> None:
    """Load who these charts are between, all at once; of the others on other pages nobody reads the names."""
    ours = select(Chart).where(Chart.id.in_([chart.id for chart in charts]))
    db.session.scalars(ours.options(joinedload(Chart.client), joinedload(Chart.counselor))).all()


def _may_be_due(now: datetime) -> ColumnElement[bool]:
    """Select, without adding up anything, the charts that can be due at all: few in a practice that is young."""
    shortest = min([YEARS, *(rule.years for rule in rules())])
    excepted = select(ChartKeeping.chart_id).where(ChartKeeping.exception.is_not(None))
    return or_(Chart.created_at < now - timedelta(days=365 * shortest), Chart.id.in_(excepted))
