"""Where the parts of a chart of scores lie. Pure; units are those of the picture, 640 wide and 250 high.

The names of the bands stand to the right of them, where no score lies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notes.measures.scoring import Course
from practice.core.formats import short_day_in

LEFT, RIGHT, TOP, BOTTOM = 34.0, 512.0, 14.0, 204.0
NUMBERED_MOST = 12
_SHORTEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Stripe:
    """One band of severity."""

    y: float
    height: float
    name: str
    least: int


@dataclass(frozen=True, slots=True)
class Dot:
    """One score; `is_named` where its number is written beside it."""

    x: float
    y: float
    day: str
    value: int
    is_named: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A course of scores over its bands, with the sessions that lay between."""

    course: Course
    stripes: Sequence[Stripe]
    dots: Sequence[Dot]
    sessions: Sequence[float]
    caption: str

    @property
    def path(self) -> str:
        """The line through the scores, as SVG has it."""
        return " ".join(f"{'M' if number == 0 else 'L'}{dot.x} {dot.y}" for number, dot in enumerate(self.dots))


def picture(course: Course, sessions: Sequence[datetime], caption: str, zone: str) -> Picture:
    """Lay out a course from its first score to its last, the time between them to scale; days are those of a zone."""
    begins, ends = _span(course)

    def across(at: datetime) -> float:
        return round(LEFT + (RIGHT - LEFT) * ((at - begins) / (ends - begins)), 1)

    few = len(course.points) <= NUMBERED_MOST
    last = len(course.points) - 1
    dots = [
        Dot(
            across(point.at),
            _height(course, point.value),
            short_day_in(point.at, zone),
            point.value,
            few or number in {0, last},
        )
        for number, point in enumerate(course.points)
    ]
    return Picture(course, _stripes(course), dots, [across(at) for at in sessions if begins <= at <= ends], caption)


def _span(course: Course) -> tuple[datetime, datetime]:
    first, last = course.points[0].at, course.points[-1].at
    return first - (margin := max(last - first, _SHORTEST) / 20), max(last, first + _SHORTEST) + margin


def _height(course: Course, value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / course.scale.top, 1)


def _stripes(course: Course) -> list[Stripe]:
    bands = course.scale.bands
    ceilings = [*(band.least for band in bands[1:]), course.scale.top]
    return [
        Stripe(
            _height(course, top), round(_height(course, band.least) - _height(course, top), 1), band.name, band.least
        )
        for band, top in zip(bands, ceilings, strict=True)
    ]
