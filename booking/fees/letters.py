"""The letters about fees: what is charged, why and how to object, that somebody objected, and the answer."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from booking.fees import notices, objections
from booking.models.fees import CHARGED, FeeProposal
from booking.models.objections import FeeObjection
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Person, Practice

SUBJECTS = {
    notices.CHARGED: "A fee of {amount} for {when}",
    notices.OBJECTED: "Somebody objects to a fee",
    notices.ANSWERED: "Your objection to a fee was answered",
}


def register() -> None:
    """Tell the outbox who writes these letters."""
    for kind in SUBJECTS:
        outbox.renders(kind)(partial(_write, kind))


def _write(kind: str, message: OutboxMessage, now: datetime) -> Mail | None:
    proposal = db.session.get_one(FeeProposal, message.payload["proposal_id"])
    reader = db.session.get(Person, message.recipient_id)
    objection = objections.of(proposal)
    if reader is None or reader.closed_at or not _is_wanted(kind, proposal, objection):
        return None
    when = formats.when(proposal.appointment.starts_at, reader.zone)
    return mail.compose(
        f"emails/booking/{kind.removeprefix('booking.')}",
        to=reader.email,
        subject=SUBJECTS[kind].format(amount=proposal.amount, when=when),
        person=reader,
        fee=proposal,
        objection=objection,
        when=when,
        link=_link(kind, proposal),
        practice_name=db.session.get_one(Practice, 1).name,
    )


def _is_wanted(kind: str, proposal: FeeProposal, objection: FeeObjection | None) -> bool:
    """Tell whether a letter is still true: a fee let go meanwhile is not announced, nor is an answered objection."""
    if kind == notices.CHARGED:
        return proposal.status == CHARGED
    if kind == notices.OBJECTED:
        return objection is not None and objection.answered_at is None
    return objection is not None and objection.answered_at is not None


def _link(kind: str, proposal: FeeProposal) -> str:
    if kind == notices.OBJECTED:
        return absolute("booking.fees")
    return absolute("booking.fee", proposal_id=proposal.id)
