"""What the scheduler does about charges that happen by themselves."""

from __future__ import annotations

from datetime import datetime

from billing.autopay import queries, services
from practice.core.db import db
from practice.core.ports import ports
from practice.core.scheduler import every

MINUTE = 60


@every(MINUTE, "billing.autopay")
def collect(now: datetime) -> None:
    """Plan what is new, and take the next step of what is due."""
    services.plan(now)
    db.session.commit()
    for number in queries.due_now(now):
        services.go_on(ports().payments, number, now=now)
