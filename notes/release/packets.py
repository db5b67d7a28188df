"""Prepare what is given out: a cover sheet, and of the record what was authorised and nothing else."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from notes import keys
from notes.own.contents import parts_of
from notes.papers import codes
from notes.papers import queries as papers
from notes.papers.pieces import OpenedRecord, open_answers, open_notes, open_requests, open_safety_plans, said
from notes.plans import services as plans
from notes.plans.document import Plan
from notes.plans.views.pages import STANDINGS, STATUSES
from notes.release import hands, queries
from notes.release.forms import Choice
from notes.release.limits import Limit
from notes.release.models import Packet, Release
from notes.release.services import NotStandingError, state_of, words_of
from notes.release.standing import STANDING
from notes.release.terms import PSYCHOTHERAPY, SUBSTANCE_USE, standing_words
from notes.release.words import MEASURES, NOTES, PARTS, PLAN, SAFETY, SESSIONS, Signed, period, what_of
from notes.requests.queries import going_with
from notes.safety.services import plan_of
from notes.safety.steps import STEPS
from notes.vault import Place, Ring, seal
from practice.core import audit
from practice.core.db import aside, db
from practice.core.ports import ports
from practice.core.settings import settings
from practice.models import Person, Practice

KIND, TITLE = "packet", "Release of information"


class TooLongError(Exception):
    """More than the press sets at once."""

    def __init__(self) -> None:
        super().__init__("This is too long for one packet. Narrow the days and prepare it in several.")


class NothingThereError(Exception):
    """Of what was chosen the record holds nothing in these days."""

    def __init__(self) -> None:
        super().__init__("Of what you chose the record holds nothing in these days.")


def prepared(release: Release, choice: Choice, limits: Sequence[Limit], *, by: Person, now: datetime) -> bytes:
    """Set a packet on the practice's paper and keep its code and hash; whoever prepares it has read the limits.

    The request that asks only reads, so what is kept is written beside it. Raises NotStandingError, TooLongError,
    NothingThereError, PrintingError.
    """
    if state_of(release, now) != STANDING:
        raise NotStandingError
    signed, code = words_of(release), codes.fresh()
    record, plan = gathered(release, choice, by=by)
    page = render_template(
        "print/packet.html",
        **_cover(release, signed, choice, by),
        record=record,
        plan=plan,
        code=code,
        verify_at=f"{settings().base_url}/verify",
        printed_at=now,
    )
    document = ports().printer.pdf(page, title=TITLE)
    key = keys.key_of(release.chart, ring=Ring.RECORD)
    what = what_of(choice.parts, choice.first, choice.last).encode()
    with aside() as session:
        packet = Packet(
            release_id=release.id,
            code_hash=codes.digest(code),
            sha256=hashlib.sha256(document).hexdigest(),
            sealed=b"",
            made_by_id=by.id,
            printed_at=now,
        )
        session.add(packet)
        session.flush()
        packet.sealed = seal(key, what, _place(release, packet.id))
    audit.record_aside(
        "release.prepared",
        person_id=by.id,
        subject=("release", release.id),
        detail=_detail(record, limits),
        about=release.chart.client_id,
        acting=hands.role_of(release.chart, by, now=now),
    )
    return document


def whats_of(release: Release, packets: Sequence[Packet]) -> list[str]:
    """Open what is in packets of an authorisation, the earliest first."""
    places = [(packet, _place(release, packet.id)) for packet in reversed(packets)]
    return [keys.opened(release.chart, packet.sealed, place).decode() for packet, place in places]


def gathered(release: Release, choice: Choice, *, by: Person) -> tuple[OpenedRecord, Plan | None]:
    """Open of the chart what was chosen, by the keys of its counselor; raises TooLongError, NothingThereError."""
    chart, zone = release.chart, ZoneInfo(by.zone)
    span = papers.between(choice.first, choice.last, zone)
    sessions = queries.sessions_between(chart, span) if SESSIONS in choice.parts else ()
    answers = queries.answers_between(chart, span) if MEASURES in choice.parts else ()
    notes = (
        papers.signed_between(chart.counselor, chart.client, choice.first, choice.last, zone=zone)
        if NOTES in choice.parts
        else ()
    )
    if parts_of(notes=len(notes), sessions=len(sessions), answers=len(answers)) > 1:
        raise TooLongError
    record = OpenedRecord(chart.client, by, sessions=[*sessions])
    open_answers(record, answers)
    open_notes(record, notes)
    if notes:
        open_requests(record, going_with(chart))
    safety_plan = plan_of(chart) if SAFETY in choice.parts else None
    if safety_plan and safety_plan.version:
        open_safety_plans(record, [safety_plan])
    plan = plans.plan_of(chart)[0] if PLAN in choice.parts else Plan()
    if plan.blank and not any((sessions, answers, notes, record.safety_plans, record.unopened)):
        raise NothingThereError
    return record, None if plan.blank else plan


def _detail(record: OpenedRecord, limits: Sequence[Limit]) -> dict[str, Any]:
    kept = {"notes": [each.note.id for each in record.entries], "unopened": len(record.unopened)}
    return kept | ({"limits_read": [each.request.id for each in limits]} if limits else {})


def _cover(release: Release, signed: Signed, choice: Choice, by: Person) -> Mapping[str, Any]:
    return {
        "title": TITLE,
        "release": release,
        "signed": signed,
        "holds": standing_words(signed),
        "parts": [PARTS[part] for part in choice.parts],
        "period": period(choice.first, choice.last),
        "apart": PSYCHOTHERAPY,
        "redisclosure": SUBSTANCE_USE if signed.substance_use else "",
        "practice": db.session.scalars(db.select(Practice)).one(),
        "zone": by.zone,
        "by": by,
        "steps": STEPS,
        "said": said,
        "statuses": dict(STATUSES),
        "standings": dict(STANDINGS),
    }


def _place(release: Release, packet_id: int) -> Place:
    return Place(release.chart_id, packet_id, 1, KIND)
