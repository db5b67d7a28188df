"""Charts given to people beside their counselor, and taken back: by envelopes, not by permission."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from notes.custody import rings
from notes.custody.holders import holder
from notes.custody.models import SUCCESSOR, Access, RingEpoch, RingKey
from notes.custody.tending import wrap_missing
from notes.models import Chart
from notes.vault import Ring, VaultNotMadeError, VaultRefusedError
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def give(
    chart: Chart, person: Person, *, kind: str, by: Person, now: datetime, ends_at: datetime | None = None
) -> Access:
    """Let somebody read and write a chart, all of it but the private ring, for good or until an instant.

    Whoever holds keys here must be able to open the chart themselves. Given again, it lasts until the new
    instant and goes to the newest key; what was handed over for good stays so.
    Raises VaultNotMadeError, VaultRefusedError, VaultLockedError.
    """
    number = number_of(person)
    _must_open(chart)
    before = standing(chart, person)
    if before and before.kind == SUCCESSOR:
        kind, ends_at = SUCCESSOR, None
    access = enter(chart, person, kind=kind, number=number, by=by, now=now, ends_at=ends_at)
    if _has_keys(chart):
        wrap_missing(holder(), [chart], now=now)
    return access


def enter(
    chart: Chart, person: Person, *, kind: str, number: int, by: Person, now: datetime, ends_at: datetime | None = None
) -> Access:
    """Write down that somebody has a chart, under a number of their keys; whoever calls sees to the envelopes."""
    access = standing(chart, person) or Access(chart_id=chart.id, person_id=person.id)
    access.kind, access.key_number, access.ends_at = kind, number, ends_at
    access.given_by_id, access.given_at = by.id, now
    db.session.add(access)
    db.session.flush()
    until = ends_at.isoformat() if ends_at else None
    _record("access.given", access, by=by, detail={"as": kind, "until": until})
    return access


def take_back(chart: Chart, person: Person, *, by: Person | None, now: datetime) -> bool:
    """End somebody's access: their envelopes go, and new words get new keys; tell whether there was any.

    It needs nobody's password: new keys are made from nothing and wrapped for those who stay.
    """
    db.session.refresh(chart, ["epoch"], with_for_update=True)
    access = standing(chart, person)
    if access is None:
        return False
    _end(access, by=by, now=now)
    return True


def end_those_due(*, now: datetime) -> int:
    """End every access whose time has come; return how many there were."""
    due = db.session.scalars(
        select(Access).where(Access.ended_at.is_(None), Access.ends_at <= now).order_by(Access.id)
    ).all()
    for access in due:
        _end(access, by=None, now=now)
    return len(due)


def standing(chart: Chart, person: Person) -> Access | None:
    """Find somebody's access to a chart that was not ended."""
    return db.session.scalar(
        select(Access).where(Access.chart_id == chart.id, Access.person_id == person.id, Access.ended_at.is_(None))
    )


def of_chart(chart: Chart) -> Sequence[Access]:
    """List who was given a chart, those who have it now first."""
    return db.session.scalars(
        select(Access)
        .where(Access.chart_id == chart.id)
        .options(joinedload(Access.person), joinedload(Access.given_by))
        .order_by(Access.ended_at.is_not(None), Access.given_at.desc())
    ).all()


def to_person(person: Person, *, now: datetime) -> Sequence[Access]:
    """List what a person was given and has now."""
    return db.session.scalars(
        select(Access)
        .where(Access.person_id == person.id, Access.ended_at.is_(None))
        .where(Access.ends_at.is_(None) | (Access.ends_at > now))
        .options(
            joinedload(Access.chart).joinedload(Chart.client), joinedload(Access.chart).joinedload(Chart.counselor)
        )
        .order_by(Access.given_at.desc())
    ).all()


def _end(access: Access, *, by: Person | None, now: datetime) -> None:
    chart = access.chart
    access.ended_at, access.ended_by_id = now, by.id if by else None
    theirs = select(RingEpoch.id).where(RingEpoch.chart_id == chart.id)
    db.session.execute(
        delete(RingKey)
        .where(RingKey.person_id == access.person_id, RingKey.ring_epoch_id.in_(theirs))
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    rings.renew(chart, now=now)
    _record("access.ended", access, by=by, detail={"as": access.kind})


def number_of(person: Person) -> int:
    """Return the number of somebody's newest keys; raises VaultNotMadeError, VaultDoubtedError."""
    try:
        return int(rings.needed(person.id).name.rpartition("/")[2])
    except VaultNotMadeError as error:
        words = f"{person.first_name} has no keys yet. They are made when they next sign in."
        raise VaultNotMadeError(words) from error


def _must_open(chart: Chart) -> None:
    found = rings.of_chart(chart.id, Ring.WORKING, chart.epoch)
    if found and rings.open_by(holder(), found) is None:
        raise VaultRefusedError("Only somebody who can read this chart can give it to others.")


def _has_keys(chart: Chart) -> bool:
    return rings.of_chart(chart.id, Ring.WORKING, chart.epoch) is not None


def _record(action: str, access: Access, *, by: Person | None, detail: dict[str, str | None]) -> None:
    audit.record(
        action,
        person_id=by.id if by else None,
        subject=("person", access.person_id),
        about=access.chart.client_id,
        detail=detail,
    )
