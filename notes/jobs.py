"""What notes do by the clock."""

from datetime import datetime

from sqlalchemy import delete, or_, select

from notes.custody import access
from notes.custody.models import OpenVault
from notes.custody.tending import doubt_exchanged
from practice.core.db import db
from practice.core.scheduler import every
from practice.models import SignIn
from practice.sign_ins import IDLE, LONGEST


@every(60, "notes.end_accesses")
def end_accesses(now: datetime) -> None:
    """Take charts back from those they were given to until now."""
    access.end_those_due(now=now)


@every(3600, "notes.doubt_keys")
def doubt_keys(now: datetime) -> None:
    """Find public keys that were exchanged in the database."""
    doubt_exchanged(now=now)


@every(3600, "notes.shut_vaults")
def shut_vaults(now: datetime) -> None:
    """Delete what was kept open for sign-ins that are over."""
    over = or_(SignIn.ended_at.is_not(None), SignIn.created_at <= now - LONGEST, SignIn.seen_at <= now - IDLE)
    db.session.execute(delete(OpenVault).where(OpenVault.sign_in_id.in_(select(SignIn.id).where(over))))
