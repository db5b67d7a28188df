from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from booking.hours import Hours, first_reading, instant_of, minute_of, tidy
from booking.timetables import Timetable, openings
from tests.booking.oracle import hours

NEW_YORK = ZoneInfo("America/New_York")
FORWARD, BACK = date(2027, 3, 14), date(2027, 11, 7)


def read(zone: ZoneInfo, day: date, wall: str) -> str:
    minutes = int(wall[:2]) * 60 + int(wall[3:])
    return f"{instant_of(first_reading(zone, day, minutes)):%d %H:%M}"


@pytest.mark.parametrize(
    ("day", "wall", "utc"),
    [
        (FORWARD, "01:59", "14 06:59"),
        (FORWARD, "02:00", "14 07:00"),
        (FORWARD, "02:30", "14 07:00"),
        (FORWARD, "03:00", "14 07:00"),
        (FORWARD, "03:01", "14 07:01"),
        (BACK, "00:59", "07 04:59"),
        (BACK, "01:00", "07 05:00"),
        (BACK, "01:30", "07 05:30"),
        (BACK, "02:00", "07 07:00"),
        (BACK, "24:00", "08 05:00"),
    ],
)
def test_a_skipped_time_is_the_jump_and_a_doubled_time_its_first_coming(day: date, wall: str, utc: str) -> None:
    assert read(NEW_YORK, day, wall) == utc


@pytest.mark.parametrize(
    ("zone", "day", "wall", "utc"),
    [
        ("Australia/Lord_Howe", date(2027, 10, 3), "02:15", "02 15:30"),  # half an hour forward
        ("Australia/Lord_Howe", date(2027, 4, 4), "01:45", "03 14:45"),  # and back
        ("Asia/Beirut", date(2027, 3, 28), "00:30", "27 22:00"),  # midnight itself is skipped
        ("America/Havana", date(2027, 11, 7), "00:30", "07 04:30"),  # midnight comes twice
        ("Pacific/Apia", date(2011, 12, 30), "09:00", "30 10:00"),  # a whole day is skipped
        ("Asia/Kathmandu", date(2027, 1, 1), "09:00", "01 03:15"),
    ],
)
def test_zones_with_odd_changes_are_placed_too(zone: str, day: date, wall: str, utc: str) -> None:
    assert read(ZoneInfo(zone), day, wall) == utc


@pytest.mark.parametrize(
    ("day", "text", "minutes"),
    [
        (FORWARD, "00:00-06:00", 300),
        (FORWARD, "02:00-03:00", 0),
        (FORWARD, "02:30-04:00", 60),
        (FORWARD, "09:00-17:00", 480),
        (BACK, "00:00-06:00", 420),
        (BACK, "01:00-01:30", 30),
        (BACK, "00:30-01:30", 60),
        (BACK, "01:30-02:30", 120),
        (BACK, "09:00-17:00", 480),
    ],
)
def test_hours_lose_what_does_not_exist_and_stay_in_one_piece(day: date, text: str, minutes: int) -> None:
    placed = openings(Timetable(NEW_YORK, {6: hours(text)}), day, day)
    assert sum(closes - opens for opens, closes, *_ in placed) == minutes
    assert len(placed) == (1 if minutes else 0)


def test_nine_o_clock_stays_nine_o_clock_across_a_change() -> None:
    placed = openings(
        Timetable(NEW_YORK, {5: hours("09:00-10:00"), 6: hours("09:00-10:00")}), date(2027, 3, 13), FORWARD
    )
    assert [instant_of(opens).hour for opens, *_ in placed] == [14, 13]
    assert {instant_of(opens).astimezone(NEW_YORK).hour for opens, *_ in placed} == {9}


def test_an_override_replaces_the_usual_hours_and_may_close_the_day() -> None:
    usual = {weekday: hours("09:00-17:00") for weekday in range(5)}
    table = Timetable(ZoneInfo("UTC"), usual, {date(2027, 1, 5): (), date(2027, 1, 6): hours("12:00-14:00")})
    placed = openings(table, date(2027, 1, 4), date(2027, 1, 7))
    assert [(instant_of(opens).day, closes - opens) for opens, closes, *_ in placed] == [(4, 480), (6, 120), (7, 480)]


def test_touching_hours_reach_on_to_the_end_of_the_run() -> None:
    table = Timetable(ZoneInfo("UTC"), {0: hours("09:00-12:00 22:00-24:00"), 1: hours("00:00-02:00 02:00-03:00")})
    placed = openings(table, date(2027, 1, 4), date(2027, 1, 5))
    assert [(closes - opens, reach - opens) for opens, closes, reach, _ in placed] == [
        (180, 180),
        (120, 300),
        (120, 180),
        (60, 60),
    ]


def test_tidy_joins_hours_that_touch_or_overlap() -> None:
    assert tidy([Hours(600, 700), Hours(540, 600), Hours(650, 720), Hours(800, 900)]) == (
        Hours(540, 720),
        Hours(800, 900),
    )


def test_minutes_and_instants_turn_into_each_other() -> None:
    instant = datetime(2027, 3, 14, 6, 59, 59, tzinfo=UTC)
    assert instant_of(minute_of(instant)) == instant.replace(second=0)
