"""Agreeing on a price with a client, and ending it. Services flush, the view commits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from billing.lowered import queries
from billing.lowered.models import AgreedPrice, Tier
from booking import guards
from practice.core import audit, outbox
from practice.core.db import db
from practice.models import Person

REVIEW = "billing.price_review"
LASTS = timedelta(days=365)
"""How long a price that a client attested to holds before it is looked at again."""
TOLD_BEFORE = timedelta(days=21)


def attested(tier: Tier) -> str:
    """Return what a client declares to be true for a step of the scale."""
    return (
        f"My household belongs to this step: {tier.name}. This is true to the best of my knowledge, "
        "and I tell the practice when it changes."
    )


def attest(client: Person, tier: Tier, *, today: date, now: datetime) -> AgreedPrice:
    """Let a client step onto the scale by their own word; what was agreed before ends. Twice is once."""
    guards.lock_people(client.id)
    found = queries.in_force(client.id, today)
    if found and found.tier_id == tier.id and found.review_on > today + TOLD_BEFORE:
        return found
    _end_standing(client, client, now)
    return _made(
        AgreedPrice(
            client_id=client.id,
            tier_id=tier.id,
            percent=tier.percent,
            attested_words=attested(tier),
            review_on=today + LASTS,
            made_by_id=client.id,
            made_at=now,
        )
    )


def agree(client: Person, percent: int, *, reason: str, review_on: date, by: Person, now: datetime) -> AgreedPrice:
    """Let the practice agree on a price with a client; 0 percent is pro bono. What was agreed before ends."""
    guards.lock_people(client.id)
    _end_standing(client, by, now)
    return _made(
        AgreedPrice(
            client_id=client.id,
            percent=percent,
            reason=reason,
            review_on=review_on,
            made_by_id=by.id,
            made_at=now,
        )
    )


def end(client: Person, *, by: Person, now: datetime) -> None:
    """Let the usual price hold again for sessions booked from now on."""
    guards.lock_people(client.id)
    if _end_standing(client, by, now):
        audit.record("agreed_price.ended", person_id=by.id, subject=("person", client.id))


def tell_of_reviews(today: date, now: datetime) -> int:
    """Tell clients whose price is to be looked at again soon, once each; return how many."""
    found = queries.to_tell(today + TOLD_BEFORE)
    for agreed in found:
        agreed.told_at = now
        outbox.plan(
            key=f"{REVIEW}:{agreed.id}",
            kind=REVIEW,
            due_at=now,
            now=now,
            recipient_id=agreed.client_id,
            payload={"agreed_price_id": agreed.id},
            subject=("agreed_price", agreed.id),
        )
    db.session.flush()
    return len(found)


def _end_standing(client: Person, by: Person, now: datetime) -> bool:
    found = queries.standing_of(client.id)
    if found is None:
        return False
    found.ended_at, found.ended_by_id = now, by.id
    db.session.flush()
    return True


def _made(agreed: AgreedPrice) -> AgreedPrice:
    db.session.add(agreed)
    db.session.flush()
    audit.record(
        "agreed_price.made",
        person_id=agreed.made_by_id,
        subject=("person", agreed.client_id),
        detail={"percent": agreed.percent, "attested": agreed.tier_id is not None},
    )
    return agreed
