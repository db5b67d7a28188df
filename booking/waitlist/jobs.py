"""Offers freed times by the clock. Lines are claimed, and every offer is a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from booking import moving
from booking.waitlist import places, turns
from booking.waitlist.offering import offer_next
from practice.core.db import db
from practice.core.scheduler import every

MOST_AT_ONCE = 50


@every(10, "booking.offer_waitlist")
def offer_waitlist(now: datetime) -> None:
    """Look at every line that is due, and offer what suits somebody in it."""
    turns.add_missing(now)
    claimed = turns.claim(now, most=20)
    db.session.commit()
    for counselor_id, number in claimed:
        for _ in range(MOST_AT_ONCE):
            if offer_next(counselor_id, now) is None:
                break
            db.session.commit()
        turns.finish(counselor_id, number)
        for _, kept_until in moving.undoable_times(counselor_id, now)[:1]:
            turns.stir(counselor_id, kept_until)
        db.session.commit()


@every(600, "booking.end_waitlist")
def end_waitlist(now: datetime) -> None:
    """End the wishes whose last day is over."""
    places.end_past(now)
