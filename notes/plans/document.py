"""A treatment plan: what the work is for, as one document. Pure.

Problems hold goals, goals hold objectives, objectives hold interventions. Every change returns a new plan;
lines keep their ids for good, so that notes can point at them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

PROBLEM, GOAL, OBJECTIVE, INTERVENTION = KINDS = ("problem", "goal", "objective", "intervention")
UNDER = {GOAL: PROBLEM, OBJECTIVE: GOAL, INTERVENTION: OBJECTIVE}
"""What each kind stands under; a problem stands by itself."""
ACTIVE, PAUSED, REACHED, ENDED = STATUSES = ("active", "paused", "reached", "ended")
CONFIRMED, PROVISIONAL, RESOLVED = STANDINGS = ("confirmed", "provisional", "resolved")
FRAME = ("strengths", "rhythm", "ending")
"""The client's strengths, how often and how long one meets, and how both will know that it is enough."""


class UnknownLineError(LookupError):
    """There is no such line in the plan, or not under such a one."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A code as it was chosen, with the words of its release, so that a later release changes nothing here."""

    id: str
    code: str
    name: str
    release: str
    standing: str = CONFIRMED
    since_on: date | None = None
    remark: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Review:
    """How a line stood on a day."""

    on: date
    status: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One problem, goal, objective or intervention."""

    id: str
    kind: str
    text: str = field(repr=False)
    under: str = ""
    status: str = ACTIVE
    opened_on: date | None = None
    target_on: date | None = None
    review_on: date | None = None
    reviews: tuple[Review, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether one works on it or means to go on."""
        return self.status in {ACTIVE, PAUSED}


@dataclass(frozen=True, slots=True)
class Branch:
    """A line with those under it, in order."""

    line: Line
    branches: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Diagnoses in order of weight, lines in the order of their page, and the frame around the work."""

    diagnoses: tuple[Diagnosis, ...] = ()
    lines: tuple[Line, ...] = ()
    frame: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def blank(self) -> bool:
        """Tell whether nothing has been planned."""
        return not (self.diagnoses or self.lines or any(self.frame.values()))

    @property
    def review_on(self) -> date | None:
        """The first day on which an open line is due to be looked at."""
        return min((line.review_on for line in self.lines if line.is_open and line.review_on), default=None)

    def line(self, line_id: str) -> Line:
        """Return a line; raises UnknownLineError."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise UnknownLineError(line_id)

    def diagnosis(self, diagnosis_id: str) -> Diagnosis:
        """Return a diagnosis; raises UnknownLineError."""
        for diagnosis in self.diagnoses:
            if diagnosis.id == diagnosis_id:
                return diagnosis
        raise UnknownLineError(diagnosis_id)

    def tree(self, under: str = "") -> tuple[Branch, ...]:
        """Return the lines as they stand under one another."""
        return tuple(Branch(line, self.tree(line.id)) for line in self.lines if line.under == under)

    def path(self, line: Line) -> list[Line]:
        """Return what a line stands under, from the problem down, without the line itself."""
        above: list[Line] = []
        while line.under:
            line = self.line(line.under)
            above.insert(0, line)
        return above

    def due(self, today: date) -> list[Line]:
        """Return the open lines whose review has come."""
        return [line for line in self.lines if line.is_open and line.review_on and line.review_on <= today]


def add(plan: Plan, line: Line) -> Plan:
    """Put a line last under its own; raises UnknownLineError where it may not stand."""
    above = UNDER.get(line.kind)
    if bool(line.under) != bool(above) or (line.under and plan.line(line.under).kind != above):
        raise UnknownLineError(line.under)
    return replace(plan, lines=(*plan.lines, line))


def change(plan: Plan, line: Line) -> Plan:
    """Put a line in the place of the one with its id; it stays under what it stood."""
    before = plan.line(line.id)
    kept = replace(line, kind=before.kind, under=before.under)
    return replace(plan, lines=tuple(kept if each.id == line.id else each for each in plan.lines))


def review(plan: Plan, line_id: str, seen: Review, *, next_on: date | None) -> Plan:
    """Keep how a line stands today, and when to look again."""
    line = plan.line(line_id)
    again = next_on if seen.status in {ACTIVE, PAUSED} else None
    return change(plan, replace(line, status=seen.status, review_on=again, reviews=(*line.reviews, seen)))


def remove(plan: Plan, line_id: str) -> Plan:
    """Take a line out with all that stands under it; earlier versions of the plan keep it."""
    gone = {line_id, *_below(plan, plan.line(line_id).id)}
    return replace(plan, lines=tuple(line for line in plan.lines if line.id not in gone))


def raise_line(plan: Plan, line_id: str) -> Plan:
    """Move a line before its elder sibling; the first stays where it is."""
    line = plan.line(line_id)
    siblings = [each for each in plan.lines if each.under == line.under]
    place = siblings.index(line)
    if place == 0:
        return plan
    swap = {line.id: siblings[place - 1], siblings[place - 1].id: line}
    return replace(plan, lines=tuple(swap.get(each.id, each) for each in plan.lines))


def diagnose(plan: Plan, diagnosis: Diagnosis) -> Plan:
    """Put a diagnosis last, or in the place of the one with its id."""
    if any(each.id == diagnosis.id for each in plan.diagnoses):
        same = tuple(diagnosis if each.id == diagnosis.id else each for each in plan.diagnoses)
        return replace(plan, diagnoses=same)
    return replace(plan, diagnoses=(*plan.diagnoses, diagnosis))


def put_first(plan: Plan, diagnosis_id: str) -> Plan:
    """Make a diagnosis the principal one."""
    first = plan.diagnosis(diagnosis_id)
    return replace(plan, diagnoses=(first, *(each for each in plan.diagnoses if each is not first)))


def take_out(plan: Plan, diagnosis_id: str) -> Plan:
    """Take out a diagnosis that was entered by mistake; earlier versions of the plan keep it."""
    gone = plan.diagnosis(diagnosis_id)
    return replace(plan, diagnoses=tuple(each for each in plan.diagnoses if each is not gone))


def _below(plan: Plan, line_id: str) -> Iterator[str]:
    for line in plan.lines:
        if line.under == line_id:
            yield line.id
            yield from _below(plan, line.id)
