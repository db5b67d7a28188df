"""What leaves the house about requests: neutral letters, to clients with each step, to staff before a clock ends."""

from datetime import datetime, timedelta

from sqlalchemy import select

from notes.requests import queries
from notes.requests.clocks import SOON, Standing
from notes.requests.models import RecordRequest
from practice.core import outbox
from practice.core.db import db
from practice.core.outbox import Planned
from practice.models import ADMINISTRATOR, Person, PersonRole

ASKED, STEP, DUE = "requests.asked", "requests.step", "requests.due"
SUBJECT = "request"
STAGES = (("soon", SOON), ("last", 1), ("late", -1))
"""At how many days before its end a clock is spoken of; late, to those who run the practice as well."""


def asked(request: RecordRequest, *, now: datetime) -> None:
    """Tell those who are to answer."""
    _plan(ASKED, request, f"{request.id}", answerers(request, now=now), now)


def extended(request: RecordRequest, *, now: datetime) -> None:
    """Tell the client that the reason and the new day stand in their account."""
    _plan(STEP, request, f"{request.id}:extended", [request.client_id], now)


def answered(request: RecordRequest, *, now: datetime) -> None:
    """Tell the client that there is an answer, and nobody any more that one is due."""
    settled(request, now=now)
    _plan(STEP, request, f"{request.id}:said:{len(request.sayings)}", [request.client_id], now)


def settled(request: RecordRequest, *, now: datetime) -> None:
    """Take back what would still be said to the staff."""
    outbox.withdraw(subject=(SUBJECT, request.id), now=now, kinds=(ASKED, DUE))


def disagreed(request: RecordRequest, *, now: datetime) -> None:
    """Tell those who answered that the client added a statement."""
    _plan(ASKED, request, f"{request.id}:disagreed", answerers(request, now=now), now)


def remind(*, now: datetime) -> None:
    """Plan the letters about clocks that end soon or have ended; each stage of a clock is told once."""
    day = queries.today(now)
    for request in queries.due_by(day + timedelta(days=SOON), now=now):
        left = Standing.of(request.due_on, day).days_left
        stage = [name for name, days in STAGES if left <= days][-1]
        to = answerers(request, now=now)
        if stage == "late":
            to = sorted({*to, *_administrators()})
        _plan(DUE, request, f"{request.id}:{request.due_on}:{stage}", to, now)


def answerers(request: RecordRequest, *, now: datetime) -> list[int]:
    """Name who is told: those who may answer, and of a request about no chart those who run the practice."""
    return queries.answerers(request, now=now) or _administrators()


def _administrators() -> list[int]:
    running = select(Person.id).join(PersonRole).where(PersonRole.role == ADMINISTRATOR, Person.closed_at.is_(None))
    return sorted(db.session.scalars(running))


def _plan(kind: str, request: RecordRequest, key: str, to: list[int], now: datetime) -> None:
    outbox.plan_all(
        [Planned(f"{kind}:{key}:{who}", kind, now, who, subject=(SUBJECT, request.id)) for who in to], now=now
    )
