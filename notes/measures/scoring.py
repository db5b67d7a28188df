"""Score answers by the published rules of their questionnaire, and tell change from chance. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import floor

from notes.measures.instruments import Band, Instrument, Scale

Answers = Mapping[int, int | None]
"""The answer to each question by its number; None where somebody chose not to answer."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a scale comes to; `value` is None when too much is missing to say."""

    scale: Scale
    value: int | None
    missing: int

    @property
    def band(self) -> Band | None:
        """The published range the score falls into."""
        return None if self.value is None else self.scale.band_of(self.value)

    @property
    def is_estimated(self) -> bool:
        """Tell whether missing answers were counted as the mean of the others."""
        return self.value is not None and self.missing > 0


@dataclass(frozen=True, slots=True)
class Point:
    """A score at a time."""

    at: datetime
    value: int


class Direction(StrEnum):
    """How two scores compare; lower is better on every scale of the register."""

    BETTER = "better"
    WORSE = "worse"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Change:
    """The way from one score to another, in points; `reliable` is None where no rule is published."""

    points: int
    direction: Direction
    reliable: bool | None


@dataclass(frozen=True, slots=True)
class Course:
    """All scores of one scale, the oldest first, with those a note begins with."""

    scale: Scale
    points: Sequence[Point]

    @property
    def baseline(self) -> Point | None:
        """The first score."""
        return self.points[0] if self.points else None

    @property
    def previous(self) -> Point | None:
        """The score before the latest."""
        return self.points[-2] if len(self.points) > 1 else None

    @property
    def latest(self) -> Point | None:
        """The newest score."""
        return self.points[-1] if self.points else None

    @property
    def overall(self) -> Change | None:
        """The way from the first score to the newest."""
        return change(self.scale, self.points[0].value, self.points[-1].value) if len(self.points) > 1 else None

    @property
    def since_previous(self) -> Change | None:
        """The way from the score before to the newest."""
        return change(self.scale, self.points[-2].value, self.points[-1].value) if len(self.points) > 1 else None


def score(scale: Scale, answers: Answers) -> Score:
    """Add up a scale; where its rule allows, a missing answer counts as the mean of those given.

    The mean is taken over the answered items and the sum rounded to a whole number, halves up.
    """
    given = [value for value in (answers.get(number) for number in scale.items) if value is not None]
    missing = len(scale.items) - len(given)
    if missing > scale.most_missing or not given:
        return Score(scale, None, missing)
    whole = floor(sum(given) * len(scale.items) / len(given) + 0.5)
    return Score(scale, whole * scale.weight, missing)


def scores(instrument: Instrument, answers: Answers) -> list[Score]:
    """Score every scale of a questionnaire."""
    return [score(scale, answers) for scale in instrument.scales]


def change(scale: Scale, before: int, after: int) -> Change:
    """Compare two scores of a scale."""
    points = after - before
    direction = Direction.STEADY if points == 0 else Direction.BETTER if points < 0 else Direction.WORSE
    reliable = abs(points) >= scale.reliable_change if scale.reliable_change else None
    return Change(points, direction, reliable)


def calling(instrument: Instrument, answers: Answers) -> list[int]:
    """List the questions whose answers call for somebody at once."""
    return [number for number in instrument.watches if instrument.calls(number, answers.get(number))]


def finding(course: Course) -> str:
    """Say in one sentence what a course shows."""
    name, latest = course.scale.name, course.latest
    if latest is None:
        return f"{name}: no score yet"
    band = course.scale.band_of(latest.value).name.lower()
    so_far = course.overall
    if so_far is None:
        return f"{name} begins at {latest.value}: {band}"
    if so_far.direction is Direction.STEADY:
        return f"{name} stands where it began, at {latest.value}: {band}"
    moved = "fallen" if so_far.direction is Direction.BETTER else "risen"
    points = "1 point" if abs(so_far.points) == 1 else f"{abs(so_far.points)} points"
    chance = "" if so_far.reliable is None else ", a reliable change" if so_far.reliable else ", which may be chance"
    return f"{name} has {moved} by {points} to {latest.value} ({band}){chance}"
