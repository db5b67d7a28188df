"""Local times that do not exist, or come twice, where a counselor types them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from booking import clock_words
from booking.forms_absence import Absence, DayChange
from booking.hours import Comes, Hours, comes, first_reading, instant_of, last_reading
from practice.core import formats
from practice.core.forms import Errors

NEW_YORK = ZoneInfo("America/New_York")
FORWARD, BACK, TODAY = date(2027, 3, 14), date(2027, 11, 7), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "wall", "often"),
    [(FORWARD, 119, Comes.ONCE), (FORWARD, 150, Comes.NEVER), (FORWARD, 180, Comes.ONCE), (BACK, 90, Comes.TWICE)],
)
def test_a_wall_clock_shows_a_time_once_never_or_twice(day: date, wall: int, often: Comes) -> None:
    assert comes(NEW_YORK, day, wall) is often
    assert last_reading(NEW_YORK, day, wall) - first_reading(NEW_YORK, day, wall) == (60 if often is Comes.TWICE else 0)


def test_time_off_at_a_time_that_does_not_exist_is_refused_in_words() -> None:
    data = MultiDict({"first_day": "2027-03-14", "from_time": "02:30", "until_time": "12:00"})
    found = Absence.parse(data, zone=NEW_YORK, today=TODAY)
    assert isinstance(found, Errors)
    assert "There is no 02:30 on that day" in found.messages["from_time"]
    assert found.values["until_time"] == "12:00"


def test_time_off_between_times_that_come_twice_is_the_longest() -> None:
    data = MultiDict({"first_day": "2027-11-07", "from_time": "01:00", "until_time": "01:30"})
    found = Absence.parse(data, zone=NEW_YORK, today=TODAY)
    assert isinstance(found, Absence)
    assert found.span.starts_at == datetime(2027, 11, 7, 5, 0, tzinfo=UTC)
    assert found.span.ends_at == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)


def test_hours_of_a_day_at_a_time_that_does_not_exist_are_refused_in_words() -> None:
    data = MultiDict({"falls_on": "2027-03-14", "kind": "hours", "opens-0-0": "02:30", "closes-0-0": "12:00"})
    found = DayChange.parse(data, today=TODAY, zone=NEW_YORK)
    assert isinstance(found, Errors)
    assert "There is no 02:30" in found.messages["opens-0-0"]
    assert instant_of(first_reading(NEW_YORK, FORWARD, 150)) == datetime(2027, 3, 14, 7, 0, tzinfo=UTC)


def test_hours_at_a_time_that_comes_twice_or_never_say_which_moment_was_taken() -> None:
    back = clock_words.words_of_day(NEW_YORK, BACK, [Hours(90, 600)])
    assert back == [
        (
            "On Sunday 7 November the clocks go back and 01:30 comes twice. "
            "Your hours begin at the first one, before the change."
        )
    ]
    week = clock_words.words_of_week(NEW_YORK, {6: (Hours(30, 150),), 0: (Hours(540, 600),)}, TODAY)
    assert week == ["On Sunday 14 March the clocks go forward and skip 02:30. Your hours end at 03:00."]
    assert clock_words.words_of_week(NEW_YORK, {6: (Hours(540, 600),)}, TODAY) == []


def test_time_off_says_that_it_begins_at_the_first_and_ends_at_the_second() -> None:
    edges = datetime(2027, 11, 7, 5, 15, tzinfo=UTC), datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    begins, ends = clock_words.words_of_absence(NEW_YORK, *edges)
    assert (begins[-10:], ends[-11:]) == ("the first.", "the second.")


def test_a_time_that_comes_twice_reads_as_the_first_or_the_second() -> None:
    first, second = (datetime(2027, 11, 7, hour, 30, tzinfo=UTC) for hour in (5, 6))
    assert [formats.clock(each, "America/New_York") for each in (first, second)] == [
        "01:30 (the first)",
        "01:30 (the second)",
    ]
    assert formats.when(second, "America/New_York") == "Sunday 7 November, 01:30 (the second)"
    assert formats.clock(second, "Europe/Berlin") == "07:30"
