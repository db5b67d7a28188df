"""Until when a record is kept."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.retention.rules import Rule, years_after

DAYS = st.dates(date(1950, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("rule", "last", "born", "until"),
    [
        (Rule(), date(2019, 11, 23), None, date(2026, 11, 23)),
        (Rule(), date(2020, 2, 29), None, date(2027, 3, 1)),
        (Rule(), date(2019, 6, 1), date(2010, 5, 5), date(2031, 5, 5)),
        (Rule(7, 25), date(2019, 6, 1), date(2010, 5, 5), date(2035, 5, 5)),
        (Rule(), date(2019, 6, 1), date(2001, 6, 1), date(2026, 6, 1)),
        (Rule(), date(2019, 6, 1), date(2001, 6, 2), date(2026, 6, 1)),
        (Rule(3, 21), date(2019, 6, 1), date(2001, 6, 2), date(2022, 6, 2)),
        (Rule(10, None), date(2019, 6, 1), date(2010, 5, 5), date(2029, 6, 1)),
    ],
)
def test_the_rule_decides_and_a_minor_is_kept_longer(rule: Rule, last: date, born: date | None, until: date) -> None:
    assert rule.kept_until(last, born) == until


@given(DAYS, DAYS, st.integers(1, 30), st.integers(18, 40))
def test_a_birth_never_shortens_the_time(last: date, born: date, years: int, age: int) -> None:
    rule = Rule(years, age)
    assert rule.kept_until(last, born) >= rule.kept_until(last) == years_after(last, years)
