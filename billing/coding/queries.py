"""Sessions whose codes a counselor has yet to confirm, or has confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from billing.coding.models import SessionCodes
from booking.models.appointments import Appointment
from booking.policy import COMPLETED
from practice.core.db import db
from practice.models import Person

PER_PAGE = 25
LOOK_BACK = timedelta(days=366)
"""How long insurers usually take claims: a year."""
OPEN, DONE = "open", "done"


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of sessions with the codes they have, and how many there are in all."""

    rows: Sequence[tuple[Appointment, SessionCodes | None]]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """Count the pages, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def listed(counselor: Person, *, show: str, page: int, now: datetime) -> Listed:
    """Return a page of a counselor's sessions, the earliest first where codes are missing."""
    wanted = _sessions(counselor, show, now)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number = min(max(1, page), max(1, -(-total // PER_PAGE)))
    order = Appointment.starts_at if show == OPEN else Appointment.starts_at.desc()
    query = (
        select(Appointment, SessionCodes)
        .outerjoin(SessionCodes, SessionCodes.appointment_id == Appointment.id)
        .where(Appointment.id.in_(wanted))
        .order_by(order, Appointment.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
        .options(joinedload(Appointment.client), joinedload(Appointment.service))
    )
    return Listed([(one, codes) for one, codes in db.session.execute(query)], number, int(total))


def next_open(counselor: Person, *, now: datetime) -> Appointment | None:
    """Return the earliest session without codes."""
    wanted = select(Appointment).where(Appointment.id.in_(_sessions(counselor, OPEN, now)))
    return db.session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id).limit(1)).first()


def session_for(counselor: Person, appointment_id: int) -> Appointment | None:
    """Return a session of this counselor that took place."""
    wanted = select(Appointment).where(
        Appointment.id == appointment_id, Appointment.counselor_id == counselor.id, Appointment.status == COMPLETED
    )
    return db.session.scalars(wanted.options(joinedload(Appointment.client), joinedload(Appointment.service))).first()


def _sessions(counselor: Person, show: str, now: datetime) -> Select[Any]:
    coded = exists().where(SessionCodes.appointment_id == Appointment.id)
    return select(Appointment.id).where(
        Appointment.counselor_id == counselor.id,
        Appointment.status == COMPLETED,
        Appointment.price_cents > 0,
        Appointment.starts_at > now - LOOK_BACK,
        coded if show == DONE else ~coded,
    )
