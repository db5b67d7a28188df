"""Where things stand on the page of a week."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from booking import agenda
from booking.agenda import Hours, Lane, Stretch
from practice.core.spans import Span

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_session_stands_at_the_time_on_the_wall() -> None:
    span = Span.lasting(datetime(2026, 11, 24, 14, 30, tzinfo=UTC), 50)
    assert agenda.on(span, date(2026, 11, 24), NEW_YORK) == Stretch(9 * 60 + 30, 10 * 60 + 20)
    assert agenda.on(span, date(2026, 11, 25), NEW_YORK) is None


def test_time_off_over_several_days_covers_each_of_them() -> None:
    span = Span(datetime(2026, 11, 24, 17, tzinfo=UTC), datetime(2026, 11, 26, 17, tzinfo=UTC))
    days = [agenda.on(span, date(2026, 11, day), NEW_YORK) for day in (23, 24, 25, 26, 27)]
    assert days == [None, Stretch(720, 1440), Stretch(0, 1440), Stretch(0, 720), None]


def test_a_session_over_the_hour_that_comes_twice_keeps_its_length() -> None:
    span = Span.lasting(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 50)
    assert agenda.on(span, date(2026, 10, 25), BERLIN) == Stretch(150, 200)


def test_a_stretch_names_its_place_in_classes() -> None:
    assert Stretch(630, 680).classes == "at-10 m-30 for-50"
    assert Stretch(630, 682).classes == "at-10 m-30 for-55"
    assert Stretch(630, 631).classes == "at-10 m-30 for-5"


def test_what_does_not_overlap_has_the_whole_width() -> None:
    assert agenda.lanes([Stretch(540, 590), Stretch(590, 640)]) == [Lane(1, 1), Lane(1, 1)]


def test_what_overlaps_stands_side_by_side_in_the_order_given() -> None:
    found = agenda.lanes([Stretch(600, 650), Stretch(540, 610), Stretch(610, 660), Stretch(700, 750)])
    assert found == [Lane(2, 2), Lane(1, 2), Lane(1, 2), Lane(1, 1)]
    assert found[0].classes == "lane-2 of-2"
    assert found[3].classes == ""


def test_the_shown_hours_stretch_to_what_lies_outside() -> None:
    usual = Hours(8, 18)
    assert agenda.shown([], usual=usual) == usual
    assert agenda.shown([Stretch(400, 450), Stretch(1090, 1150)], usual=usual) == Hours(6, 20)


def test_a_stretch_is_cut_to_what_is_shown() -> None:
    assert Hours(8, 18).clip(Stretch(0, 600)) == Stretch(480, 600)
    assert Hours(8, 18).clip(Stretch(0, 300)) is None


def test_a_whole_day_is_cut_into_lengths_the_style_sheet_knows() -> None:
    assert agenda.pieces(Stretch(0, 1440)) == [Stretch(0, 720), Stretch(720, 1440)]


def test_a_week_begins_on_monday() -> None:
    assert agenda.week_of(date(2026, 11, 29))[0] == date(2026, 11, 23)
