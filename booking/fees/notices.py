"""Plans what people are told about a fee, in the transaction of the deed; the outbox sends it."""

from __future__ import annotations

from datetime import datetime

from booking.models.fees import FeeProposal
from booking.models.objections import FeeObjection
from booking.notices import subject_of
from practice.core import outbox

CHARGED, OBJECTED, ANSWERED = "booking.fee_charged", "booking.fee_objected", "booking.fee_answered"


def tell_of_charge(proposal: FeeProposal, now: datetime) -> None:
    """Tell whoever pays what is charged, why, and how to object."""
    _tell(CHARGED, proposal, proposal.appointment.billed.id, now)


def tell_of_objection(objection: FeeObjection, now: datetime) -> None:
    """Tell the counselor that somebody waits for an answer."""
    _tell(OBJECTED, objection.proposal, objection.proposal.appointment.counselor_id, now)


def tell_of_answer(objection: FeeObjection, now: datetime) -> None:
    """Tell whoever objected what was decided."""
    _tell(ANSWERED, objection.proposal, objection.made_by_id, now)


def _tell(kind: str, proposal: FeeProposal, recipient_id: int, now: datetime) -> None:
    outbox.plan(
        key=f"{kind}:{proposal.id}",
        kind=kind,
        due_at=now,
        now=now,
        recipient_id=recipient_id,
        payload={"proposal_id": proposal.id},
        subject=subject_of(proposal.appointment),
    )
