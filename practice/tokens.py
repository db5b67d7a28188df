"""One-time links: made, looked at, and used exactly once. The table holds only their SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from practice.core.db import db
from practice.models import Invitation, Token

LIFETIMES = {
    "confirm_email": timedelta(days=2),
    "change_email": timedelta(days=2),
    "reset_password": timedelta(hours=1),
    "invitation": timedelta(days=7),
}
KEPT_AFTER = timedelta(days=30)


def issue(
    purpose: str,
    *,
    now: datetime,
    person_id: int | None = None,
    payload: dict[str, Any] | None = None,
    lifetime: timedelta | None = None,
) -> tuple[Token, str]:
    """Make a token; return its row and the secret for the link, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    token = Token(
        purpose=purpose,
        token_hash=_hash(secret),
        person_id=person_id,
        payload=payload or {},
        created_at=now,
        expires_at=now + (lifetime or LIFETIMES[purpose]),
    )
    db.session.add(token)
    db.session.flush()
    return token, secret


def find(purpose: str, secret: str, *, now: datetime) -> Token | None:
    """Return the token behind a link that still works."""
    return db.session.scalar(
        select(Token).where(
            Token.purpose == purpose,
            Token.token_hash == _hash(secret),
            Token.used_at.is_(None),
            Token.expires_at > now,
        )
    )


def use(purpose: str, secret: str, *, now: datetime) -> Token | None:
    """Use a token up; of two who try at once, one gets it and the other None."""
    used = db.session.scalar(
        update(Token)
        .where(
            Token.purpose == purpose,
            Token.token_hash == _hash(secret),
            Token.used_at.is_(None),
            Token.expires_at > now,
        )
        .values(used_at=now)
        .returning(Token.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.get(Token, used, populate_existing=True) if used else None


def revoke(purpose: str, *, person_id: int, now: datetime) -> None:
    """Make every unused link of this purpose to a person stop working."""
    db.session.execute(
        update(Token)
        .where(Token.purpose == purpose, Token.person_id == person_id, Token.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session="fetch")
    )


def purge(*, now: datetime) -> int:
    """Delete tokens that were used or ran out a month ago, but for those an invitation still names."""
    past = now - KEPT_AFTER
    result = db.session.execute(
        delete(Token)
        .where(
            or_(Token.used_at < past, Token.expires_at < past),
            Token.id.not_in(select(Invitation.token_id)),
        )
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
