"""Which fees wait for a decision, and what was decided, for whoever may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from booking.models.appointments import Appointment
from booking.models.fees import BARRED, CHARGED, PROPOSED, WAIVED, FeeProposal
from practice.core.db import db
from practice.models import Person

OPEN, DECIDED = (PROPOSED, BARRED), (CHARGED, WAIVED)


def open_for(viewer: Person) -> Sequence[FeeProposal]:
    """Return what waits for this person's decision, the oldest first."""
    return db.session.scalars(
        _seen_by(viewer).where(FeeProposal.status.in_(OPEN)).order_by(FeeProposal.proposed_at, FeeProposal.id)
    ).all()


def decided_for(viewer: Person, *, most: int, offset: int = 0) -> Sequence[FeeProposal]:
    """Return what was decided, the latest first."""
    return db.session.scalars(
        _seen_by(viewer)
        .where(FeeProposal.status.in_(DECIDED))
        .order_by(FeeProposal.decided_at.desc(), FeeProposal.id.desc())
        .limit(most)
        .offset(offset)
    ).all()


def count_open(counselor: Person, since: datetime) -> int:
    """Count what a counselor has to decide about since an instant."""
    waiting = (
        select(func.count())
        .select_from(FeeProposal)
        .join(Appointment)
        .where(
            Appointment.counselor_id == counselor.id,
            FeeProposal.status.in_(OPEN),
            FeeProposal.proposed_at >= since,
        )
    )
    return int(db.session.scalar(waiting) or 0)


def proposal_for(viewer: Person, proposal_id: int) -> FeeProposal | None:
    """Return a proposal to the session's counselor or an administrator."""
    return db.session.scalars(_seen_by(viewer).where(FeeProposal.id == proposal_id)).first()


def _seen_by(viewer: Person) -> Select[FeeProposal]:
    statement = (
        select(FeeProposal)
        .join(FeeProposal.appointment)
        .options(
            joinedload(FeeProposal.appointment).joinedload(Appointment.client),
            joinedload(FeeProposal.appointment).joinedload(Appointment.counselor),
            joinedload(FeeProposal.decided_by),
        )
        .where(Appointment.client_id != viewer.id)
    )
    return statement if viewer.is_administrator else statement.where(Appointment.counselor_id == viewer.id)
