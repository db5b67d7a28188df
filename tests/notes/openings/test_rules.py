"""Who belongs to a care team, and where the review of an opening stands."""

from datetime import timedelta

import pytest

from notes.openings.rules import COVER, SITTING, SUCCESSOR, Ties, reason_in_team, same_sitting, stage
from tests.fakes import MONDAY_MORNING


@pytest.mark.parametrize(
    ("ties", "reason"),
    [
        (Ties(COVER), None),
        (Ties(COVER, counselor_is_away=True), "cover"),
        (Ties(COVER, meets_the_client=True), "session"),
        (Ties(COVER, is_called=True), "alert"),
        (Ties(COVER, counselor_is_away=True, meets_the_client=True, is_called=True), "alert"),
        (Ties(SUCCESSOR), None),
        (Ties(SUCCESSOR, counselor_is_away=True), None),
        (Ties(SUCCESSOR, meets_the_client=True), "session"),
    ],
)
def test_who_is_asked_and_who_is_not(ties: Ties, reason: str | None) -> None:
    assert reason_in_team(ties) == reason


def test_a_reason_holds_for_half_a_day() -> None:
    last = MONDAY_MORNING + SITTING - timedelta(seconds=1)
    assert same_sitting(opened_at=MONDAY_MORNING, now=last)
    assert not same_sitting(opened_at=MONDAY_MORNING, now=last + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("asked", "answered", "verdict", "expected"),
    [
        (False, False, None, "waits"),
        (True, False, None, "asked"),
        (True, True, None, "answered"),
        (True, True, "expected", "expected"),
        (False, False, "amiss", "amiss"),
    ],
)
def test_where_a_review_stands(asked: bool, answered: bool, verdict: str | None, expected: str) -> None:
    assert stage(asked=asked, answered=answered, verdict=verdict) == expected
