"""How often somebody may try: counted per account and per address, across all processes.

A try is written and committed before what it pays for, so that neither a crash nor a
refusal forgets it. One writer at a time counts a bucket: SQLite's write lock, or an
advisory lock on PostgreSQL.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from practice.core.db import db
from practice.core.settings import settings
from practice.models import Attempt

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries one account and one address have in fifteen minutes."""

    account: int
    address: int


LIMITS = {
    "sign_in": Limit(account=10, address=30),
    "sign_up": Limit(account=5, address=20),
    "reset": Limit(account=5, address=20),
    "resend": Limit(account=3, address=20),
    "text_code": Limit(account=5, address=20),
    "password_check": Limit(account=10, address=30),
    "offer": Limit(account=20, address=60),
    "verify": Limit(account=60, address=60),
    "calendar_feed": Limit(account=30, address=600),  # calendar services ask for many people from one address
}


class TooManyAttemptsError(Exception):
    """Somebody tried too often; `wait` says how long until the next try counts."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"wait {wait}")


def count(kind: str, *, account: str, address: str, now: datetime) -> None:
    """Count one try and commit it, or raise TooManyAttemptsError."""
    limit = LIMITS[kind]
    buckets = sorted(((_account(kind, account), limit.account), (_address(kind, address), limit.address)))
    _take_turns([bucket for bucket, _ in buckets])
    waits = [wait for bucket, most in buckets if (wait := _wait(bucket, most, now))]
    if not waits:
        db.session.add_all(Attempt(bucket=bucket, at=now) for bucket, _ in buckets)
    db.session.commit()
    if waits:
        raise TooManyAttemptsError(max(waits))


def forget(kind: str, *, account: str) -> None:
    """Start an account's count anew, after it proved itself."""
    _delete(Attempt.bucket == _account(kind, account))


def purge(*, now: datetime) -> int:
    """Delete what no longer counts."""
    return _delete(Attempt.at < now - 2 * WINDOW)


def _wait(bucket: str, most: int, now: datetime) -> timedelta | None:
    tries: Sequence[datetime] = db.session.scalars(
        select(Attempt.at)
        .where(Attempt.bucket == bucket, Attempt.at > now - WINDOW)
        .order_by(Attempt.at.desc())
        .limit(most)
    ).all()
    return tries[-1] + WINDOW - now if len(tries) >= most else None


def _take_turns(buckets: list[str]) -> None:
    if db.session.get_bind().dialect.name == "postgresql":
        for bucket in buckets:
            db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(bucket, 0))))


def _delete(condition: object) -> int:
    result = db.session.execute(
        delete(Attempt).where(condition).execution_options(synchronize_session=False)  # type: ignore[arg-type]  # a column expression
    )
    return int(getattr(result, "rowcount", 0))


def _account(kind: str, account: str) -> str:
    return f"{kind}:account:{_keyed(account.strip().lower())}"


def _address(kind: str, address: str) -> str:
    return f"{kind}:address:{_keyed(_neighbourhood(address))}"


def _neighbourhood(address: str) -> str:
    """Take the /64 of an IPv6 address: one household has that many to try from."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def _keyed(text: str) -> str:
    return hmac.new(settings().secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:40]
