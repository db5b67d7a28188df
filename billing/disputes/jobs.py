"""What the scheduler does about disputes."""

from __future__ import annotations

from datetime import datetime

from billing.disputes import services
from practice.core.ports import ports
from practice.core.scheduler import every


@every(60, "billing.dispute_answers")
def send_answers(now: datetime) -> None:
    """Send the answers and acceptances that have not reached the card company yet."""
    for dispute_id in services.unsent():
        services.send(ports().payments, dispute_id, now=now)
    for dispute_id in services.unsent_acceptances():
        services.send_acceptance(ports().payments, dispute_id, now=now)


@every(600, "billing.disputes")
def ask_about_disputes(now: datetime) -> None:
    """Ask about the disputes that are not settled."""
    for provider_id in services.undecided(now=now):
        services.look_up(ports().payments, provider_id, now=now)
