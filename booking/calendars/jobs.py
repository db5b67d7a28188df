"""Reads the calendars kept elsewhere, by the clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from booking.calendars import refreshing
from booking.calendars.fetching import Road
from practice.core.db import db
from practice.core.ports import ports
from practice.core.scheduler import every
from practice.core.settings import settings

AT_ONCE = 4


@every(10, "booking.read_calendars")
def read_calendars(now: datetime) -> None:
    """Read what is due, a few at a time and with no transaction open meanwhile."""
    road = Road(loopback=settings().reads_loopback)
    while claims := refreshing.claim(now, most=AT_ONCE):
        db.session.commit()
        with ThreadPoolExecutor(AT_ONCE) as readers:
            outcomes = list(readers.map(partial(refreshing.read, now=now, road=road), claims))
        for claimed, outcome in zip(claims, outcomes, strict=True):
            refreshing.settle(claimed, outcome, ports().clock.now())
        db.session.commit()
