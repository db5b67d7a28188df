"""Ask, extend, answer, disagree: every step under its clock, every word sealed to the record it is about."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from notes import keys
from notes import services as notes
from notes.models import Chart, Note
from notes.requests import notices, queries
from notes.requests.clocks import CORRECTION, clock_of, law_of
from notes.requests.models import (
    ANSWER,
    ASKED,
    DENIED,
    DISAGREEMENT,
    EXTENSION,
    OPEN,
    PARTLY,
    REBUTTAL,
    WITHDRAWN,
    RecordRequest,
    Saying,
)
from notes.vault import Place
from practice.core import audit
from practice.core.db import db
from practice.models import Person
from practice.queries.people import the_practice

KIND = "request"


class RequestError(Exception):
    """What was tried does not fit how the request stands; the words say what does."""


@dataclass(frozen=True, slots=True)
class Said:
    """One opened saying: the words, and of an answer the ground it stands on ("" for none)."""

    row: Saying
    text: str
    ground: str


def ask(
    *,
    client: Person,
    kind: str,
    chart: Chart | None,
    text: str,
    now: datetime,
    by: Person | None = None,
    came_on: date | None = None,
) -> RecordRequest:
    """Take a client's request; its clock begins the day it came, today by default.

    One that came by letter or telephone is put down `by` somebody here. Asked twice while one is open, it stays one.
    """
    found = queries.open_like(client, kind, chart) if not text else None
    if found:
        return found
    law, asked_on = law_of(the_practice().country), came_on or queries.today(now)
    request = RecordRequest(
        client_id=client.id,
        chart_id=chart.id if chart else None,
        kind=kind,
        law=law,
        state=OPEN,
        asked_on=asked_on,
        due_on=clock_of(law, kind).due(asked_on),
        asked_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(request)
    except IntegrityError:  # asked in another tab at the same moment, or once more with words
        found = queries.open_like(client, kind, chart)
        if found is None:
            raise
        request = found
    if text:
        _say(request, ASKED, text, by=by or client, now=now)
    _record("request.asked", request, by or client)
    notices.asked(request, now=now)
    return request


def extend(request: RecordRequest, reason: str, *, by: Person, now: datetime) -> None:
    """Take the further time the law allows, once, before the first is over, with the reason in writing."""
    _hold(request)
    clock = clock_of(request.law, request.kind)
    if not clock.can_be_extended:
        raise RequestError("The law gives no further time for this. Answer it.")
    if request.extended_at:
        raise RequestError("The time was extended once already; the law allows it no second time.")
    if queries.today(now) > request.due_on:
        raise RequestError("The time is over, so it can no longer be extended. Answer it now.")
    request.due_on = clock.extended(request.asked_on)
    request.extended_at, request.extended_by_id = now, by.id
    _say(request, EXTENSION, reason, by=by, now=now)
    _record("request.extended", request, by)
    notices.extended(request, now=now)


def answer(
    request: RecordRequest,
    state: str,
    text: str,
    *,
    by: Person,
    now: datetime,
    ground: str = "",
    note: Note | None = None,
) -> None:
    """Answer in writing; with a note, what is corrected is added to it for every reader (45 CFR 164.526(c)(1))."""
    _hold(request)
    request.state, request.settled_at, request.settled_by_id = state, now, by.id
    if request.chart_id:
        _say(request, ANSWER, text, ground=ground, by=by, now=now)
    if note:
        notes.amend(note, text, author=by, now=now)
    _record("request.answered", request, by)
    notices.answered(request, now=now)


def withdraw(request: RecordRequest, *, now: datetime) -> None:
    """Let the client take a request back."""
    _hold(request)
    request.state, request.settled_at, request.settled_by_id = WITHDRAWN, now, request.client_id
    _record("request.withdrawn", request, request.client)
    notices.settled(request, now=now)


def disagree(request: RecordRequest, text: str, *, now: datetime) -> None:
    """Keep the client's statement of disagreement with the record (45 CFR 164.526(d)(2)); one for each refusal."""
    db.session.refresh(request, with_for_update={"of": RecordRequest})
    if not may_disagree(request):
        raise RequestError("A statement was added already, or there is no refusal to disagree with.")
    _say(request, DISAGREEMENT, text, by=request.client, now=now)
    _record("request.disagreed", request, request.client)
    notices.disagreed(request, now=now)


def rebut(request: RecordRequest, text: str, *, by: Person, now: datetime) -> None:
    """Put the practice's reply beside the statement; the client reads it too (45 CFR 164.526(d)(3))."""
    db.session.refresh(request, with_for_update={"of": RecordRequest})
    said = {each.kind for each in request.sayings}
    if DISAGREEMENT not in said or REBUTTAL in said:
        raise RequestError("There is no statement to reply to, or it has its reply.")
    _say(request, REBUTTAL, text, by=by, now=now)
    _record("request.rebutted", request, by)
    notices.answered(request, now=now)


def may_disagree(request: RecordRequest) -> bool:
    """Tell whether the client may still add a statement of disagreement."""
    refused = request.kind == CORRECTION and request.state in {DENIED, PARTLY}
    return refused and DISAGREEMENT not in {each.kind for each in request.sayings}


def opened(request: RecordRequest) -> list[Said]:
    """Open every word of a request; raises VaultLockedError, VaultRefusedError, VaultSealBrokenError."""
    return [_open(request, row) for row in request.sayings]


def _open(request: RecordRequest, row: Saying) -> Said:
    chart = _chart(request)
    kept = json.loads(keys.opened(chart, row.sealed, Place(chart.id, request.id, row.number, KIND)))
    return Said(row, kept["text"], kept["ground"])


def _say(request: RecordRequest, kind: str, text: str, *, ground: str = "", by: Person, now: datetime) -> None:
    """Seal words through the chart's letterbox: whoever writes need not be able to read the chart."""
    chart, number = _chart(request), len(request.sayings) + 1
    words = json.dumps({"text": text, "ground": ground}, ensure_ascii=False).encode()
    sealed = keys.drop(chart, words, Place(chart.id, request.id, number, KIND))
    row = Saying(request_id=request.id, number=number, kind=kind, author_id=by.id, sealed=sealed, said_at=now)
    request.sayings.append(row)
    db.session.flush()


def _chart(request: RecordRequest) -> Chart:
    if request.chart is None:
        raise RequestError("Nothing was written about you yet, so there is nothing to write on.")
    return request.chart


def _hold(request: RecordRequest) -> None:
    db.session.refresh(request, with_for_update={"of": RecordRequest})
    if not request.is_open:
        raise RequestError("This request was settled in the meantime. Nothing was changed.")


def _record(action: str, request: RecordRequest, by: Person) -> None:
    """Keep in the log that it happened: the kind and the day it is due, never a word of it."""
    acting = None
    if by.id != request.client_id:
        acting = "counselor" if by.is_counselor else "administrator"
    audit.record(
        action,
        person_id=by.id,
        subject=("request", request.id),
        detail={"kind": request.kind, "state": request.state, "due": request.due_on.isoformat()},
        about=request.client_id,
        acting=acting,
    )
