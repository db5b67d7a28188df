from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.reminding.rules import (
    CATALOGUE,
    EMAIL,
    SMS,
    Offset,
    Quiet,
    Subject,
    Terms,
    Wishes,
    is_stale,
    last_use,
    reminders,
)

START = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
CLIENT, COUNSELOR = 11, 22
THERE = ZoneInfo("America/New_York")
NEW_YORK = Quiet(THERE.key)
"""Three in the afternoon there."""


def planned(
    ahead: timedelta = timedelta(days=30),
    *,
    starts_at: datetime = START,
    terms: Terms | None = None,
    wishes: Wishes | None = None,
) -> list[tuple[int, str, int, datetime]]:
    subject = Subject(7, 2, CLIENT, COUNSELOR, starts_at)
    found = reminders(subject, terms or Terms(), wishes or Wishes(quiet=NEW_YORK), now=starts_at - ahead)
    return [(each.minutes, each.channel, each.recipient_id, each.due_at) for each in found]


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(days=3), [(1440, CLIENT), (60, CLIENT), (60, COUNSELOR)]),
        (timedelta(hours=24, seconds=1), [(1440, CLIENT), (60, CLIENT), (60, COUNSELOR)]),
        (timedelta(hours=24), [(60, CLIENT), (60, COUNSELOR)]),
        (timedelta(minutes=61), [(60, CLIENT), (60, COUNSELOR)]),
        (timedelta(minutes=60), []),
    ],
)
def test_only_reminders_still_ahead_are_planned(ahead: timedelta, expected: list[tuple[int, int]]) -> None:
    assert [(minutes, who) for minutes, _, who, _ in planned(ahead)] == expected


def test_a_reminders_key_names_appointment_version_channel_offset_and_person() -> None:
    subject = Subject(7, 2, CLIENT, COUNSELOR, START)
    found = reminders(subject, Terms(), Wishes(quiet=NEW_YORK), now=START - timedelta(days=3))
    assert found[0].key == "reminder:7:2:email:1440:11"
    assert len({each.key for each in found}) == 3


def test_a_client_chooses_the_roads_and_leaves_reminders_out_and_the_counselors_own_is_theirs() -> None:
    terms = Terms((Offset(10080, frozenset({EMAIL})), Offset(1440), Offset(120, frozenset({SMS}))), 30)
    both = Wishes(frozenset({EMAIL, SMS}), frozenset(), NEW_YORK)
    assert [each[:3] for each in planned(terms=terms, wishes=both)] == [
        (10080, EMAIL, CLIENT),
        (1440, EMAIL, CLIENT),
        (1440, SMS, CLIENT),
        (120, SMS, CLIENT),
        (30, EMAIL, COUNSELOR),
    ]
    texts = Wishes(frozenset({SMS}), frozenset({1440}), NEW_YORK)
    assert [each[:3] for each in planned(terms=terms, wishes=texts)] == [(120, SMS, CLIENT), (30, EMAIL, COUNSELOR)]


@pytest.mark.parametrize(
    ("starts", "minutes", "due"),
    [
        ("2026-12-01 22:30", 1440, "2026-12-01 08:00"),  # the evening before: when the night is over
        ("2026-12-01 09:00", 120, "2026-12-01 08:00"),
        ("2026-12-01 07:30", 60, "2026-11-30 20:45"),  # the night ends too late: before it begins
        ("2026-12-01 08:15", 60, "2026-12-01 08:00"),
        ("2026-12-01 08:14", 60, "2026-11-30 20:45"),
        ("2026-12-01 09:00", 60, "2026-12-01 08:00"),
        ("2026-12-01 21:59", 60, "2026-12-01 20:59"),
        ("2027-03-14 08:30", 60, "2027-03-14 08:00"),  # the night in which the clock goes forward
        ("2026-11-01 08:30", 60, "2026-11-01 08:00"),  # and the one in which it goes back
    ],
)
def test_quiet_hours_are_kept_on_the_clients_own_clock(starts: str, minutes: int, due: str) -> None:
    starts_at = datetime.fromisoformat(starts).replace(tzinfo=THERE).astimezone(UTC)
    [(_, _, _, due_at)] = planned(starts_at=starts_at, terms=Terms((Offset(minutes, frozenset({EMAIL})),), None))
    assert due_at.astimezone(THERE).strftime("%Y-%m-%d %H:%M") == due


def test_reminders_that_the_night_pushes_together_become_one() -> None:
    starts_at = datetime(2026, 12, 1, 7, 30, tzinfo=THERE).astimezone(UTC)
    terms = Terms((Offset(120, frozenset({EMAIL})), Offset(60, frozenset({EMAIL}))), None)
    assert [each[0] for each in planned(starts_at=starts_at, terms=terms)] == [60]


@pytest.mark.parametrize(
    ("minutes", "before", "stale"),
    [
        (1440, timedelta(hours=12), False),
        (1440, timedelta(hours=11, minutes=59), True),
        (60, timedelta(minutes=15), False),
        (60, timedelta(minutes=14), True),
        (10080, timedelta(days=3, hours=12), False),
        (10080, timedelta(days=3), True),
    ],
)
def test_a_reminder_that_is_no_longer_of_use_is_stale(minutes: int, before: timedelta, stale: bool) -> None:
    assert is_stale(minutes, START, START - before) is stale


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sets(st.sampled_from(sorted(CATALOGUE)), min_size=1),
)
def test_no_reminder_falls_into_the_night_or_comes_too_late(
    minute: int, zone: str, since: int, until: int, minutes: set[int]
) -> None:
    starts_at, quiet = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute), Quiet(zone, since, until)
    awake = (until - since) % 1440 <= 1440 - 15  # a quarter of an hour of day is there to be moved to
    terms = Terms(tuple(Offset(each) for each in minutes), None)
    found = planned(starts_at=starts_at, terms=terms, wishes=Wishes(quiet=quiet))
    for each, _, _, due_at in found:
        assert due_at <= last_use(starts_at, each)
        assert not awake or quiet.around(due_at) is None
