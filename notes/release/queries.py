"""Authorisations, accounts and what goes into a packet, of charts that `notes.release.hands` names; still sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from booking.models.appointments import Appointment
from booking.policy import COMPLETED
from notes.measures.models import GIVEN, MeasureAsking
from notes.models import Chart
from notes.release.models import Disclosure, Packet, Release
from practice.core.db import db

Between = tuple[datetime | None, datetime | None]
"""From an instant to another, that one not included; None leaves it open."""


def release_for(ours: ColumnElement[bool], release_id: int) -> Release | None:
    """Return an authorisation on one of these charts."""
    return db.session.scalar(_releases(ours).where(Release.id == release_id))


def releases_of(ours: ColumnElement[bool]) -> Sequence[Release]:
    """Return the authorisations on these charts, the latest first."""
    found = _releases(ours).order_by(Release.entered_at.desc(), Release.id.desc())
    return db.session.scalars(found).all()


def unsent(ours: ColumnElement[bool]) -> Sequence[Release]:
    """Return authorisations that nobody took back, under which nothing was given yet, the oldest first."""
    given = select(Disclosure.id).where(Disclosure.release_id == Release.id)
    waiting = _releases(ours).where(
        Release.revoked_at.is_(None), Release.ended_at.is_(None), Release.seen_at.is_(None), ~given.exists()
    )
    return db.session.scalars(waiting.order_by(Release.entered_at, Release.id)).all()


def disclosures_of(ours: ColumnElement[bool], *, since: datetime | None = None) -> Sequence[Disclosure]:
    """Return what was given out from these charts, the latest first."""
    found = select(Disclosure).join(Chart, Chart.id == Disclosure.chart_id).where(ours)
    if since:
        found = found.where(Disclosure.told_at >= since)
    whole = found.options(
        joinedload(Disclosure.chart).joinedload(Chart.client), joinedload(Disclosure.chart).joinedload(Chart.counselor)
    )
    return db.session.scalars(whole.order_by(Disclosure.told_at.desc(), Disclosure.id.desc())).all()


def packets_of(release: Release, *, unsent_only: bool = False) -> Sequence[Packet]:
    """Return what was prepared under an authorisation, the latest first."""
    ours = select(Packet).where(Packet.release_id == release.id)
    if unsent_only:
        ours = ours.where(Packet.disclosure_id.is_(None))
    return db.session.scalars(ours.order_by(Packet.printed_at.desc(), Packet.id.desc())).all()


def sessions_between(chart: Chart, span: Between) -> Sequence[Appointment]:
    """Return the sessions of a chart that were held in a time, the earliest first."""
    held = select(Appointment).where(
        Appointment.client_id == chart.client_id,
        Appointment.counselor_id == chart.counselor_id,
        Appointment.status == COMPLETED,
        *_within(Appointment.starts_at, span),
    )
    with_people = held.options(joinedload(Appointment.service), joinedload(Appointment.counselor))
    return db.session.scalars(with_people.order_by(Appointment.starts_at, Appointment.id)).all()


def answers_between(chart: Chart, span: Between) -> Sequence[MeasureAsking]:
    """Return the questionnaires of a chart that were answered in a time, the earliest first."""
    given = select(MeasureAsking).where(
        MeasureAsking.chart_id == chart.id, MeasureAsking.state == GIVEN, *_within(MeasureAsking.given_at, span)
    )
    return db.session.scalars(given.order_by(MeasureAsking.given_at, MeasureAsking.id)).all()


def _releases(ours: ColumnElement[bool]) -> Select[Release]:
    whole = select(Release).join(Chart, Chart.id == Release.chart_id).where(ours)
    return whole.options(
        joinedload(Release.chart).joinedload(Chart.client),
        joinedload(Release.chart).joinedload(Chart.counselor),
        selectinload(Release.disclosures),
    )


def _within(column: Any, span: Between) -> list[ColumnElement[bool]]:
    begins, ends = span
    return [*([column >= begins] if begins else []), *([column < ends] if ends else [])]
