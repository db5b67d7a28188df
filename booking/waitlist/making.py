"""Writes an offer down once its time is held, and to whom it was made."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from booking.models.appointments import Appointment
from booking.models.waitlist import OPEN, Offer, Wish
from booking.reminding import planning
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.outbox import EMAIL, SMS, Planned

OFFER = "waitlist.offer"


def write_down(
    wish: Wish, appointment: Appointment, expires_at: datetime, now: datetime, *, by_hand: bool = False
) -> Offer:
    """Note the offer, and tell whoever it is made to; the link's secret is in the messages and nowhere else."""
    secret = secrets.token_urlsafe(16)  # short enough for a text, and as good as a session's key
    made = Offer(
        wish_id=wish.id,
        counselor_id=appointment.counselor_id,
        client_id=appointment.client_id,
        appointment_id=appointment.id,
        group_session_id=appointment.group_session_id,
        starts_at=appointment.starts_at,
        status=OPEN,
        by_hand=by_hand,
        token_hash=hash_of(secret),
        offered_at=now,
        expires_at=expires_at,
    )
    db.session.add(made)
    db.session.flush()
    roads = [EMAIL, SMS] if wish.by_text and planning.consent_of(made.client_id) else [EMAIL]
    outbox.plan_all(
        [
            Planned(f"{OFFER}:{made.id}:{road}", OFFER, now, made.client_id, road, {"secret": secret}, about(made))
            for road in roads
        ],
        now=now,
    )
    audit.record("waitlist.offered", subject=("appointment", appointment.id), detail={"by_hand": by_hand})
    return made


def about(offer: Offer) -> tuple[str, int]:
    """Return what the outbox files an offer's messages under."""
    return ("waitlist_offer", offer.id)


def hash_of(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
