"""Which charts are kept until when, what holds them, and which may be destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, joinedload

from booking.models.appointments import Appointment
from notes.models import Chart, Note
from notes.release.models import Disclosure
from notes.retention.models import ChartKeeping, Erasure, LegalHold, RetentionRule
from notes.retention.rules import ACCOUNTED, Rule, years_after
from practice.core.db import db
from practice.models import Person
from practice.queries.people import the_practice

PAGE_SIZE = 50
SERVED = ("confirmed", "completed")
DUE, HELD, ALL = "due", "held", "all"
_TOLD = select(Disclosure.chart_id, func.max(Disclosure.told_at)).group_by(Disclosure.chart_id)


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
    def is_due(self) -> bool:
        """Tell whether its time is over and nothing holds it."""
        return self.kept_until < self.today and self.hold is None and self.has_keys

    @property
    def has_keys(self) -> bool:
        """Tell whether there is anything left to destroy."""
        return self.chart.erased_at is None

    @property
    def is_reviewed(self) -> bool:
        """Tell whether somebody agreed that it may be destroyed."""
        return self.row is not None and self.row.reviewed_at is not None


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
    return _keepings([chart], now)[0]


def listed(*, now: datetime, show: str = DUE, words: str = "", page: int = 1) -> Page:
    """Return one page of charts by the day they are kept until; words match the client's or the counselor's name."""
    counselor = aliased(Person)
    asked = select(Chart).join(Person, Person.id == Chart.client_id).join(counselor, counselor.id == Chart.counselor_id)
    for word in words.split()[:6]:
        like = (Person.name.icontains(word, autoescape=True), counselor.name.icontains(word, autoescape=True))
        asked = asked.where(or_(*like))
    asked = asked.where(Chart.erased_at.is_(None)).options(joinedload(Chart.client), joinedload(Chart.counselor))
    found = _keepings(db.session.scalars(asked).all(), now)
    if show == DUE:
        found = [each for each in found if each.is_due]
    elif show == HELD:
        found = [each for each in found if each.hold]
    found.sort(key=lambda each: (each.kept_until, each.chart.id))
    number = min(max(1, page), max(1, -(-len(found) // PAGE_SIZE)))
    return Page(found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], len(found), number)


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


def _keepings(charts: Sequence[Chart], now: datetime) -> list[Keeping]:
    ids = [chart.id for chart in charts]
    zone = ZoneInfo(the_practice().zone)
    of_ids = ids if len(ids) <= PAGE_SIZE else None
    last, rows, holds = _last_contacts(of_ids), _rows(), _holds()
    told: dict[int, datetime] = {row[0]: row[1] for row in db.session.execute(_TOLD)}
    usual = next((each for each in rules() if not each.place), None)
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


def _rows() -> dict[int, ChartKeeping]:
    return {
        row.chart_id: row for row in db.session.scalars(select(ChartKeeping).options(joinedload(ChartKeeping.rule)))
    }


def _holds() -> dict[int, LegalHold]:
    standing = select(LegalHold).where(LegalHold.released_at.is_(None)).options(joinedload(LegalHold.placed_by))
    return {row.chart_id: row for row in db.session.scalars(standing)}
