"""Print notes, and keep what a paper is known again by."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template
from sqlalchemy import select

from notes.models import Chart, Note
from notes.papers import codes, contents
from notes.papers.gathering import gathered
from notes.papers.models import Paper
from notes.papers.pieces import Asked, said
from notes.plans.views.pages import STANDINGS, STATUSES
from notes.requests import services as requests
from notes.requests.queries import going_with
from notes.safety.steps import STEPS
from practice.core import audit
from practice.core.db import aside, db
from practice.core.ports import ports
from practice.core.settings import settings
from practice.models import Person, Practice


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be printed: notes of one chart, by whom, and whether with how they came about."""

    title: str
    chart: Chart
    notes: Sequence[Note]
    by: Person
    with_history: bool = False
    period: str = ""
    parts: tuple[str, ...] = ()
    """What of the chart is printed beside the notes."""
    first: date | None = None
    last: date | None = None


def printed(order: Order, *, now: datetime) -> bytes:
    """Set an order on the practice's paper and keep its code and hash; raises PrintingError, TooLongError.

    The request that asks only reads, so what is kept is written beside it.
    """
    code = codes.fresh()
    document = ports().printer.pdf(render_template("print/notes.html", **_page(order, code, now)), title=order.title)
    with aside() as session:
        session.add(
            Paper(
                code_hash=codes.digest(code),
                sha256=hashlib.sha256(document).hexdigest(),
                chart_id=order.chart.id,
                notes=len(order.notes),
                printed_by_id=order.by.id,
                printed_at=now,
            )
        )
    audit.record_aside(
        "chart.exported" if len(order.notes) > 1 else "note.exported",
        person_id=order.by.id,
        subject=("person", order.chart.client_id) if len(order.notes) > 1 else ("note", order.notes[0].id),
        detail={"notes": [note.id for note in order.notes], "history": order.with_history}
        | ({"parts": list(order.parts)} if order.parts else {}),
        about=order.chart.client_id,
        acting="counselor" if order.by.id == order.chart.counselor_id else "supervisor",
    )
    return document


def _page(order: Order, code: str, now: datetime) -> Mapping[str, Any]:
    beside = gathered(order.chart, order.parts, order.first, order.last, by=order.by)
    return {
        "record": beside.record,
        "plan": beside.plan,
        "statuses": dict(STATUSES),
        "standings": dict(STANDINGS),
        "steps": STEPS,
        "said": said,
        "order": order,
        "entries": [contents.opened(note, with_history=order.with_history) for note in order.notes],
        "asked": [Asked(each, requests.opened(each)) for each in going_with(order.chart)],
        "practice": db.session.scalars(select(Practice)).one(),
        "zone": order.by.zone,
        "code": code,
        "verify_at": f"{settings().base_url}/verify",
        "printed_at": now,
    }
