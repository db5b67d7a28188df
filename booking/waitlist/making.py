"""Writes an offer down once its time is held, and to whom it was made."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from booking.models.appointments import Appointment
from booking.models.waitlist import OPEN, Offer, Wish
from practice.core import audit, outbox
from practice.core.db import db

OFFER = "waitlist.offer"


def write_down(
    wish: Wish, appointment: Appointment, expires_at: datetime, now: datetime, *, by_hand: bool = False
) -> Offer:
    """Note the offer, and write to whoever it is made to; the link's secret is in the letter and nowhere else."""
    secret = secrets.token_urlsafe(32)
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
    outbox.plan(
        key=f"{OFFER}:{made.id}",
        kind=OFFER,
        recipient_id=made.client_id,
        payload={"secret": secret},
        subject=("waitlist_offer", made.id),
        due_at=now,
        now=now,
    )
    audit.record("waitlist.offered", subject=("appointment", appointment.id), detail={"by_hand": by_hand})
    return made


def hash_of(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
