"""The terms in force, and the wording each client accepts by booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from booking import prices, terms
from booking.models.appointments import Appointment
from booking.models.policies import BookingPolicy, FeeRules
from booking.terms import Fee
from practice.core.db import db
from practice.core.money import Money
from practice.models import Practice


@dataclass(frozen=True, slots=True)
class Terms:
    """What a client who books now accepts."""

    notice_hours: int
    late: Fee
    missed: Fee
    automatic: bool
    words: str
    latest: BookingPolicy | None
    """The wording kept last, which is this one as long as nobody changed the rules."""


def in_force() -> Terms:
    """Return the terms of the practice as they are now; without a rule of its own the whole price is asked for."""
    newest = select(func.max(BookingPolicy.id)).scalar_subquery()
    practice, rules, latest = db.session.execute(
        select(Practice, FeeRules, BookingPolicy)
        .select_from(Practice)
        .outerjoin(FeeRules, FeeRules.id == 1)
        .outerjoin(BookingPolicy, BookingPolicy.id == newest)
        .where(Practice.id == 1)
    ).one()
    late, missed = rules.terms if rules else (terms.WHOLE_PRICE, terms.WHOLE_PRICE)
    notice, automatic = practice.cancellation_notice_hours, bool(rules and rules.automatic)
    words = terms.policy_in_words(notice, late, missed, practice.currency, automatic=automatic)
    return Terms(notice, late, missed, automatic, words, latest)


def fees_of(appointment: Appointment) -> tuple[Money, Money]:
    """Return what cancelling late and missing this session cost, by the terms that its client accepted.

    Where somebody else booked it, those they accepted last count; who never accepted any owes nothing.
    """
    accepted = appointment.accepted_policy or _accepted_last(appointment.client_id, appointment.created_at)
    if accepted is None:
        return Money.zero(appointment.currency), Money.zero(appointment.currency)
    late, missed = accepted.terms
    price = prices.after_all(appointment)
    return late.of(price), missed.of(price)


def late_fee_of(appointment: Appointment) -> Money:
    """Return what cancelling this session late costs."""
    return fees_of(appointment)[0]


def kept(accepted: Terms, now: datetime) -> int:
    """Keep a wording, once; return its number."""
    if accepted.latest is not None and accepted.latest.words == accepted.words:
        return accepted.latest.id
    known = select(BookingPolicy.id).where(BookingPolicy.text_hash == terms.hash_of(accepted.words))
    found = db.session.scalar(known)
    if found is None:
        insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
        values = {
            "text_hash": terms.hash_of(accepted.words),
            "words": accepted.words,
            "late_basis": accepted.late.basis,
            "late_value": accepted.late.value,
            "missed_basis": accepted.missed.basis,
            "missed_value": accepted.missed.value,
            "automatic": accepted.automatic,
            "created_at": now,
        }
        db.session.execute(insert(BookingPolicy).values(values).on_conflict_do_nothing(index_elements=["text_hash"]))
        found = db.session.scalar(known)
    return int(found or 0)


def _accepted_last(client_id: int, before: datetime) -> BookingPolicy | None:
    query = (
        select(BookingPolicy)
        .join(Appointment, Appointment.policy_id == BookingPolicy.id)
        .where(Appointment.client_id == client_id, Appointment.accepted_at <= before)
        .order_by(Appointment.accepted_at.desc(), Appointment.id.desc())
    )
    return db.session.scalars(query.limit(1)).first()
