"""What people do with fees: the rule proposes, a person charges or waives; money moves by event alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from booking import events
from booking.deeds import lock, side_of
from booking.fees import notices, witnesses
from booking.models.appointments import Appointment
from booking.models.fees import BARRED, CHARGED, PROPOSED, WAIVED, WITHDRAWN, FeeProposal
from booking.models.policies import FeeRules
from booking.policies import fees_of
from booking.policy import NO_SHOW, Side
from booking.refusals import NotAllowedError
from booking.terms import LATE_CANCEL, MISSED, Fee
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person


def propose(appointment: Appointment, kind: str, now: datetime) -> FeeProposal | None:
    """Propose the fee that the accepted terms ask for; None when they ask for nothing.

    Where the technology failed the proposal is barred: it can be waived and never charged.
    """
    late, missed = fees_of(appointment)
    fee = late if kind == LATE_CANCEL else missed
    if not fee:
        if kind == LATE_CANCEL and appointment.price:
            _settle(appointment, fee, None, now)
        return None
    proposal = of(appointment) or FeeProposal(appointment_id=appointment.id)
    if proposal.status in {CHARGED, WAIVED}:
        return proposal
    fault = witnesses.fault_in(appointment)
    proposal.kind, proposal.amount_cents, proposal.currency = kind, fee.cents, fee.currency
    proposal.status, proposal.fault, proposal.proposed_at = BARRED if fault else PROPOSED, fault, now
    db.session.add(proposal)
    db.session.flush()
    _record(proposal, None)
    return proposal


def take_back(appointment: Appointment) -> None:
    """Withdraw a proposal that nobody decided: the client came after all."""
    proposal = of(appointment)
    if proposal is not None and proposal.status in {PROPOSED, BARRED}:
        proposal.status = WITHDRAWN
        db.session.flush()
        _record(proposal, None)


def charge(proposal: FeeProposal, *, by: Person, now: datetime) -> FeeProposal:
    """Charge what was proposed; what was paid beyond it goes back. Charging twice is charging once."""
    locked(proposal, by)
    if proposal.status == CHARGED:
        return proposal
    if proposal.status == BARRED or (fault := witnesses.fault_in(proposal.appointment)):
        words = proposal.fault or fault
        raise NotAllowedError(f"This cannot be charged, because the technology failed. {words}")
    if proposal.status != PROPOSED:
        raise NotAllowedError("This fee has already been decided.")
    _decide(proposal, CHARGED, by, now)
    _settle(proposal.appointment, proposal.amount, by, now)
    return proposal


def waive(proposal: FeeProposal, *, by: Person, reason: str, now: datetime) -> FeeProposal:
    """Let a fee go, and say why; what was paid goes back. Waiving twice is waiving once."""
    locked(proposal, by)
    if proposal.status == WAIVED:
        return proposal
    if proposal.status not in {PROPOSED, BARRED}:
        raise NotAllowedError("This fee has already been decided.")
    proposal.reason = reason
    _decide(proposal, WAIVED, by, now)
    _settle(proposal.appointment, Money.zero(proposal.currency), by, now)
    return proposal


def let_go(proposal: FeeProposal, *, by: Person, reason: str, now: datetime) -> None:
    """Let a fee go that was charged: what was paid goes back. The caller holds the lock."""
    proposal.reason = reason
    _decide(proposal, WAIVED, by, now)
    _settle(proposal.appointment, Money.zero(proposal.currency), by, now)


def charge_by_rule(proposal: FeeProposal, now: datetime) -> None:
    """Charge what the client agreed to be charged, when nobody waived it; bar it where the technology failed."""
    lock(proposal.appointment)
    db.session.refresh(proposal, with_for_update={"of": FeeProposal})
    if proposal.status != PROPOSED:
        return
    if fault := witnesses.fault_in(proposal.appointment):
        proposal.status, proposal.fault = BARRED, fault
        db.session.flush()
        _record(proposal, None)
        return
    _decide(proposal, CHARGED, None, now)
    _settle(proposal.appointment, proposal.amount, None, now)


def let_barred_go(proposal: FeeProposal, now: datetime) -> None:
    """Waive what may not be charged, when nobody did: the technology failed, so what was paid goes back."""
    lock(proposal.appointment)
    db.session.refresh(proposal, with_for_update={"of": FeeProposal})
    if proposal.status == BARRED:
        proposal.reason = f"The technology failed. {proposal.fault or ''}".strip()
        _decide(proposal, WAIVED, None, now)
        _settle(proposal.appointment, Money.zero(proposal.currency), None, now)


def settle_missed(appointment: Appointment, now: datetime) -> None:
    """Note that a missed session costs nothing by its terms: what was paid goes back, once."""
    lock(appointment)
    if appointment.status != NO_SHOW or fees_of(appointment)[1] or of(appointment):
        return
    nothing = Money.zero(appointment.currency)
    proposal = FeeProposal(
        appointment_id=appointment.id,
        kind=MISSED,
        amount_cents=0,
        currency=nothing.currency,
        proposed_at=now,
        reason="Missing this session costs nothing, by the terms it was booked under.",
    )
    db.session.add(proposal)
    _decide(proposal, WAIVED, None, now)
    _settle(appointment, nothing, None, now)


def set_rules(late: Fee, missed: Fee, *, by: Person, automatic: bool = False) -> None:
    """Set what late cancellations and missed sessions cost from now on; sessions booked keep their own terms."""
    rules = db.session.get(FeeRules, 1) or FeeRules(id=1)
    rules.late_basis, rules.late_value = late.basis, late.value
    rules.missed_basis, rules.missed_value = missed.basis, missed.value
    rules.automatic = automatic
    db.session.add(rules)
    db.session.flush()
    audit.record(
        "fee_rules.changed", person_id=by.id, detail={"late": str(late), "missed": str(missed), "automatic": automatic}
    )


def locked(proposal: FeeProposal, by: Person) -> FeeProposal:
    """Hold a fee for whoever decides about it. Raises NotAllowedError for the client whose fee it is."""
    lock(proposal.appointment)
    db.session.refresh(proposal, with_for_update={"of": FeeProposal})
    if side_of(proposal.appointment, by) is Side.CLIENT:
        raise NotAllowedError("Your counselor or the practice decides about fees.")
    return proposal


def of(appointment: Appointment) -> FeeProposal | None:
    """Return the fee proposed for an appointment."""
    return db.session.scalars(select(FeeProposal).where(FeeProposal.appointment_id == appointment.id)).first()


def _decide(proposal: FeeProposal, status: str, by: Person | None, now: datetime) -> None:
    proposal.status, proposal.decided_at, proposal.decided_by_id = status, now, by.id if by else None
    db.session.flush()
    _record(proposal, by)
    if status == CHARGED:
        notices.tell_of_charge(proposal, now)


def _settle(appointment: Appointment, fee: Money, by: Person | None, now: datetime) -> None:
    events.fee_settled.send(events.FeeSettled(appointment, fee, by, now))


def _record(proposal: FeeProposal, by: Person | None) -> None:
    audit.record(
        f"fee.{proposal.status}",
        person_id=by.id if by else None,
        subject=("appointment", proposal.appointment_id),
        detail={"kind": proposal.kind, "cents": proposal.amount_cents},
    )
