"""Count a try, or answer with the page that asks for patience."""

from __future__ import annotations

import math
from datetime import timedelta

from flask import request
from werkzeug.exceptions import TooManyRequests

from practice import attempts
from practice.core.ports import ports


class SlowDown(TooManyRequests):
    """Too many tries; the page says in words when to come back."""

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, math.ceil(wait.total_seconds()))
        minutes = math.ceil(seconds / 60)
        self.said = f"You can try again in {minutes} minute{'s' if minutes > 1 else ''}."
        super().__init__(description=self.said, retry_after=seconds)


def throttle(kind: str, *, account: str) -> None:
    """Count a try at something by this account from this address; raise SlowDown when there were too many."""
    try:
        attempts.count(kind, account=account, address=request.remote_addr or "", now=ports().clock.now())
    except attempts.TooManyAttemptsError as error:
        raise SlowDown(error.wait) from error
