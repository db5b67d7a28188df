from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booking.hours import Hours, instant_of, minute_of, tidy
from booking.limits import Limits, Stretch
from booking.slots import Diary, Need, Rules, clear_of, free_starts
from booking.timetables import ANY, Kind, Plan, Scope, Special, Timetable
from tests.booking import oracle
from tests.booking.oracle import hours

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2027, 1, 4)
HOUR = Need(60)


def at(text: str, day: date = MONDAY) -> int:
    return minute_of(datetime(day.year, day.month, day.day, int(text[:2]), int(text[3:]), tzinfo=UTC))


def monday(diary_hours: str = "09:00-12:00", **rules: object) -> Diary:
    wanted: dict[str, Any] = {"notice_minutes": 0, "step_minutes": 30} | rules
    return Diary(Timetable(LONDON, {0: hours(diary_hours)}), Rules(**wanted))


def offered(diary: Diary, need: Need = HOUR, now: int | None = None, day: date = MONDAY) -> list[str]:
    window = (at("00:00", day), at("00:00", day) + 1440)
    found = free_starts(diary, need, window, window[0] - 1440 if now is None else now)
    return [f"{instant_of(each):%H:%M}" for each in found]


def with_busy(diary: Diary, *spans: str, away: tuple[str, ...] = ()) -> Diary:
    return Diary(diary.timetable, diary.rules, [_stretch(each) for each in spans], [_stretch(each) for each in away])


def _stretch(text: str) -> Stretch:
    return at(text[:5]), at(text[6:])


def test_an_empty_morning_offers_every_step_that_still_fits() -> None:
    assert offered(monday()) == ["09:00", "09:30", "10:00", "10:30", "11:00"]


def test_nothing_is_offered_on_a_day_without_hours() -> None:
    assert offered(monday(), day=date(2027, 1, 5)) == []


@pytest.mark.parametrize(
    ("need", "times"),
    [
        (Need(60), ["09:00", "11:00", "11:15", "11:30"]),
        (Need(60, before=15), ["09:00", "11:15", "11:30"]),
        (Need(50, after=10), ["09:00", "11:00", "11:15", "11:30"]),
        (Need(50, after=15), ["11:00", "11:15", "11:30"]),
        (Need(30, before=30), ["09:00", "09:15", "09:30", "11:30", "11:45", "12:00"]),
    ],
)
def test_buffers_keep_clear_of_what_others_block(need: Need, times: list[str]) -> None:
    assert offered(with_busy(monday("09:00-12:30", step_minutes=15), "10:00-11:00"), need) == times


def test_a_buffer_may_run_past_the_hours_and_into_time_off() -> None:
    assert offered(monday("09:00-10:00"), Need(60, before=15, after=15)) == ["09:00"]
    assert offered(with_busy(monday(), away=("10:00-12:00",)), Need(60, after=15)) == ["09:00"]


def test_time_off_takes_the_hours_it_touches() -> None:
    assert offered(with_busy(monday(), away=("09:45-10:15",))) == ["10:30", "11:00"]


def test_a_fixed_grid_keeps_its_rhythm_after_an_appointment() -> None:
    assert offered(with_busy(monday(), "09:00-09:50")) == ["10:00", "10:30", "11:00"]


def test_a_restarting_grid_begins_when_the_appointment_before_ends() -> None:
    assert offered(with_busy(monday(restarts=True), "09:00-09:50")) == ["09:50", "10:20", "10:50"]


def test_a_restarting_grid_waits_for_its_own_buffer() -> None:
    diary = with_busy(monday(restarts=True), "09:00-09:50")
    assert offered(diary, Need(50, before=10)) == ["10:00", "10:30", "11:00"]


def test_notice_counts_to_the_minute() -> None:
    diary = monday(notice_minutes=120)
    assert offered(diary, now=at("07:00"))[0] == "09:00"
    assert offered(diary, now=at("07:01"))[0] == "09:30"


def test_notice_does_not_shift_the_grid() -> None:
    assert offered(monday(restarts=True, notice_minutes=10), now=at("09:01")) == ["09:30", "10:00", "10:30", "11:00"]


def test_the_horizon_is_the_last_minute_offered() -> None:
    now = at("09:30") - 3 * 1440
    assert offered(monday(horizon_days=3), now=now) == ["09:00", "09:30"]
    assert offered(monday(horizon_days=1), now=now) == []


def test_an_appointment_may_run_over_midnight_where_hours_touch() -> None:
    diary = Diary(Timetable(LONDON, {0: hours("23:00-24:00"), 1: hours("00:00-01:00")}), Rules(0, 30, 30))
    assert offered(diary, Need(90)) == ["23:00", "23:30"]


def test_the_answer_does_not_depend_on_the_window() -> None:
    diary = Diary(Timetable(LONDON, {day: hours("00:00-24:00") for day in range(7)}), Rules(0, 30, 50, restarts=True))
    wide = free_starts(diary, HOUR, (at("00:00"), at("00:00") + 4320), at("00:00"))
    narrow = free_starts(diary, HOUR, (at("10:00") + 1440, at("18:00") + 1440), at("00:00"))
    assert narrow == [each for each in wide if at("10:00") + 1440 <= each < at("18:00") + 1440]
    assert narrow


@pytest.mark.parametrize(
    ("day", "times"),
    [
        (date(2027, 3, 28), ["00:00", "00:30", "01:00", "01:30", "02:00"]),  # 00 to 04 by the wall, three hours long
        (date(2027, 10, 31), ["23:00", "23:30", "00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00"]),
    ],
)
def test_the_night_of_a_clock_change_is_shorter_or_longer(day: date, times: list[str]) -> None:
    diary = Diary(Timetable(LONDON, {6: hours("00:00-04:00")}), Rules(0, 30, 30))
    midnight = at("00:00", day)
    found = free_starts(diary, HOUR, (midnight - 120, midnight + 1440), midnight - 1440)
    assert [f"{instant_of(each):%H:%M}" for each in found] == times


def test_a_client_is_not_offered_what_overlaps_their_own_sessions() -> None:
    starts = [at("09:00"), at("09:30"), at("10:00"), at("11:00")]
    assert clear_of(starts, 60, [(at("10:00"), at("11:00"))]) == [at("09:00"), at("11:00")]


ZONES = (
    "America/New_York",
    "America/Havana",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Apia",
    "UTC",
)
NEAR_CHANGES = (
    date(2027, 3, 13),
    date(2027, 3, 27),
    date(2027, 4, 3),
    date(2027, 10, 2),
    date(2027, 10, 30),
    date(2027, 11, 6),
)
day_hours = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 900)).map(lambda pair: Hours(pair[0], min(1440, sum(pair)))),
    max_size=3,
).map(tidy)


some_scope = st.builds(Scope, st.sampled_from((None, 1, 2)), st.sampled_from((None, "video", "phone")))
some_limits = st.builds(
    Limits, st.integers(0, 3), st.integers(0, 5), st.integers(0, 3), st.sampled_from((0, 15, 60, 120))
)


@st.composite
def a_plan(draw: st.DrawFn, around: date) -> Plan:
    days = st.integers(-9, 9).map(lambda days: around + timedelta(days=days))
    place = draw(st.sampled_from((0, 0, 7)))
    weekly = {day: tuple(replace(each, place=place) for each in draw(day_hours)) for day in range(7)}
    return Plan(
        weekly,
        starts_on=draw(st.just(date.min) | days),
        ends_on=draw(st.just(date.max) | days),
        every_weeks=draw(st.integers(1, 3)),
        anchor_on=draw(days),
        replaces=draw(st.booleans()),
        scope=draw(some_scope),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Diary, Need, Stretch, int]:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    first = draw(st.sampled_from(NEAR_CHANGES)) + timedelta(days=draw(st.integers(-1, 1)))
    begin = at("00:00", first) + draw(st.integers(0, 1440))
    window = (begin, begin + draw(st.integers(1, 1440)))
    weekly = {day: draw(day_hours) for day in range(7)}
    overrides = {
        first + timedelta(days=each): draw(day_hours) for each in draw(st.sets(st.integers(-1, 3), max_size=2))
    }
    stretch = st.tuples(st.integers(-300, 3200), st.integers(1, 400)).map(
        lambda pair: (begin + pair[0], begin + pair[0] + pair[1])
    )
    rules = Rules(
        notice_minutes=draw(st.sampled_from((0, 60, 1440))),
        horizon_days=draw(st.sampled_from((1, 2, 60))),
        step_minutes=draw(st.sampled_from((5, 15, 20, 50, 60))),
        restarts=draw(st.booleans()),
        limits=draw(st.none() | some_limits),
    )
    plans = draw(st.lists(a_plan(first), max_size=2))
    specials = {first: draw(st.lists(st.builds(Special, day_hours, some_scope), max_size=2))} if plans else {}
    diary = Diary(
        Timetable(zone, weekly, overrides, plans, specials),
        rules,
        draw(st.lists(stretch, max_size=6)),
        draw(st.lists(stretch, max_size=2)),
        draw(st.lists(stretch, max_size=5)),
    )
    kind = draw(st.sampled_from((ANY, Kind(1, "video"), Kind(1, "phone"), Kind(2, "video"))))
    need = Need(draw(st.integers(5, 180)), draw(st.sampled_from((0, 10))), draw(st.sampled_from((0, 15))), kind)
    return diary, need, window, begin - draw(st.integers(0, 1500))


@settings(max_examples=25)
@given(cases())
@example((monday("00:00-24:00"), Need(1440), (at("00:00"), at("00:00") + 10), at("00:00")))
def test_the_engine_agrees_with_looking_at_every_minute(case: tuple[Diary, Need, Stretch, int]) -> None:
    assert free_starts(*case) == oracle.free_starts(*case)
