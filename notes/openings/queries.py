"""What ties somebody to a chart, and openings as those who review or answer them may find them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from booking.models.appointments import Appointment
from booking.models.hours import TimeOff
from booking.policy import COMPLETED, CONFIRMED
from notes.custody.models import SUCCESSOR, Access
from notes.measures.models import MeasureAlert
from notes.models import Chart
from notes.openings import rules
from notes.openings.models import ChartOpening
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person

PER_PAGE = 20
GIVEN_REASON = "chart.reason_given"
LOOK, AMISS, ALL = "look", "amiss", "all"
"""Which of the openings a list shows: those to look at, those that were not right, all."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of openings, and how many there are in all."""

    rows: Sequence[ChartOpening]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """Count the pages, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def ties_of(access: Access, *, now: datetime) -> rules.Ties:
    """Tell what joins whoever has this access to the care in its chart."""
    chart = access.chart
    return rules.Ties(
        access.kind,
        counselor_is_away=_is_away(chart.counselor_id, now),
        meets_the_client=_meets(access.person_id, chart.client_id, now),
        is_called=_is_called(chart.id, now),
    )


def of_sitting(chart_id: int, person_id: int, sign_in_id: int, *, now: datetime) -> ChartOpening | None:
    """Return the opening by which somebody reads a chart in this sitting, if they gave a reason already."""
    ours = select(ChartOpening).where(
        ChartOpening.chart_id == chart_id,
        ChartOpening.person_id == person_id,
        ChartOpening.sign_in_id == sign_in_id,
    )
    last = db.session.scalar(ours.order_by(ChartOpening.opened_at.desc(), ChartOpening.id.desc()).limit(1))
    return last if last and rules.same_sitting(opened_at=last.opened_at, now=now) else None


def in_charts_of(counselor: Person) -> ColumnElement[bool]:
    """Say of an opening that this counselor looks at it: of a chart in their hands, and by somebody else."""
    taken = select(Access.chart_id).where(
        Access.person_id == counselor.id, Access.kind == SUCCESSOR, Access.ended_at.is_(None)
    )
    mine = ChartOpening.chart.has(Chart.counselor_id == counselor.id)
    return and_(or_(mine, ChartOpening.chart_id.in_(taken)), ChartOpening.person_id != counselor.id)


def to_be_looked_at(counselor: Person) -> int:
    """Count the openings of a counselor's charts that wait for a word of theirs."""
    return _count(_openings(in_charts_of(counselor), _waits_for_a_reviewer()))


def asked_of(person: Person) -> Sequence[ChartOpening]:
    """Return the openings about which somebody is asked and has not answered, the oldest first."""
    mine = _openings(ChartOpening.person_id == person.id, _waits_for_the_opener())
    return db.session.scalars(mine.order_by(ChartOpening.asked_at)).all()


def for_the_practice(*, now: datetime) -> int:
    """Count what administrators are to look at: what was not right, and what nobody has looked at for a week."""
    return _count(_openings(_calls_the_practice(now)))


def listed(
    mine: ColumnElement[bool], *, show: str, name: str = "", page: int = 1, now: datetime | None = None
) -> Listed:
    """Return a page of openings, the latest first; `name` narrows to clients and people who opened."""
    chosen = {LOOK: _waits_for_a_reviewer(), AMISS: ChartOpening.verdict == rules.AMISS}.get(show)
    if show == LOOK and now is not None:
        chosen = _calls_the_practice(now)
    wanted = _openings(mine, *([chosen] if chosen is not None else []), *_named(name))
    total = _count(wanted)
    number = min(max(1, page), max(1, -(-total // PER_PAGE)))
    newest = wanted.order_by(ChartOpening.opened_at.desc(), ChartOpening.id.desc())
    rows = db.session.scalars(newest.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Listed(rows, number, total)


def opening_for(mine: ColumnElement[bool], opening_id: int) -> ChartOpening | None:
    """Return one opening that somebody may look at."""
    return db.session.scalar(_openings(mine, ChartOpening.id == opening_id))


def deeds_in(opening: ChartOpening) -> Sequence[AuditEntry]:
    """Return what was done with the client's record in the hours of an opening by who opened it, the first first."""
    until = opening.opened_at + rules.SITTING
    theirs = select(AuditEntry).where(
        AuditEntry.about_id == opening.chart.client_id,
        AuditEntry.person_id == opening.person_id,
        AuditEntry.at >= opening.opened_at,
        AuditEntry.at < until,
        AuditEntry.action != GIVEN_REASON,
        ~AuditEntry.action.startswith("opening."),
    )
    return db.session.scalars(theirs.order_by(AuditEntry.id).limit(200)).all()


def _openings(*conditions: ColumnElement[bool]) -> Select[ChartOpening]:
    people = (
        joinedload(ChartOpening.person),
        joinedload(ChartOpening.chart).joinedload(Chart.client),
        joinedload(ChartOpening.chart).joinedload(Chart.counselor),
    )
    return select(ChartOpening).where(*conditions).options(*people)


def _count(wanted: Select[ChartOpening]) -> int:
    ids = wanted.with_only_columns(ChartOpening.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def _waits_for_a_reviewer() -> ColumnElement[bool]:
    unasked = or_(ChartOpening.asked_at.is_(None), ChartOpening.answer.is_not(None))
    return and_(ChartOpening.verdict.is_(None), unasked)


def _waits_for_the_opener() -> ColumnElement[bool]:
    open_question = and_(ChartOpening.asked_at.is_not(None), ChartOpening.answer.is_(None))
    return and_(open_question, ChartOpening.verdict.is_(None))


def _calls_the_practice(now: datetime) -> ColumnElement[bool]:
    amiss = and_(ChartOpening.verdict == rules.AMISS, ChartOpening.noted_at.is_(None))
    gone = ChartOpening.chart.has(Chart.counselor.has(Person.closed_at.is_not(None)))
    late = ChartOpening.opened_at <= now - rules.OVERDUE
    return or_(amiss, and_(ChartOpening.verdict.is_(None), or_(gone, late)))


def _named(name: str) -> list[ColumnElement[bool]]:
    client, found = aliased(Person), []
    for word in name.split():
        theirs = select(Chart.id).join(client, client.id == Chart.client_id)
        of_client = ChartOpening.chart_id.in_(theirs.where(client.name.icontains(word, autoescape=True)))
        found.append(or_(of_client, ChartOpening.person.has(Person.name.icontains(word, autoescape=True))))
    return found


def _is_away(counselor_id: int, now: datetime) -> bool:
    off = select(TimeOff.id).where(
        TimeOff.counselor_id == counselor_id, TimeOff.starts_at <= now, TimeOff.ends_at > now
    )
    return db.session.scalar(off.limit(1)) is not None


def _meets(counselor_id: int, client_id: int, now: datetime) -> bool:
    near = select(Appointment.id).where(
        Appointment.counselor_id == counselor_id,
        Appointment.client_id == client_id,
        Appointment.status.in_((CONFIRMED, COMPLETED)),
        Appointment.starts_at.between(now - rules.NEAR_A_SESSION, now + rules.NEAR_A_SESSION),
    )
    return db.session.scalar(near.limit(1)) is not None


def _is_called(chart_id: int, now: datetime) -> bool:
    """Tell whether an alert is open, or was settled so lately that one still has to do with it."""
    open_yet = or_(MeasureAlert.settled_at.is_(None), MeasureAlert.settled_at > now - rules.SITTING)
    raised = select(MeasureAlert.id).where(MeasureAlert.chart_id == chart_id, open_yet)
    return db.session.scalar(raised.limit(1)) is not None
