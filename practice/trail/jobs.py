"""What the trail does by itself: new entries take their place, and each day a head is signed and sent out."""

from __future__ import annotations

from datetime import UTC, datetime, time

from sqlalchemy import func, select

from practice.core.db import db
from practice.core.scheduler import every
from practice.trail import growing, letters
from practice.trail.models import AuditHead


@every(5, "trail.grow")
def grow(_now: datetime) -> None:
    """Give new entries their place."""
    growing.grow()


@every(60, "trail.sign")
def sign(now: datetime) -> None:
    """Once a day (UTC): check the log against all earlier heads, sign a new one and send it out."""
    if _signed_today(now):
        return
    growing.hold()
    if _signed_today(now):  # by another scheduler, while this one waited
        return
    if found := growing.check():
        letters.alarm(found, now)
    letters.send_out(growing.sign(now), now)


def _signed_today(now: datetime) -> bool:
    newest = db.session.scalar(select(func.max(AuditHead.signed_at)))
    return newest is not None and newest >= datetime.combine(now.astimezone(UTC), time.min, UTC)
