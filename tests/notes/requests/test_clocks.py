"""By when the law wants an answer."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.requests.clocks import (
    ACCESS,
    CORRECTION,
    ERASURE,
    GDPR,
    HIPAA,
    KINDS,
    LAWS,
    RESTRICTION,
    Standing,
    clock_of,
    law_of,
)

DAYS = st.dates(date(1990, 1, 1), date(2120, 1, 1))


@pytest.mark.parametrize(
    ("law", "kind", "asked", "due", "extended"),
    [
        (HIPAA, CORRECTION, date(2026, 11, 23), date(2027, 1, 22), date(2027, 2, 21)),
        (HIPAA, ACCESS, date(2026, 11, 23), date(2026, 12, 23), date(2027, 1, 22)),
        (HIPAA, RESTRICTION, date(2026, 11, 23), date(2026, 12, 23), date(2026, 12, 23)),
        (GDPR, ERASURE, date(2026, 11, 23), date(2026, 12, 23), date(2027, 2, 23)),
        (GDPR, ACCESS, date(2027, 1, 31), date(2027, 2, 28), date(2027, 4, 30)),
        (GDPR, ACCESS, date(2028, 1, 30), date(2028, 2, 29), date(2028, 4, 30)),
        (GDPR, CORRECTION, date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)),
    ],
)
def test_each_law_has_its_clocks(law: str, kind: str, asked: date, due: date, extended: date) -> None:
    clock = clock_of(law, kind)
    assert clock.due(asked) == due
    assert clock.extended(asked) == extended


def test_only_the_law_gives_more_time() -> None:
    assert clock_of(HIPAA, CORRECTION).can_be_extended
    assert clock_of(GDPR, RESTRICTION).can_be_extended
    assert not clock_of(HIPAA, RESTRICTION).can_be_extended
    assert (law_of("US"), law_of("DE"), law_of("GB")) == (HIPAA, GDPR, GDPR)


@given(DAYS, DAYS, st.sampled_from(LAWS), st.sampled_from(KINDS))
def test_who_asks_later_is_never_answered_earlier(one: date, other: date, law: str, kind: str) -> None:
    first, second = sorted((one, other))
    clock = clock_of(law, kind)
    assert clock.due(first) <= clock.due(second)
    assert timedelta(days=28) <= clock.due(first) - first <= timedelta(days=60)
    assert clock.extended(first) >= clock.due(first)


@pytest.mark.parametrize(
    ("days", "words", "late", "soon"),
    [
        (8, "8 days left", False, False),
        (7, "7 days left", False, True),
        (1, "1 day left", False, True),
        (0, "Due today", False, True),
        (-1, "1 day late", True, False),
        (-12, "12 days late", True, False),
    ],
)
def test_a_clock_says_how_it_stands(days: int, words: str, late: bool, soon: bool) -> None:
    today = date(2026, 11, 23)
    standing = Standing.of(today + timedelta(days=days), today)
    assert (standing.words, standing.is_late, standing.is_soon) == (words, late, soon)
