"""Objecting to a fee in one's own words, once, and answering it: the fee is kept, or let go and given back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from booking.deeds import lock
from booking.fees import notices, services
from booking.models.appointments import Appointment
from booking.models.fees import CHARGED, FeeProposal
from booking.models.objections import LET_GO, FeeObjection
from booking.refusals import NotAllowedError
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def of(proposal: FeeProposal) -> FeeObjection | None:
    """Return the objection to a fee."""
    return db.session.scalars(select(FeeObjection).where(FeeObjection.proposal_id == proposal.id)).first()


def may_object(proposal: FeeProposal, person: Person) -> bool:
    """Tell whether a person may say something against a fee: whose fee it is, once it is charged, once."""
    whose = {proposal.appointment.client_id, proposal.appointment.billed.id}
    return proposal.status == CHARGED and person.id in whose and of(proposal) is None


def object_to(proposal: FeeProposal, *, words: str, by: Person, now: datetime) -> FeeObjection:
    """Keep an objection and tell those who answer it. Raises NotAllowedError."""
    lock(proposal.appointment)
    db.session.refresh(proposal, with_for_update={"of": FeeProposal})
    if not may_object(proposal, by):
        raise NotAllowedError("You have already written about this fee, or it is not charged any more.")
    made = FeeObjection(proposal_id=proposal.id, words=words, made_by_id=by.id, made_at=now)
    db.session.add(made)
    db.session.flush()
    _record("fee.objected", made, by)
    notices.tell_of_objection(made, now)
    return made


def answer(objection: FeeObjection, *, outcome: str, words: str, by: Person, now: datetime) -> None:
    """Keep the fee or let it go, with words to the client. Raises NotAllowedError; answering twice is once."""
    proposal = services.locked(objection.proposal, by)
    db.session.refresh(objection, with_for_update={"of": FeeObjection})
    if objection.answered_at:
        if objection.outcome == outcome:
            return
        raise NotAllowedError("This objection was answered meanwhile.")
    objection.outcome, objection.answer = outcome, words
    objection.answered_by_id, objection.answered_at = by.id, now
    db.session.flush()
    _record(f"fee.objection_{outcome}", objection, by)
    if outcome == LET_GO and proposal.status == CHARGED:
        services.let_go(proposal, by=by, reason=words, now=now)
    notices.tell_of_answer(objection, now)


def is_open_about(appointment: Appointment) -> bool:
    """Tell whether somebody still has to answer an objection about an appointment's fee."""
    waiting = (
        select(FeeObjection.id)
        .join(FeeObjection.proposal)
        .where(FeeProposal.appointment_id == appointment.id, FeeObjection.answered_at.is_(None))
    )
    return db.session.scalar(waiting) is not None


def _record(action: str, objection: FeeObjection, by: Person) -> None:
    appointment = objection.proposal.appointment
    audit.record(action, person_id=by.id, subject=("appointment", appointment.id), about=appointment.client_id)
