"""What the scheduler does about money."""

from __future__ import annotations

from datetime import datetime

from billing import checking, coming, webhooks
from practice.core.ports import ports
from practice.core.scheduler import every

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@every(10, "billing.refunds")
def send_refunds(now: datetime) -> None:
    """Send the refunds that are due."""
    checking.send_refunds(ports().payments, now=now)


@every(15, "billing.news")
def retry_news(now: datetime) -> None:
    """Apply the provider's news that could not be applied when it came."""
    webhooks.retry_waiting(ports().payments, now=now)


@every(MINUTE, "billing.undecided")
def check_undecided(now: datetime) -> None:
    """Ask about payments that nobody told us the end of."""
    checking.check_undecided(ports().payments, now=now)


@every(DAY, "billing.match")
def check_recent(now: datetime) -> None:
    """Compare the last weeks with the provider, and the books with the payments."""
    checking.check_recent(ports().payments, now=now)


@every(HOUR, "billing.coming")
def bill_what_is_near(now: datetime) -> None:
    """Bill the sessions of a series that have come near."""
    coming.bill_what_is_near(now)
