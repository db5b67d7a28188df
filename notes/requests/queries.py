"""Whose requests are whose: a client's own, those a counselor answers, and the practice's whole desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from notes.custody.models import COVER, SUCCESSOR, Access
from notes.models import Chart
from notes.requests.models import DENIED, DISAGREEMENT, GRANTED, OPEN, PARTLY, RecordRequest, Saying
from practice.core.db import db
from practice.models import Person
from practice.queries.people import the_practice

PAGE_SIZE = 50
ALL = "all"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a desk, those due first on top, and how many there are in all."""

    rows: Sequence[RecordRequest]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def today(now: datetime) -> date:
    """Return the day on the practice's calendar."""
    return now.astimezone(ZoneInfo(the_practice().zone)).date()


def charts_of(client: Person) -> Sequence[Chart]:
    """List the charts on a client, the newest first."""
    kept = select(Chart).where(Chart.client_id == client.id).options(joinedload(Chart.counselor))
    return db.session.scalars(kept.order_by(Chart.id.desc())).all()


def of_client(client: Person) -> Sequence[RecordRequest]:
    """List a client's requests, the newest first."""
    ours = _loaded().where(RecordRequest.client_id == client.id)
    return db.session.scalars(ours.order_by(RecordRequest.id.desc())).all()


def one_of_client(client: Person, request_id: int) -> RecordRequest | None:
    """Return a request of this client."""
    return db.session.scalar(_loaded().where(RecordRequest.id == request_id, RecordRequest.client_id == client.id))


def one_for(counselor: Person, request_id: int, *, now: datetime) -> RecordRequest | None:
    """Return a request that this counselor answers."""
    return db.session.scalar(_loaded().where(RecordRequest.id == request_id, _answered_by(counselor, now)))


def one(request_id: int) -> RecordRequest | None:
    """Return a request, for those who run the practice."""
    return db.session.scalar(_loaded().where(RecordRequest.id == request_id))


def open_like(client: Person, kind: str, chart: Chart | None) -> RecordRequest | None:
    """Return an open request of a client of the same kind about the same chart."""
    same = RecordRequest.chart_id == chart.id if chart else RecordRequest.chart_id.is_(None)
    asked = select(RecordRequest).where(
        RecordRequest.client_id == client.id, RecordRequest.kind == kind, RecordRequest.state == OPEN, same
    )
    return db.session.scalars(asked.order_by(RecordRequest.id)).first()


def desk(*, now: datetime, counselor: Person | None = None, state: str = OPEN, words: str = "", page: int = 1) -> Page:
    """Return one page of requests, of one counselor or of the whole practice; words match the client's name."""
    conditions = [_answered_by(counselor, now)] if counselor else []
    conditions += [RecordRequest.client.has(Person.name.icontains(each, autoescape=True)) for each in words.split()[:6]]
    if state != ALL:
        conditions.append(RecordRequest.state == OPEN if state == OPEN else RecordRequest.state != OPEN)
    total = db.session.scalar(select(func.count()).select_from(RecordRequest).where(*conditions)) or 0
    number = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    order = (
        (RecordRequest.due_on, RecordRequest.id)
        if state == OPEN
        else (RecordRequest.settled_at.is_not(None), RecordRequest.settled_at.desc(), RecordRequest.due_on)
    )
    found = _loaded().where(*conditions).order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(db.session.scalars(found).all(), total, number)


def due_by(day: date, *, now: datetime, counselor: Person | None = None) -> Sequence[RecordRequest]:
    """List the open requests that are due by a day, the earliest first."""
    found = _loaded().where(RecordRequest.state == OPEN, RecordRequest.due_on <= day)
    found = found.where(_answered_by(counselor, now)) if counselor else found
    return db.session.scalars(found.order_by(RecordRequest.due_on, RecordRequest.id)).all()


def answerers(request: RecordRequest, *, now: datetime) -> list[int]:
    """Name those who may answer a request about a chart: its counselor, and who cares for the client in their place."""
    if request.chart is None:
        return []
    given = _standing_in(now).where(Access.chart_id == request.chart_id).with_only_columns(Access.person_id)
    return sorted({request.chart.counselor_id, *db.session.scalars(given)})


def restrictions_of(chart: Chart) -> Sequence[RecordRequest]:
    """List the restrictions agreed on for a chart (45 CFR 164.522(a)); whoever discloses must read them first."""
    agreed = select(RecordRequest).where(
        RecordRequest.chart_id == chart.id,
        RecordRequest.kind == "restriction",
        RecordRequest.state.in_((GRANTED, PARTLY)),
    )
    return db.session.scalars(agreed.order_by(RecordRequest.id)).all()


def disputes_of(chart: Chart) -> Sequence[RecordRequest]:
    """List refused corrections the client disagrees with; they go with the record (45 CFR 164.526(d)(4), (5))."""
    said = select(Saying.id).where(Saying.request_id == RecordRequest.id, Saying.kind == DISAGREEMENT)
    found = select(RecordRequest).where(
        RecordRequest.chart_id == chart.id,
        RecordRequest.kind == "correction",
        RecordRequest.state.in_((DENIED, PARTLY)),
        said.exists(),
    )
    return db.session.scalars(found.order_by(RecordRequest.id)).all()


def going_with(chart: Chart) -> Sequence[RecordRequest]:
    """List corrections that go with the record: agreed to, whole or in part, or refused and disputed.

    45 CFR 164.526(c)(1) and (3), (d)(4) and (5).
    """
    disputed = select(Saying.id).where(Saying.request_id == RecordRequest.id, Saying.kind == DISAGREEMENT).exists()
    found = _loaded().where(
        RecordRequest.chart_id == chart.id,
        RecordRequest.kind == "correction",
        or_(RecordRequest.state.in_((GRANTED, PARTLY)), and_(RecordRequest.state == DENIED, disputed)),
    )
    return db.session.scalars(found.order_by(RecordRequest.id)).all()


def worded_of(client: Person, *, first: int = 0, most: int | None = None) -> Sequence[RecordRequest]:
    """Return a client's requests in which something was said, or so many of them after the first so many."""
    said = select(Saying.id).where(Saying.request_id == RecordRequest.id)
    found = _loaded().where(RecordRequest.client_id == client.id, said.exists()).order_by(RecordRequest.id)
    return db.session.scalars(found.offset(first).limit(most)).all()


def _loaded() -> Select[RecordRequest]:
    return select(RecordRequest).options(
        joinedload(RecordRequest.client), joinedload(RecordRequest.chart).joinedload(Chart.counselor)
    )


def _answered_by(counselor: Person, now: datetime) -> ColumnElement[bool]:
    given = _standing_in(now).where(Access.person_id == counselor.id).with_only_columns(Access.chart_id)
    own = select(Chart.id).where(Chart.counselor_id == counselor.id)
    return or_(RecordRequest.chart_id.in_(own), RecordRequest.chart_id.in_(given))


def _standing_in(now: datetime) -> Select[Access]:
    return select(Access).where(
        Access.kind.in_((COVER, SUCCESSOR)),
        Access.ended_at.is_(None),
        or_(Access.ends_at.is_(None), Access.ends_at > now),
    )
