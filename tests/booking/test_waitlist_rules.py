"""Which freed times suit whom, how long an offer stands, and when nobody is disturbed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from booking.waitlist.rules import (
    Window,
    in_words,
    is_night,
    offer_ends,
    payment_ends,
    place_in_words,
    times,
    wakes_at,
)

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
WEEK = Window(times(0b0010101, 0b011), date(2026, 11, 25), date(2026, 12, 11), 24 * 60, "America/New_York")


@pytest.mark.parametrize(
    ("starts_at", "suits"),
    [
        ("2026-11-25T15:00+00:00", True),  # Wednesday at ten
        ("2026-11-26T15:00+00:00", False),  # Thursday
        ("2026-11-25T21:59+00:00", True),
        ("2026-11-25T22:00+00:00", False),  # five in the afternoon is the evening
        ("2026-11-28T04:30+00:00", False),  # still Friday there, but late
        ("2026-11-23T15:00+00:00", False),  # before the first day
        ("2026-12-11T15:00+00:00", True),
        ("2026-12-14T15:00+00:00", False),  # after the last day
    ],
)
def test_a_time_suits_by_the_clients_own_clock(starts_at: str, suits: bool) -> None:
    assert WEEK.suits(datetime.fromisoformat(starts_at), NOW) is suits


def test_a_time_sooner_than_somebody_can_come_does_not_suit() -> None:
    wednesday = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    assert WEEK.suits(wednesday, wednesday - timedelta(hours=24))
    assert not WEEK.suits(wednesday, wednesday - timedelta(hours=23, minutes=59))


@pytest.mark.parametrize(("clock", "night"), [("07:59", True), ("08:00", False), ("20:59", False), ("21:00", True)])
def test_the_night_is_the_clients(clock: str, night: bool) -> None:
    there = datetime.fromisoformat(f"2026-11-23T{clock}-05:00")
    assert is_night(there, "America/New_York") is night


def test_an_offer_ends_well_before_the_time_it_is_about() -> None:
    assert offer_ends(NOW, NOW + timedelta(days=1), 30) == NOW + timedelta(minutes=30)
    assert offer_ends(NOW, NOW + timedelta(minutes=30), 30) == NOW + timedelta(minutes=20)
    assert offer_ends(NOW, NOW + timedelta(minutes=20), 30) == NOW + timedelta(minutes=10)
    assert offer_ends(NOW, NOW + timedelta(minutes=19), 30) is None


def test_an_accepted_time_is_kept_for_paying() -> None:
    far = NOW + timedelta(days=1)
    assert payment_ends(NOW, far, NOW + timedelta(minutes=2)) == NOW + timedelta(minutes=30)
    assert payment_ends(NOW, far, NOW + timedelta(hours=2)) == NOW + timedelta(hours=2)
    soon = NOW + timedelta(minutes=12)
    assert payment_ends(NOW, soon, NOW + timedelta(minutes=2)) == soon


@pytest.mark.parametrize(
    ("weekdays", "parts", "words"),
    [
        (127, 7, "Any day, any time"),
        (0b0011111, 0b001, "Monday to Friday, mornings"),
        (0b0000101, 0b110, "Mondays and Wednesdays, afternoons and evenings"),
        (0b1100001, 0b100, "Mondays, Saturdays and Sundays, evenings"),
    ],
)
def test_a_wish_reads_like_a_sentence(weekdays: int, parts: int, words: str) -> None:
    assert in_words(Window(times(weekdays, parts), WEEK.first_on, WEEK.last_on, 0, "UTC")) == words


def test_several_windows_of_a_week_are_read_one_after_the_other() -> None:
    both = times(0b0000101, 0b001) | times(0b0001000, 0b100)
    window = Window(both, WEEK.first_on, WEEK.last_on, 0, "America/New_York")
    assert in_words(window) == "Mondays and Wednesdays, mornings; Thursdays, evenings"
    suiting = [
        window.suits(datetime.fromisoformat(f"2026-{day}:00-05:00"), NOW)
        for day in ("11-25T09:00", "11-25T18:00", "11-26T09:00", "11-26T18:00")
    ]
    assert suiting == [True, False, False, True]


def test_whoever_sleeps_is_next_written_to_in_the_morning() -> None:
    late, early, noon = (datetime.fromisoformat(f"2026-11-23T{at}-05:00") for at in ("22:00", "05:00", "12:00"))
    woken = [wakes_at(each, "America/New_York").isoformat() for each in (late, early, noon)]
    assert woken[:2] == ["2026-11-24T13:00:00+00:00", "2026-11-23T13:00:00+00:00"]
    assert wakes_at(noon, "America/New_York") == noon


def test_a_place_in_line_is_said_in_words() -> None:
    said = [place_in_words(ahead) for ahead in (0, 1, 2)]
    assert said == ["You are the first in line.", "One person is ahead of you.", "2 people are ahead of you."]
