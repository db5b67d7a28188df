"""Charts of a counselor who is gone go to a successor: the sheets open them, as nobody's password can any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Exists, func, select
from sqlalchemy.orm import aliased, selectinload

from notes.custody import access, recovery, rings
from notes.custody.models import SUCCESSOR, Access, RingEpoch
from notes.models import Chart
from notes.vault import Ring
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def gone() -> Sequence[Person]:
    """List the people whose account is closed and of whose charts one at least has no successor."""
    left = select(Chart.counselor_id).where(~_succeeded())
    closed = select(Person).where(Person.closed_at.is_not(None), Person.id.in_(left))
    return db.session.scalars(closed.order_by(func.lower(Person.name))).all()


def envelopes_left_by(person: Person) -> list[recovery.Envelope]:
    """Give the recovery key's envelopes of the charts without a successor, all rings but the private one."""
    return recovery.envelopes_of(_left_by(person))


def hand_over(
    person: Person, successor: Person, opened: Mapping[int, bytes], *, by: Person, now: datetime
) -> tuple[int, int]:
    """Wrap what the sheets opened for a successor; return how many charts, and how many have keys that lack.

    A chart of which a key lacks stays where it is. Raises NotTheKeyError and VaultNotMadeError.
    """
    number, newest = access.number_of(successor), rings.needed(successor.id)
    by_chart: dict[int, list[RingEpoch]] = {}
    for epoch in _left_by(person, but_about=successor):
        by_chart.setdefault(epoch.owner, []).append(epoch)
    whole = [epochs for epochs in by_chart.values() if all(epoch.id in opened for epoch in epochs)]
    for epochs in whole:
        for epoch in epochs:
            key = recovery.key_in(epoch, opened[epoch.id])
            if newest.name not in {one.recipient for one in epoch.envelopes}:
                rings.wrap_for(epoch, key, [newest], now=now)
        chart = epochs[0].chart
        if chart is not None:
            access.enter(chart, successor, kind=SUCCESSOR, number=number, by=by, now=now)
    detail = {"charts": len(whole), "of": person.id}
    audit.record("recovery.handed_over", person_id=by.id, subject=("person", successor.id), detail=detail)
    db.session.expire_all()
    return len(whole), len(by_chart) - len(whole)


def _left_by(person: Person, *, but_about: Person | None = None) -> Sequence[RingEpoch]:
    ours = (
        select(RingEpoch)
        .join(Chart, Chart.id == RingEpoch.chart_id)
        .where(Chart.counselor_id == person.id, RingEpoch.ring != Ring.PRIVATE.value, ~_succeeded())
    )
    if but_about is not None:  # nobody takes over the chart about themselves
        ours = ours.where(Chart.client_id != but_about.id)
    both = (selectinload(RingEpoch.envelopes), selectinload(RingEpoch.chart))
    return db.session.scalars(ours.options(*both).order_by(RingEpoch.chart_id, RingEpoch.id)).all()


def _succeeded() -> Exists:
    """Say of a chart that somebody took it over whose account is open."""
    heir = aliased(Person)
    return (
        select(Access.id)
        .join(heir, heir.id == Access.person_id)
        .where(Access.chart_id == Chart.id, Access.kind == SUCCESSOR, Access.ended_at.is_(None))
        .where(heir.closed_at.is_(None))
        .exists()
    )
