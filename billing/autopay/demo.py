"""Charging by itself for the demo: Ben agreed to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from billing.autopay.models import Autopay
from billing.autopay.rules import AGREEMENT
from practice.core import seeds
from practice.core.db import db
from practice.models import Practice

ORDER = 87
AGREED = "ben"


def seed(_practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Let a client have agreed to be charged by themselves."""
    if AGREED in people:
        db.session.add(Autopay(client_id=people[AGREED].id, words=AGREEMENT, agreed_at=now - timedelta(days=20)))
        db.session.flush()


seeds.register(ORDER, seed)
