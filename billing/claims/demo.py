"""Claims for the demo: one that was denied, and the one that corrects it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from billing.claims import services
from billing.claims.forms import Answered, Following
from billing.claims.states import DENIED
from billing.claims.terms import CORRECTS, Terms
from billing.papers.models import Superbill
from practice.core import seeds
from practice.core.db import db
from practice.models import Person, Practice

ORDER = 84


def seed(practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Claim what Alice's first superbill says; a number the insurer had given was left out at first."""
    alice, omar = people["alice"], people["omar"]
    issued = select(Superbill).where(Superbill.client_id == alice.id).order_by(Superbill.number)
    found = list(db.session.scalars(issued))
    if not found:
        return
    sent, decided, again = (now - timedelta(days=days) for days in (9, 3, 1))
    first = services.make(found[0], Terms(), by=omar, now=sent)
    services.send(first, sent.date(), by=omar, now=sent)
    words = "The insurer’s number for its leave was missing (code 197)."
    services.answer(first, Answered(DENIED, decided.date(), None, words), by=omar, now=decided)
    right = Following(CORRECTS, "HH7741200915", "LV-20417")
    second = services.follow(first, right, practice=practice, by=omar, now=again)
    services.send(second, again.date(), by=omar, now=again)


seeds.register(ORDER, seed)
