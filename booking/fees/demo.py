"""Fees for the demo: the terms everybody accepted, and what became of late cancellations and missed sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle

from sqlalchemy import or_, select, update

from booking import policies
from booking.models.appointments import Appointment
from booking.models.fees import BARRED, CHARGED, PROPOSED, WAIVED, FeeProposal
from booking.models.objections import LET_GO, FeeObjection
from booking.policy import CANCELLED, COMPLETED, NO_SHOW
from booking.terms import LATE_CANCEL, MISSED
from practice.core import seeds
from practice.core.db import db
from practice.models import Person, Practice

ORDER = 28
DECIDED_WITHIN = timedelta(days=5)
"""What is younger waits for a decision."""
REASONS = ("", "", "Ill, and told us as soon as they could", "", "The first time")
"""Every third and fifth fee is waived, for a reason."""
FAULT = "The room’s log does not show Ines in it, so it cannot tell who came."
OBJECTION = "My train stood still for two hours, and I wrote as soon as I had a signal again."
LATE_WORDS = "I had to take my son to the doctor that afternoon. I am sorry about the short notice."
LATE_ANSWER = "Of course. We let it go this time, and the money is on its way back to you."


def seed(practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Let everybody have accepted the terms, and somebody have decided about each fee."""
    _accept(practice.created_at)
    alice, ines = people["alice"], people["ines"]
    own = _called_off_late(alice, ines, now)
    decided = _decide(_without_fee(now), now)
    for fee in decided:
        if fee.appointment is own:
            _object(fee, LATE_WORDS, fee.proposed_at + timedelta(days=2), answer=LATE_ANSWER)
    charged = [each for each in decided if each.status == CHARGED and each.appointment.counselor_id == ines.id]
    if charged:
        _object(charged[-1], OBJECTION, now - timedelta(hours=20))


def _accept(at: datetime) -> None:
    kept = policies.kept(policies.in_force(), at)
    booked = Appointment.policy_id.is_(None) & (Appointment.price_cents > 0)
    db.session.execute(update(Appointment).where(booked).values(policy_id=kept, accepted_at=Appointment.created_at))
    db.session.expire_all()


def _called_off_late(client: Person, counselor: Person, now: datetime) -> Appointment | None:
    """Let a client have called off one session of six weeks ago on its morning."""
    query = select(Appointment).where(
        Appointment.client_id == client.id,
        Appointment.counselor_id == counselor.id,
        Appointment.status == COMPLETED,
        Appointment.price_cents > 0,
        Appointment.ends_at < now - timedelta(days=42),
    )
    found = db.session.scalars(query.order_by(Appointment.starts_at.desc())).first()
    if found:
        found.status, found.closed_at, found.sequence = CANCELLED, None, 1
        found.cancelled_at = found.changed_at = found.starts_at - timedelta(hours=6)
        found.cancelled_by_id, found.cancelled_late = client.id, True
        db.session.flush()
    return found


def _without_fee(now: datetime) -> Sequence[Appointment]:
    late = (Appointment.status == CANCELLED) & Appointment.cancelled_late
    missed = (Appointment.status == NO_SHOW) & (Appointment.ends_at <= now)
    chosen = select(Appointment).where(or_(late, missed), Appointment.price_cents > 0)
    return db.session.scalars(chosen.order_by(Appointment.starts_at, Appointment.id)).all()


def _decide(appointments: Sequence[Appointment], now: datetime) -> list[FeeProposal]:
    made, reasons, barred = [], cycle(REASONS), False
    for appointment in appointments:
        kind = MISSED if appointment.status == NO_SHOW else LATE_CANCEL
        if appointment.ends_at < now - DECIDED_WITHIN:
            made.append(_fee(appointment, kind, CHARGED, now, reason=next(reasons)))
        elif kind == MISSED and not barred:
            barred = True
            _fee(appointment, kind, BARRED, now, fault=FAULT)
        else:
            _fee(appointment, kind, PROPOSED, now)
    return made


def _fee(
    appointment: Appointment, kind: str, status: str, now: datetime, *, reason: str = "", fault: str | None = None
) -> FeeProposal:
    proposed_at = appointment.cancelled_at or appointment.ends_at
    decided = status == CHARGED
    made = FeeProposal(
        appointment=appointment,
        kind=kind,
        amount_cents=appointment.price_cents,
        currency=appointment.currency,
        status=WAIVED if decided and reason else status,
        fault=fault,
        reason=reason or None,
        proposed_at=proposed_at,
        decided_at=min(now, proposed_at + timedelta(days=1)) if decided else None,
        decided_by_id=appointment.counselor_id if decided else None,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _object(fee: FeeProposal, words: str, at: datetime, *, answer: str = "") -> None:
    objection = FeeObjection(
        proposal_id=fee.id, words=words, made_by_id=fee.appointment.billed.id, made_at=max(at, fee.proposed_at)
    )
    if answer:
        objection.outcome, objection.answer = LET_GO, answer
        objection.answered_by_id, objection.answered_at = fee.appointment.counselor_id, at + timedelta(hours=3)
        fee.status, fee.reason, fee.decided_at = WAIVED, answer, objection.answered_at
    db.session.add(objection)
    db.session.flush()


seeds.register(ORDER, seed)
