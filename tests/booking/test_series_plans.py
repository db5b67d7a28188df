"""Whether a date is free, and what is near it, against looking at every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.hours import Hours, instant_of, minute_of
from booking.series.plans import Ground, free_of_limits, plan, reach_of, window_of
from booking.series.rules import WEEKLY, Ending, Pattern, Recurrence
from booking.slots import Diary, Need, Rules, free_starts
from booking.timetables import Timetable
from practice.core.spans import Span

ZONES = tuple(map(ZoneInfo, ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC")))
MONDAY = date(2027, 3, 1)
NOW = minute_of(datetime(2027, 2, 26, 12, tzinfo=UTC))


@st.composite
def grounds(draw: st.DrawFn) -> tuple[Ground, Recurrence]:
    zone = draw(st.sampled_from(ZONES))
    weekly = {day: (Hours(540, 1020),) for day in draw(st.sets(st.integers(0, 6), min_size=1))}
    begin = minute_of(datetime(2027, 2, 27, tzinfo=UTC))
    spots = st.integers(0, 40 * 24 * 4).map(lambda step: (begin + step * 15, begin + step * 15 + 60))
    busy, away, taken = (draw(st.lists(spots, max_size=12)) for _ in range(3))
    need = Need(50, draw(st.sampled_from((0, 10))), 10)
    diary = Diary(Timetable(zone, weekly), Rules(notice_minutes=60, step_minutes=30), sorted(busy), sorted(away))
    first = MONDAY + timedelta(days=draw(st.integers(0, 6)))
    pattern = Pattern(WEEKLY, first.weekday(), draw(st.integers(1, 2)))
    minute = draw(st.sampled_from((120, 150, 540, 600, 990, 1200)))
    rule = Recurrence(pattern, first, minute, zone.key, Ending(sessions=4))
    return Ground(free_of_limits(diary, hurried=False), sorted(taken), need, NOW), rule


@settings(max_examples=60, deadline=None)
@given(grounds())
def test_a_date_is_free_when_it_could_be_booked_alone_and_what_is_near_it_could_too(
    found: tuple[Ground, Recurrence],
) -> None:
    ground, rule = found
    reach = reach_of(rule.pattern)
    seen = plan(ground, rule.moments(), reach)

    def could_be_booked(starts_at: datetime) -> bool:
        start = minute_of(starts_at)
        clear = not any(start < end and begin < start + ground.need.minutes for begin, end in ground.taken)
        return clear and bool(free_starts(ground.diary, ground.need, (start, start + 1), ground.now))

    for row in seen.rows:
        assert row.free == (could_be_booked(row.moment.starts_at) and row.moment.reading != "never")
        wanted = minute_of(row.moment.starts_at)
        every = [instant_of(each) for each in range(wanted - wanted % 5 - 9 * 1440, wanted + 9 * 1440, 5)]
        assert all(could_be_booked(each) and seen.allows(row, each) for each in row.nearest)
        if not row.free:
            near = [each for each in every if abs(each - row.moment.starts_at) <= reach and each in seen.free]
            assert len(row.nearest) == min(3, len(near))
    taken_up = [each for row in seen.rows for each in row.nearest]
    assert len(taken_up) == len(set(taken_up))


def test_sessions_that_are_about_to_move_are_no_obstacle_to_themselves() -> None:
    span = Span(datetime(2027, 3, 1, 14, tzinfo=UTC), datetime(2027, 3, 1, 14, 50, tzinfo=UTC))
    blocked = span.widened(before=0, after=10)
    stretch = (minute_of(span.starts_at), minute_of(span.ends_at))
    diary = Diary(
        Timetable(ZONES[0], {0: (Hours(0, 1440),)}),
        Rules(),
        [(minute_of(blocked.starts_at), minute_of(blocked.ends_at))],
    )
    ground = Ground(diary, [stretch], Need(50, 0, 10), NOW).without([span], [blocked])
    assert (ground.diary.busy, ground.taken) == ([], [])
    assert window_of(Recurrence(Pattern(WEEKLY, 0), MONDAY, 600, "UTC", Ending(sessions=2)).moments(), ground.need)
