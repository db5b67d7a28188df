"""On which days a series falls, and at which hour on whose clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.series import clocks
from booking.series.rules import (
    LAST,
    LONGEST,
    MONTHLY,
    WEEKLY,
    Ending,
    Pattern,
    Reading,
    Recurrence,
    pattern_from,
    place,
)

TUESDAY = date(2026, 11, 24)
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "UTC")


def a_series(
    first: date = TUESDAY, kind: str = WEEKLY, every: int = 1, zone: str = "UTC", **ending: object
) -> Recurrence:
    return Recurrence(pattern_from(kind, first, every), first, 600, zone, Ending(**(ending or {"sessions": 4})))


def test_every_second_week_leaves_one_out() -> None:
    assert a_series(every=2, sessions=3).days() == [TUESDAY, date(2026, 12, 8), date(2026, 12, 22)]


def test_the_last_day_belongs_to_the_series() -> None:
    assert a_series(until=date(2026, 12, 8)).days()[-1] == date(2026, 12, 8)
    assert a_series(until=date(2026, 12, 7)).days()[-1] == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("first", "kind", "expected", "words"),
    [
        (
            date(2026, 11, 10),
            MONTHLY,
            ["2026-11-10", "2026-12-08", "2027-01-12"],
            "on the second Tuesday of every month",
        ),
        (date(2026, 11, 27), "last", ["2026-11-27", "2026-12-25", "2027-01-29"], "on the last Friday of every month"),
        (date(2026, 11, 24), WEEKLY, ["2026-11-24", "2026-12-01", "2026-12-08"], "every week on Tuesday"),
    ],
)
def test_a_rhythm_is_read_off_its_first_day(first: date, kind: str, expected: list[str], words: str) -> None:
    series = a_series(first, kind, sessions=3)
    assert [day.isoformat() for day in series.days()] == expected
    assert series.pattern.words == words


@pytest.mark.parametrize(
    ("series", "field", "words"),
    [
        (Recurrence(pattern_from(WEEKLY, TUESDAY, 1), TUESDAY, 600, "UTC", Ending()), "ends", "cannot go on forever"),
        (a_series(sessions=53), "sessions", "from 2 to 52"),
        (a_series(sessions=1), "sessions", "from 2 to 52"),
        (a_series(every=4, sessions=20), "sessions", "in this rhythm that is 14 sessions"),
        (a_series(until=date(2028, 1, 1)), "until", "a year at most"),
        (a_series(until=date(2026, 11, 30)), "until", "Only one session"),
        (a_series(until=date(2020, 1, 1)), "until", "Only one session"),
        (a_series(until=TUESDAY + timedelta(weeks=52)), "until", "at most 52"),
        (a_series(date(2026, 11, 17), "last"), "pattern", "17 November 2026 is not the last Tuesday"),
        (a_series(date(2026, 12, 29), MONTHLY), "pattern", "A fifth Tuesday does not come every month"),
    ],
)
def test_a_series_that_makes_no_sense_is_refused_in_words(series: Recurrence, field: str, words: str) -> None:
    refusal = series.refusal()
    assert refusal is not None
    assert refusal[0] == field
    assert words in refusal[1]


def test_an_hour_that_the_clocks_skip_is_said_to_be_missing() -> None:
    moment = place("America/New_York", date(2027, 3, 14), 150)
    assert moment.reading is Reading.NEVER
    assert moment.starts_at == datetime(2027, 3, 14, 7, 0, tzinfo=UTC)
    assert "does not exist" in clocks.in_words(moment)


def test_an_hour_that_comes_twice_means_its_first_coming() -> None:
    moment = place("America/New_York", date(2026, 11, 1), 90)
    assert moment.reading is Reading.TWICE
    assert moment.starts_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert "comes twice" in clocks.in_words(moment)


def test_the_other_clock_shows_another_hour_while_only_one_of_the_two_has_changed() -> None:
    series = Recurrence(pattern_from(WEEKLY, date(2027, 3, 2), 1), date(2027, 3, 2), 600, ZONES[0], Ending(sessions=6))
    starts = [moment.starts_at for moment in series.moments()]
    earlier, later = clocks.hour_changes(starts, ZONES[0], "Europe/Berlin")
    berlin = ZoneInfo("Europe/Berlin")
    assert [f"{each.astimezone(berlin):%d %b %H:%M}" for each in (earlier.before, earlier.starts_at)] == [
        "16 Mar 16:00",
        "16 Mar 15:00",
    ]
    assert later.starts_at.astimezone(berlin).hour == 16
    assert (earlier.changed_on, later.changed_on) == (date(2027, 3, 14), date(2027, 3, 28))
    assert clocks.hour_changes(starts, ZONES[0], "America/Toronto") == []


def test_a_new_weekday_stays_in_its_week_or_month() -> None:
    assert Pattern(WEEKLY, 1).shifted(TUESDAY, 4) == date(2026, 11, 27)
    assert Pattern(MONTHLY, 1, 1, LAST).shifted(date(2026, 11, 24), 0) == date(2026, 11, 30)


SERIES = st.builds(
    lambda first, kind, every, minute, zone, sessions: Recurrence(
        pattern_from(kind, first, every), first, minute, zone, Ending(sessions=sessions)
    ),
    first=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    kind=st.sampled_from((WEEKLY, MONTHLY, "last")),
    every=st.integers(1, 12),
    minute=st.integers(0, 1439),
    zone=st.sampled_from(ZONES),
    sessions=st.integers(2, 52),
)


@settings(max_examples=80, deadline=None)
@given(SERIES)
def test_the_wall_keeps_its_hour_and_instants_only_go_forward(series: Recurrence) -> None:
    here = ZoneInfo(series.zone)
    moments = series.moments()
    for moment in moments:
        local = moment.starts_at.astimezone(here)
        shown = (local.date(), local.hour * 60 + local.minute)
        assert (shown == (moment.day, series.minute)) == (moment.reading is not Reading.NEVER)
    starts = [moment.starts_at for moment in moments]
    assert starts == sorted(set(starts))
    assert len(starts) <= series.ending.sessions
    assert all(day <= series.first_on + LONGEST for day in series.days())


@settings(max_examples=80, deadline=None)
@given(SERIES)
def test_the_days_are_those_found_by_looking_at_every_day_of_the_year(series: Recurrence) -> None:
    first, pattern = series.first_on, series.pattern
    slow = []
    for step in range(LONGEST.days + 1):
        day = first + timedelta(days=step)
        if day.weekday() != pattern.weekday:
            continue
        if pattern.frequency == WEEKLY:
            fits = step // 7 % pattern.every == 0
        elif pattern.position == LAST:
            fits = (day + timedelta(days=7)).month != day.month
        else:
            fits = (day.day - 1) // 7 + 1 == pattern.position
        if fits:
            slow.append(day)
    assert series.days() == slow[: series.ending.sessions]


@settings(max_examples=60, deadline=None)
@given(SERIES, st.sampled_from(ZONES))
def test_between_two_changes_the_other_clock_shows_one_hour(series: Recurrence, other: str) -> None:
    starts = [moment.starts_at for moment in series.moments() if moment.reading is Reading.ONCE]
    changed = {change.number for change in clocks.hour_changes(starts, series.zone, other)}
    there = ZoneInfo(other)
    for number in range(1, len(starts)):
        before, after = (starts[each].astimezone(there).time() for each in (number - 1, number))
        assert (before != after) == (number in changed)
