"""Where a note stands, on which days a supervisor may read, and how hours add up."""

from datetime import UTC, date, datetime, timedelta

import pytest

from notes.supervision.rules import Decision, Met, hours, runs, stands, total

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BACK = Decision("returned", NOON, 0)
SIGNED = Decision("cosigned", NOON + timedelta(hours=1), 1)


@pytest.mark.parametrize(
    ("decisions", "addenda", "standing"),
    [
        ([], 0, "waiting"),
        ([], 2, "waiting"),
        ([BACK], 0, "sent_back"),
        ([BACK], 1, "answered"),
        ([BACK, Decision("returned", NOON + timedelta(minutes=1), 1)], 1, "sent_back"),
        ([SIGNED, BACK], 1, "done"),
        ([Decision("approved", NOON, 0)], 0, "done"),
    ],
)
def test_a_note_stands_where_the_last_word_left_it(decisions: list[Decision], addenda: int, standing: str) -> None:
    assert stands(decisions, addenda=addenda) == standing


MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


@pytest.mark.parametrize(
    ("today", "may_read"),
    [(MONDAY - timedelta(days=1), False), (MONDAY, True), (FRIDAY, True), (FRIDAY + timedelta(days=1), False)],
)
def test_a_supervisor_reads_from_the_first_day_to_the_last(today: date, *, may_read: bool) -> None:
    assert runs(accepted_at=NOON, begins_on=MONDAY, ends_on=FRIDAY, ended=False, today=today) == may_read
    assert not runs(accepted_at=None, begins_on=MONDAY, ends_on=FRIDAY, ended=False, today=today)
    assert not runs(accepted_at=NOON, begins_on=MONDAY, ends_on=FRIDAY, ended=True, today=today)
    assert runs(accepted_at=NOON, begins_on=MONDAY, ends_on=None, ended=False, today=date(2036, 1, 1))


def test_only_what_both_have_said_counts() -> None:
    rows = [Met(60, "individual", confirmed=True), Met(45, "group", confirmed=True), Met(30, "group", confirmed=False)]
    totals = total(rows)
    assert dict(totals.by_format) == {"individual": 60, "triadic": 0, "group": 45, "observed": 0}
    assert (totals.confirmed, totals.unconfirmed) == (105, 30)


@pytest.mark.parametrize(("minutes", "read"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (105, "1 h 45 min")])
def test_minutes_read_as_hours(minutes: int, read: str) -> None:
    assert hours(minutes) == read
