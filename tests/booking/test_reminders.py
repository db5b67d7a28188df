from datetime import timedelta

import pytest

from booking.reminders import is_stale, reminders
from tests.booking.builders import WEDNESDAY_AT_TEN as START

CLIENT, COUNSELOR = 3, 9


def planned(ahead: timedelta) -> list[tuple[str, int]]:
    found = reminders(7, 2, client_id=CLIENT, counselor_id=COUNSELOR, starts_at=START, now=START - ahead)
    return [(each.offset, each.recipient_id) for each in found]


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(days=3), [("24h", CLIENT), ("1h", CLIENT), ("1h", COUNSELOR)]),
        (timedelta(hours=24, seconds=1), [("24h", CLIENT), ("1h", CLIENT), ("1h", COUNSELOR)]),
        (timedelta(hours=24), [("1h", CLIENT), ("1h", COUNSELOR)]),
        (timedelta(minutes=61), [("1h", CLIENT), ("1h", COUNSELOR)]),
        (timedelta(minutes=30), []),
    ],
)
def test_only_reminders_still_ahead_are_planned(ahead: timedelta, expected: list[tuple[str, int]]) -> None:
    assert planned(ahead) == expected


def test_a_reminders_key_names_appointment_version_channel_offset_and_person() -> None:
    found = reminders(7, 2, client_id=CLIENT, counselor_id=COUNSELOR, starts_at=START, now=START - timedelta(days=3))
    assert [each.key for each in found] == [
        "reminder:7:2:email:24h:3",
        "reminder:7:2:email:1h:3",
        "reminder:7:2:email:1h:9",
    ]
    assert [START - each.due_at for each in found] == [timedelta(hours=24), timedelta(hours=1), timedelta(hours=1)]


@pytest.mark.parametrize(
    ("offset", "before_start", "stale"),
    [
        ("24h", timedelta(hours=24), False),
        ("24h", timedelta(hours=12), False),
        ("24h", timedelta(hours=11, minutes=59), True),
        ("1h", timedelta(hours=1), False),
        ("1h", timedelta(minutes=15), False),
        ("1h", timedelta(minutes=14), True),
        ("an offset we no longer have", timedelta(hours=1), True),
    ],
)
def test_a_reminder_that_comes_too_late_is_dropped(offset: str, before_start: timedelta, stale: bool) -> None:
    assert is_stale(offset, START, START - before_start) is stale
