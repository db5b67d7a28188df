"""Scores by the published rules, bands at their edges, change that is more than chance, and charts to scale."""

from datetime import UTC, datetime, timedelta

import pytest

from notes.measures import drawing
from notes.measures.dass21 import DASS21
from notes.measures.instruments import Scale
from notes.measures.pcl5 import PCL5
from notes.measures.phq import GAD7, PHQ2, PHQ9
from notes.measures.register import CLOSED, FREE, scale_of
from notes.measures.rhythm import ONCE, SESSIONS, WEEKS, Rhythm, due_by_session, due_by_weeks, escalates
from notes.measures.scoring import Course, Direction, Point, calling, change, finding, score, scores

BEGUN = datetime(2026, 9, 1, 12, tzinfo=UTC)
(PHQ,) = PHQ9.scales
(GAD,) = GAD7.scales
(PCL,) = PCL5.scales


def answered(count: int, value: int) -> dict[int, int | None]:
    """Answer the first questions alike."""
    return dict.fromkeys(range(1, count + 1), value)


@pytest.mark.parametrize(
    ("scale", "value", "band"),
    [
        *((PHQ, at, name) for at, name in ((0, "Minimal"), (4, "Minimal"), (5, "Mild"), (9, "Mild"))),
        *((PHQ, at, name) for at, name in ((10, "Moderate"), (14, "Moderate"), (15, "Moderately severe"))),
        *((PHQ, at, name) for at, name in ((19, "Moderately severe"), (20, "Severe"), (27, "Severe"))),
        *((GAD, at, name) for at, name in ((4, "Minimal"), (5, "Mild"), (10, "Moderate"), (15, "Severe"))),
        (PCL, 30, "Below the cut-point"),
        (PCL, 31, "At or above cut-point"),
        *((PHQ2.scales[0], at, name) for at, name in ((2, "Below the cut-off"), (3, "At or above cut-off"))),
        *((DASS21.scales[0], at, name) for at, name in ((9, "Normal"), (10, "Mild"), (14, "Moderate"), (21, "Severe"))),
        (DASS21.scales[0], 28, "Extremely severe"),
        *((DASS21.scales[1], at, name) for at, name in ((7, "Normal"), (8, "Mild"), (10, "Moderate"), (15, "Severe"))),
        *(
            (DASS21.scales[2], at, name)
            for at, name in ((14, "Normal"), (15, "Mild"), (19, "Moderate"), (26, "Severe"))
        ),
    ],
)
def test_a_score_falls_into_its_published_band(scale: Scale, value: int, band: str) -> None:
    assert scale.band_of(value).name == band


def test_a_sum_is_a_sum_and_the_afterthought_is_in_none() -> None:
    assert score(PHQ, answered(9, 3)).value == 27
    assert score(PHQ, answered(9, 1) | {10: 3}).value == 9
    assert score(PCL, answered(20, 4)).value == 80


def test_two_missing_answers_count_as_the_mean_of_the_others_and_three_as_no_score() -> None:
    seven = score(PHQ, answered(7, 2))
    assert (seven.value, seven.missing, seven.is_estimated) == (18, 2, True)
    assert score(PHQ, answered(9, 1) | {9: None, 1: 2}).value == 10  # 9 points by 8 answers are 10.125
    assert score(PHQ, answered(6, 3)).value is None
    assert score(PHQ, {}).band is None


def test_where_no_rule_is_published_a_missing_answer_leaves_no_score() -> None:
    assert score(GAD, answered(6, 3)).value is None
    assert score(PCL, answered(19, 1)).value is None


def test_the_three_scales_of_the_dass_are_doubled_and_take_seven_statements_each() -> None:
    low, worry, strain = scores(DASS21, answered(21, 1) | {3: 3, 19: 0})
    assert (low.value, worry.value, strain.value) == (18, 12, 14)


@pytest.mark.parametrize("instrument", FREE.values(), ids=FREE)
def test_every_questionnaire_is_whole(instrument: object) -> None:
    each = FREE[instrument.key]  # type: ignore[attr-defined]
    numbers = [number for scale in each.scales for number in scale.items]
    assert sorted(numbers) == list(range(1, len(each.items) + 1))
    for scale in each.scales:
        assert scale.top == len(scale.items) * (len(each.answers) - 1) * scale.weight
        assert [band.least for band in scale.bands] == sorted({0, *(band.least for band in scale.bands)})
        assert scale_of(scale.key) == (each, scale)
    assert all((each.source, each.licence, each.version, each.rules, each.stem))
    assert each.licence.startswith("Free")


def test_what_is_not_free_is_known_and_cannot_be_asked() -> None:
    assert {each.name for each in CLOSED} >= {"BDI-II", "OQ-45", "ORS and SRS", "WHO-5"}
    assert not {each.name for each in CLOSED} & {each.name for each in FREE.values()}


def test_only_the_ninth_question_calls_and_from_its_first_answer_above_none() -> None:
    assert calling(PHQ9, answered(9, 0)) == []
    assert calling(PHQ9, answered(8, 3)) == []
    assert calling(PHQ9, {9: 1}) == [9]
    assert calling(PHQ9, {9: None}) == []
    assert [each.key for each in FREE.values() if each.watches] == ["phq9"]


@pytest.mark.parametrize(
    ("scale", "before", "after", "direction", "reliable"),
    [
        (PHQ, 16, 11, Direction.BETTER, False),
        (PHQ, 16, 10, Direction.BETTER, True),
        (PHQ, 10, 16, Direction.WORSE, True),
        (GAD, 12, 8, Direction.BETTER, True),
        (PCL, 50, 36, Direction.BETTER, False),
        (PCL, 50, 35, Direction.BETTER, True),
        (PHQ, 9, 9, Direction.STEADY, False),
        (DASS21.scales[0], 30, 10, Direction.BETTER, None),
    ],
)
def test_change_is_reliable_from_the_published_points_on(
    scale: Scale, before: int, after: int, direction: Direction, reliable: bool | None
) -> None:
    found = change(scale, before, after)
    assert (found.direction, found.reliable) == (direction, reliable)


def a_course(*values: int) -> Course:
    """Score once a fortnight."""
    return Course(PHQ, [Point(BEGUN + timedelta(weeks=2 * number), value) for number, value in enumerate(values)])


def test_a_course_says_what_it_shows() -> None:
    assert finding(a_course()) == "PHQ-9: no score yet"
    assert finding(a_course(17)) == "PHQ-9 begins at 17: moderately severe"
    assert finding(a_course(17, 14, 6)) == "PHQ-9 has fallen by 11 points to 6 (mild), a reliable change"
    assert finding(a_course(6, 7)) == "PHQ-9 has risen by 1 point to 7 (mild), which may be chance"
    assert finding(a_course(8, 8)) == "PHQ-9 stands where it began, at 8: mild"


def test_a_note_begins_with_baseline_previous_and_latest() -> None:
    course = a_course(17, 14, 6)
    assert course.baseline
    assert course.previous
    assert course.latest
    assert (course.baseline.value, course.previous.value, course.latest.value) == (17, 14, 6)
    assert course.since_previous == change(PHQ, 14, 6)
    assert a_course(17).previous is None


def test_a_chart_is_drawn_to_scale_with_its_bands_and_sessions() -> None:
    course = a_course(27, 0)
    sessions = [BEGUN - timedelta(days=9), BEGUN + timedelta(days=7)]
    picture = drawing.picture(course, sessions, "So it went", "America/New_York")
    first, last = picture.dots
    assert (first.y, last.y) == (drawing.TOP, drawing.BOTTOM)
    assert first.day == "1 Sep 2026"
    assert picture.sessions == [pytest.approx((first.x + last.x) / 2, abs=0.2)]
    assert sum(stripe.height for stripe in picture.stripes) == pytest.approx(drawing.BOTTOM - drawing.TOP, abs=0.5)
    assert picture.path.startswith("M")
    assert picture.path.count("L") == 1


def test_a_single_score_and_a_long_course_can_be_drawn() -> None:
    assert len(drawing.picture(a_course(5), [], "", "UTC").dots) == 1
    many = drawing.picture(a_course(*range(20)), [], "", "UTC")
    assert [dot.value for dot in many.dots if dot.is_named] == [0, 19]


def test_what_is_asked_every_few_weeks_is_due_at_once_and_then_by_the_calendar() -> None:
    rhythm, week = Rhythm(WEEKS, 2), timedelta(weeks=1)
    assert due_by_weeks(rhythm, begun=BEGUN, last=None, now=BEGUN)
    assert not due_by_weeks(rhythm, begun=BEGUN, last=BEGUN, now=BEGUN + 2 * week - timedelta(seconds=1))
    assert due_by_weeks(rhythm, begun=BEGUN, last=BEGUN, now=BEGUN + 2 * week)
    assert not due_by_weeks(Rhythm(ONCE), begun=BEGUN, last=BEGUN, now=BEGUN + 50 * week)


@pytest.mark.parametrize(
    ("hours", "since", "due"),
    [(49, None, False), (48, None, True), (1, None, True), (0, None, False), (24, 1, False), (24, 2, True)],
)
def test_what_is_asked_before_sessions_is_due_two_days_before(hours: int, since: int | None, due: bool) -> None:
    session = BEGUN + timedelta(hours=hours)
    assert due_by_session(Rhythm(SESSIONS, 2), next_session=session, sessions_since=since, now=BEGUN) is due
    assert not due_by_session(Rhythm(SESSIONS, 2), next_session=None, sessions_since=since, now=BEGUN)


def test_an_unseen_alert_goes_further_after_the_practices_minutes_and_again_after_four_times_as_long() -> None:
    hour = timedelta(hours=1)
    assert not escalates(raised=BEGUN, last=None, minutes=60, now=BEGUN + hour - timedelta(seconds=1))
    assert escalates(raised=BEGUN, last=None, minutes=60, now=BEGUN + hour)
    assert not escalates(raised=BEGUN, last=BEGUN + hour, minutes=60, now=BEGUN + 4 * hour)
    assert escalates(raised=BEGUN, last=BEGUN + hour, minutes=60, now=BEGUN + 5 * hour)


def test_a_rhythm_reads_as_a_person_would_say_it() -> None:
    said = [Rhythm(ONCE).words, Rhythm(WEEKS, 1).words, Rhythm(WEEKS, 4).words, Rhythm(SESSIONS, 1).words]
    assert said == ["Once", "Every week", "Every 4 weeks", "Before every session"]
