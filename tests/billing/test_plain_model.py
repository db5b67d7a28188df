"""A whole practice's money in any order, with every event repeated and late, against a model as plain as paper.

Packages, vouchers, lowered prices, fees, refunds to cards and to credit, disputes and payouts: after any sequence the
books are what `plain` says, the match finds nothing, and all the news once more changes nothing. In the suite it is
short and always the same; in depth, with other sequences each time:

    MONEY_EXAMPLES=400 .venv/bin/python -m pytest tests/billing/test_plain_model.py --database sqlite
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing import queries
from billing.lowered.models import Tier
from billing.matching import services as match
from billing.packages.models import Package
from booking.fees import services as fees
from booking.models.appointments import Appointment
from booking.terms import PERCENT, Fee
from practice.core.db import db
from tests.billing.builders import accounts, unbalanced
from tests.billing.by_hand import lots_agree
from tests.billing.living import UNIT, Life
from tests.booking.builders import an_offer
from tests.fakes import MONDAY_MORNING as NOW

IN_DEPTH = int(os.environ.get("MONEY_EXAMPLES", "0"))
AS_IN_LIFE = settings(
    max_examples=IN_DEPTH or 1,
    derandomize=not IN_DEPTH,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
OURS = "book book book pay pay pay call_off call_off_late decide_fee buy_package lower redeem refund refund run_jobs"
THEIRS = "dispute decide pay_out arrive hear hear"
DEEDS = st.sampled_from(f"{OURS} {THEIRS}".split())


@pytest.fixture
def life(ines, alice, omar, payments) -> Callable[[], Life]:
    """Begin another stretch of one practice's life."""
    fees.set_rules(Fee(PERCENT, 50), Fee(PERCENT, 100), by=omar)
    service = an_offer(ines)
    usual = {"currency": "USD", "made_at": NOW, "made_by_id": omar.id}
    package = Package(service_id=service.id, sessions=3, unit_cents=UNIT, **usual)
    half = Tier(name="Less than usual", percent=50, made_at=NOW)
    db.session.add_all((package, half))
    db.session.commit()
    begun = Life(alice, omar, package, half, payments)

    def goes_on() -> Life:
        begun.own.clear()
        return begun

    return goes_on


TOUR = [
    *[("book", 0), ("pay", 0)] * 7,  # seven sessions, each paid by card
    ("refund", 0),
    ("refund", 1),
    *[("dispute", 0), ("run_jobs", 0)] * 4,
    *[("decide", 2), ("decide", 1), ("hear", 9), ("decide", 3), ("hear", 10)],  # lost, won, accepted
    *[("pay_out", 50), ("pay_out", 20), ("arrive", 1), ("arrive", 3)],  # one arrives, one comes back
    *[("call_off", 4), ("call_off_late", 5), ("decide_fee", 1), ("call_off_late", 6), ("decide_fee", 2)],
    *[("buy_package", 0), ("book", 0), ("book", 0), ("call_off", 99), ("call_off_late", 98), ("decide_fee", 1)],
    *[("lower", 1), ("book", 0), ("redeem", 0), ("pay", 0), ("lower", 0), ("book", 0), ("redeem", 0)],
]
"""Everything that there is to do, once at least."""


@AS_IN_LIFE
@example(deeds=TOUR)
@given(deeds=st.lists(st.tuples(DEEDS, st.integers(0, 60)), min_size=16, max_size=32))
def test_whatever_happens_the_books_are_what_one_would_reckon_on_paper(life, deeds):
    story = life()
    for deed, number in [("book", 0), ("pay", 0), *deeds]:
        story.do(deed, number)
        assert unbalanced() == []
    story.settle()
    came_to = accounts()
    assert came_to == story.plain.accounts(story.provider)
    for number, said in story.plain.sessions.items():
        billed = queries.of_appointment(db.session.get_one(Appointment, number))
        assert billed is not None
        assert billed.due.cents == said.worth - said.paid
    assert lots_agree()
    run = match.run(story.provider, now=NOW)
    assert (run.found, [each["gap"] for each in run.totals if each["gap"]]) == (0, [])
    story.settle()
    assert accounts() == came_to
