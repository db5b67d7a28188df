from datetime import datetime, timedelta

import pytest

from booking.policy import (
    CANCELLED,
    COMPLETED,
    CONFIRMED,
    EXPIRED,
    HELD,
    NO_SHOW,
    Side,
    Standing,
    is_late,
    refusal_to_cancel,
    refusal_to_close,
    refusal_to_move,
)
from practice.core.spans import Span
from tests.booking.builders import WEDNESDAY_AT_TEN as START

END = START + timedelta(minutes=50)
SECOND = timedelta(seconds=1)
CLIENT, COUNSELOR, PRACTICE = Side.CLIENT, Side.COUNSELOR, Side.PRACTICE


def standing(status: str = CONFIRMED, notice_hours: int = 24) -> Standing:
    return Standing(status, Span(START, END), notice_hours)


@pytest.mark.parametrize(
    ("now", "notice_hours", "late"),
    [
        (START - timedelta(hours=24), 24, False),
        (START - timedelta(hours=24) + SECOND, 24, True),
        (START - SECOND, 0, False),
        (START, 0, False),
        (START + SECOND, 0, True),
    ],
)
def test_late_is_one_second_after_the_notice_ends(now: datetime, notice_hours: int, late: bool) -> None:
    assert is_late(standing(notice_hours=notice_hours), now) is late


@pytest.mark.parametrize(
    ("status", "side", "now", "words"),
    [
        (CONFIRMED, CLIENT, START - SECOND, None),
        (CONFIRMED, CLIENT, START, "already started"),
        (CONFIRMED, COUNSELOR, START, None),
        (CONFIRMED, PRACTICE, END - SECOND, None),
        (CONFIRMED, COUNSELOR, END, "is over"),
        (HELD, CLIENT, START - SECOND, None),
        (CANCELLED, CLIENT, START - SECOND, "has been cancelled"),
        (EXPIRED, CLIENT, START - SECOND, "no longer held"),
        (COMPLETED, COUNSELOR, END, "already taken place"),
        (NO_SHOW, COUNSELOR, END, "already taken place"),
    ],
)
def test_who_may_cancel_until_when(status: str, side: Side, now: datetime, words: str | None) -> None:
    refusal = refusal_to_cancel(standing(status), side, now)
    assert (refusal is None) if words is None else words in str(refusal)


@pytest.mark.parametrize(
    ("status", "side", "now", "words"),
    [
        (CONFIRMED, CLIENT, START - timedelta(hours=24), None),
        (CONFIRMED, CLIENT, START - timedelta(hours=24) + SECOND, "until 24 hours before"),
        (CONFIRMED, COUNSELOR, START - SECOND, None),
        (CONFIRMED, PRACTICE, START - SECOND, None),
        (CONFIRMED, COUNSELOR, START, "already started"),
        (HELD, CLIENT, START - timedelta(days=2), "not booked yet"),
        (CANCELLED, COUNSELOR, START - timedelta(days=2), "has been cancelled"),
    ],
)
def test_who_may_move_until_when(status: str, side: Side, now: datetime, words: str | None) -> None:
    refusal = refusal_to_move(standing(status), side, now)
    assert (refusal is None) if words is None else words in str(refusal)


def test_one_hour_of_notice_is_named_in_the_singular() -> None:
    refusal = refusal_to_move(standing(notice_hours=1), CLIENT, START - SECOND)
    assert "until 1 hour before" in str(refusal)


@pytest.mark.parametrize(
    ("status", "now", "words"),
    [
        (CONFIRMED, START - SECOND, "not started"),
        (CONFIRMED, START, None),
        (NO_SHOW, END, None),
        (COMPLETED, END, None),
        (CANCELLED, END, "has been cancelled"),
    ],
)
def test_who_came_is_noted_once_it_has_started(status: str, now: datetime, words: str | None) -> None:
    refusal = refusal_to_close(standing(status), now)
    assert (refusal is None) if words is None else words in str(refusal)
