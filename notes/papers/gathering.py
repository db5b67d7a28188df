"""Of a chart what was chosen of it, opened by the keys of whoever prepares the paper."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from notes.models import Chart
from notes.own.contents import parts_of
from notes.papers import queries
from notes.papers.pieces import OpenedRecord, open_answers, open_notes, open_requests, open_safety_plans
from notes.plans import services as plans
from notes.plans.document import Plan
from notes.release.queries import answers_between, sessions_between
from notes.release.words import MEASURES, NOTES, PLAN, SAFETY, SESSIONS
from notes.requests.queries import going_with
from notes.safety.services import plan_of
from practice.models import Person


class TooLongError(Exception):
    """More than the press sets at once."""

    def __init__(self) -> None:
        super().__init__("This is too long for one PDF. Narrow the days and make it in several.")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found and opened; `plan` is None where none was chosen, or where nothing stands in it."""

    record: OpenedRecord
    plan: Plan | None

    @property
    def is_empty(self) -> bool:
        """Tell whether the chart holds nothing of what was chosen."""
        held = self.record
        return not any((self.plan, held.sessions, held.answered, held.entries, held.safety_plans, held.unopened))


def gathered(chart: Chart, parts: Collection[str], first: date | None, last: date | None, *, by: Person) -> Gathered:
    """Open parts of a chart from day to day, on the calendar of whoever prepares it; raises TooLongError.

    With the notes go the corrections that the client asked for; the plans are given as they stand.
    """
    zone = ZoneInfo(by.zone)
    span = queries.between(first, last, zone)
    sessions = sessions_between(chart, span) if SESSIONS in parts else ()
    answers = answers_between(chart, span) if MEASURES in parts else ()
    notes = queries.signed_between(chart.counselor, chart.client, first, last, zone=zone) if NOTES in parts else ()
    if parts_of(notes=len(notes), sessions=len(sessions), answers=len(answers)) > 1:
        raise TooLongError
    record = OpenedRecord(chart.client, by, sessions=[*sessions])
    open_answers(record, answers)
    open_notes(record, notes)
    if notes:
        open_requests(record, going_with(chart))
    safety_plan = plan_of(chart) if SAFETY in parts else None
    if safety_plan and safety_plan.version:
        open_safety_plans(record, [safety_plan])
    plan = plans.plan_of(chart)[0] if PLAN in parts else Plan()
    return Gathered(record, None if plan.blank else plan)
