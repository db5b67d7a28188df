"""Which save may go on top of which, and which drafts go."""

from datetime import UTC, datetime, timedelta

import pytest

from notes.locking import Saved, follows, overtaken, superseded

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def saved(version: int, base: int, tab: str = "a", minutes: float = 0, changes: int = 0) -> Saved:
    return Saved(version, base, tab, NOON + timedelta(minutes=minutes), changes)


@pytest.mark.parametrize(
    ("latest", "tab", "changes", "late"),
    [
        (None, "a", 1, False),
        (saved(3, 2, changes=7), "a", 6, True),
        (saved(3, 2, changes=7), "a", 7, False),
        (saved(3, 2, changes=7), "a", 8, False),
        (saved(3, 2, changes=7), "b", 6, False),
        (saved(3, 2, changes=7), "a", 0, False),
    ],
)
def test_a_save_comes_too_late_after_later_words_of_its_own_tab(
    latest: Saved | None, tab: str, changes: int, late: bool
) -> None:
    assert overtaken(latest, tab=tab, changes=changes) is late


@pytest.mark.parametrize(
    ("latest", "base", "tab", "may"),
    [
        (None, 0, "a", True),
        (None, 1, "a", False),
        (saved(3, 2), 3, "a", True),
        (saved(3, 2), 3, "b", True),
        (saved(3, 2), 2, "b", False),
        (saved(3, 2), 2, "a", True),
        (saved(3, 2), 1, "a", False),
        (saved(3, 2), 4, "a", False),
        (saved(3, 2), 0, "a", False),
    ],
)
def test_a_save_goes_on_what_its_writer_had_before_them(latest: Saved | None, base: int, tab: str, may: bool) -> None:
    assert follows(latest, base_version=base, tab=tab) is may


@pytest.mark.parametrize(
    ("before", "last", "coming", "goes"),
    [
        (saved(1, 0), saved(2, 1, minutes=1), saved(3, 2, minutes=2), True),
        (saved(1, 0), saved(2, 1, minutes=5), saved(3, 2, minutes=6), False),
        (saved(1, 0), saved(2, 1, minutes=4.99), saved(3, 2, minutes=90), True),
        (saved(1, 0, "b"), saved(2, 1, minutes=1), saved(3, 2, minutes=2), False),
        (saved(1, 0), saved(2, 1, minutes=1), saved(3, 2, "b", minutes=2), False),
        (saved(1, 0), saved(2, 1, minutes=1), saved(3, 1, minutes=2), False),
    ],
)
def test_a_draft_goes_only_when_the_same_hand_went_on(before: Saved, last: Saved, coming: Saved, goes: bool) -> None:
    assert superseded(before, last, coming) is goes
