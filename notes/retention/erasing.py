"""The lawful end of a record: its keys are destroyed, then its rows, and a certificate says so.

What opens a word of a chart is a data key in envelopes (notes/FORMAT.md). Once every envelope, every ring with its
letterbox and every earlier copy are gone, neither counselor nor client nor the recovery sheets open anything of it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy import delete, func, select

from notes.custody.models import Access, RingEpoch, RingKey
from notes.models import Chart, ChartKey
from notes.papers import codes
from notes.requests.clocks import ERASURE
from notes.requests.models import GRANTED, OPEN, RecordRequest
from notes.requests.notices import answered
from notes.retention import queries, reach
from notes.retention.exceptions import WORDS as EXCEPTIONS
from notes.retention.keepings import Keeping
from notes.retention.models import REQUEST, RETENTION, Erasure
from notes.retention.services import RetentionError, forget_agreement, somebody_else_could
from practice.core import audit
from practice.core.db import db
from practice.core.ports import ports
from practice.core.settings import settings
from practice.models import Person
from practice.queries.people import the_practice

TITLE = "Certificate of erasure"


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How much went: rings of keys, envelopes, and rows of what they opened."""

    keys: int
    envelopes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agreed that a chart may end, and why before its day where it does."""

    reviewer: Person
    exception: str | None
    reason: str | None

    @property
    def words(self) -> str:
        """Say why it ends before its day; "" when its time is over."""
        return EXCEPTIONS[self.exception] if self.exception else ""


def erase(chart: Chart, *, by: Person, now: datetime) -> Erasure:
    """Destroy a chart whose time is over, or ends by an exception; raises RetentionError, PrintingError.

    One person agreed to it before; another does it, where there is another.
    """
    db.session.refresh(chart, with_for_update={"of": Chart})
    keeping = queries.keeping_of(chart, now=now)
    agreement = _agreed(keeping, by)
    asked = _open_request(chart)
    chart.erased_at = now
    if keeping.row:
        forget_agreement(keeping.row)
    db.session.flush()
    done = _destroy(chart, now)
    if asked:
        asked.state, asked.settled_at, asked.settled_by_id = GRANTED, now, by.id
        answered(asked, now=now)
    code = codes.fresh()
    facts = _page(keeping=keeping, done=done, asked=asked, agreement=agreement, by=by, code=code, now=now)
    document = ports().printer.pdf(render_template("print/erasure.html", **facts), title=TITLE)
    row = Erasure(
        chart_id=chart.id,
        ground=REQUEST if asked else RETENTION,
        request_id=asked.id if asked else None,
        kept_until=keeping.kept_until,
        keys=done.keys,
        envelopes=done.envelopes,
        rows=done.rows,
        reviewed_by_id=agreement.reviewer.id,
        erased_by_id=by.id,
        erased_at=now,
        code_hash=codes.digest(code),
        sha256=hashlib.sha256(document).hexdigest(),
        document=document,
        exception=agreement.exception,
        reason=agreement.reason,
    )
    db.session.add(row)
    db.session.flush()
    _record(row, by)
    return row


def _agreed(keeping: Keeping, by: Person) -> Agreement:
    if keeping.hold:
        raise RetentionError("A legal hold stands on this record. Nothing of it may be destroyed.")
    if not keeping.is_due:
        raise RetentionError("This record is still kept. Nothing was destroyed.")
    row = keeping.row
    if row is None or row.reviewed_by is None:
        raise RetentionError("Somebody must look at it first and agree that it may be destroyed.")
    if row.reviewed_by_id == by.id and somebody_else_could(by, keeping.chart):
        raise RetentionError("You agreed to it yourself. Somebody else has to destroy it.")
    return Agreement(row.reviewed_by, row.exception, row.reason)


def _open_request(chart: Chart) -> RecordRequest | None:
    asked = select(RecordRequest).where(
        RecordRequest.chart_id == chart.id, RecordRequest.kind == ERASURE, RecordRequest.state == OPEN
    )
    return db.session.scalars(asked.order_by(RecordRequest.id)).first()


def _destroy(chart: Chart, now: datetime) -> Destroyed:
    keys = db.session.scalar(select(func.count(RingEpoch.id)).where(RingEpoch.chart_id == chart.id)) or 0
    envelopes = db.session.scalar(select(func.count(RingKey.id)).join(RingEpoch).where(RingEpoch.chart_id == chart.id))
    earlier = db.session.scalar(select(func.count(ChartKey.id)).where(ChartKey.chart_id == chart.id))
    rows = 0
    for table in reach.destroyed():
        gone = db.session.execute(delete(table).where(reach.of_chart(table, chart.id)))
        rows += 0 if table.name in reach.FIRST else int(getattr(gone, "rowcount", 0))
    for access in db.session.scalars(select(Access).where(Access.chart_id == chart.id, Access.ended_at.is_(None))):
        access.ended_at = now
    db.session.flush()
    db.session.expire_all()
    return Destroyed(keys, (envelopes or 0) + (earlier or 0), rows)


def _page(
    *,
    keeping: Keeping,
    done: Destroyed,
    asked: RecordRequest | None,
    agreement: Agreement,
    by: Person,
    code: str,
    now: datetime,
) -> Mapping[str, object]:
    return {
        "title": TITLE,
        "keeping": keeping,
        "done": done,
        "asked": asked,
        "agreement": agreement,
        "by": by,
        "code": code,
        "erased_at": now,
        "practice": the_practice(),
        "zone": the_practice().zone,
        "verify_at": f"{settings().base_url}/verify",
    }


def _record(row: Erasure, by: Person) -> None:
    """Put the erasure into the audit log, whose tree is signed: the certificate's hash stands in it for good."""
    audit.record(
        "record.erased",
        person_id=by.id,
        subject=("erasure", row.id),
        detail={
            "chart": row.chart_id,
            "ground": row.ground,
            "exception": row.exception,
            "keys": row.keys,
            "envelopes": row.envelopes,
            "rows": row.rows,
            "sha256": row.sha256,
        },
        about=row.chart.client_id,
    )
