"""A client's record, opened by the client's own keys."""

from notes.own import queries
from notes.papers.pieces import OpenedRecord, open_answers, open_notes, open_requests, open_safety_plans
from notes.requests.queries import worded_of
from practice.models import Person

NOTES_IN_A_PART, SESSIONS_IN_A_PART, ANSWERS_IN_A_PART, REQUESTS_IN_A_PART = 40, 100, 15, 40
"""A PDF holds so many; a longer record comes in several, because the press takes 30 seconds for a document at most.

100 notes took it 33 seconds, and a table of 1,000 sessions 68, on two cores with a load of 9.
"""


def parts_of(*, notes: int, sessions: int, answers: int, requests: int = 0) -> int:
    """Count the parts in which a record is printed."""
    each = (
        (notes, NOTES_IN_A_PART),
        (sessions, SESSIONS_IN_A_PART),
        (answers, ANSWERS_IN_A_PART),
        (requests, REQUESTS_IN_A_PART),
    )
    return max(1, *(-(-number // most) for number, most in each))


def whole(client: Person) -> OpenedRecord:
    """Open a client's whole record; raises VaultLockedError."""
    record = OpenedRecord(client, client, sessions=[*queries.sessions_of(client)])
    open_answers(record, queries.answers_of(client))
    open_safety_plans(record, queries.safety_plans_of(client))
    open_notes(record, queries.notes_of(client))
    open_requests(record, worded_of(client))
    return record


def part(client: Person, number: int) -> OpenedRecord:
    """Open one part, numbered from 1; the safety plan stands in the first. Raises VaultLockedError."""

    def span(most: int) -> dict[str, int]:
        return {"first": (number - 1) * most, "most": most}

    record = OpenedRecord(client, client, sessions=[*queries.sessions_of(client, **span(SESSIONS_IN_A_PART))])
    open_answers(record, queries.answers_of(client, **span(ANSWERS_IN_A_PART)))
    if number == 1:
        open_safety_plans(record, queries.safety_plans_of(client))
    open_notes(record, queries.notes_of(client, **span(NOTES_IN_A_PART)))
    open_requests(record, worded_of(client, **span(REQUESTS_IN_A_PART)))
    return record
