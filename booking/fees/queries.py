"""Which fees wait for a decision, and what was decided, for whoever may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from booking.models.appointments import Appointment
from booking.models.fees import BARRED, CHARGED, PROPOSED, WAIVED, FeeProposal
from booking.models.objections import FeeObjection
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


def objections_for(viewer: Person) -> Sequence[FeeObjection]:
    """Return the objections that wait for this person's answer, the oldest first."""
    seen = _seen_by(viewer).with_only_columns(FeeProposal.id)
    fee = joinedload(FeeObjection.proposal).joinedload(FeeProposal.appointment)
    query = (
        select(FeeObjection)
        .where(FeeObjection.answered_at.is_(None), FeeObjection.proposal_id.in_(seen))
        .options(fee.joinedload(Appointment.client), fee.joinedload(Appointment.counselor))
    )
    return db.session.scalars(query.order_by(FeeObjection.made_at, FeeObjection.id)).all()


def own_fee(client: Person, proposal_id: int) -> FeeProposal | None:
    """Return a fee to whom it is charged to, or for whose session it is."""
    whose = or_(Appointment.client_id == client.id, Appointment.payer_id == client.id)
    query = select(FeeProposal).join(FeeProposal.appointment).where(FeeProposal.id == proposal_id, whose)
    return db.session.scalars(query.where(FeeProposal.status.in_(DECIDED), FeeProposal.amount_cents > 0)).first()


def decided_on(appointment_ids: Iterable[int]) -> dict[int, int]:
    """Return the fee that was decided about each of some appointments, where there is one to explain."""
    query = select(FeeProposal.appointment_id, FeeProposal.id).where(
        FeeProposal.appointment_id.in_(appointment_ids),
        FeeProposal.status.in_(DECIDED),
        FeeProposal.amount_cents > 0,
    )
    return {row.appointment_id: row.id for row in db.session.execute(query)}


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
