"""Give a client their record: on the practice's paper, or as data that other programs read."""

import hashlib
import json
from datetime import datetime
from typing import Any

from flask import render_template

from notes.own import contents, exchange
from notes.papers import codes
from notes.papers.models import OwnPaper
from notes.papers.pieces import said
from notes.safety.steps import STEPS
from practice.core import audit
from practice.core.db import aside, db
from practice.core.ports import ports
from practice.core.settings import settings
from practice.models import Person, Practice

TITLE = "Your record"


def printed(client: Person, part: int, *, parts: int, now: datetime) -> bytes:
    """Set one part, numbered from 1, on the practice's paper; raises VaultLockedError, PrintingError."""
    record = contents.part(client, part)
    words = {"record": record, "part": part, "parts": parts, "steps": STEPS, "said": said}
    document = issued("print/own.html", client, title=TITLE, now=now, **words)
    _keep(client, {"form": "pdf", "part": part, "unopened": len(record.unopened)})
    return document


def issued(template: str, client: Person, *, title: str, now: datetime, **words: Any) -> bytes:
    """Set a paper that a client takes out by themselves, and keep its code and hash; raises PrintingError.

    The request that asks only reads, so what is kept is written beside it.
    """
    code = codes.fresh()
    page = render_template(
        template,
        title=title,
        client=client,
        practice=db.session.scalars(db.select(Practice)).one(),
        zone=client.zone,
        code=code,
        verify_at=f"{settings().base_url}/verify",
        printed_at=now,
        **words,
    )
    document = ports().printer.pdf(page, title=title)
    with aside() as session:
        session.add(
            OwnPaper(
                code_hash=codes.digest(code),
                sha256=hashlib.sha256(document).hexdigest(),
                client_id=client.id,
                printed_at=now,
            )
        )
    return document


def as_data(client: Person, *, now: datetime) -> bytes:
    """Write the whole record down as a FHIR Bundle; raises VaultLockedError."""
    record = contents.whole(client)
    bundle = exchange.bundle(record, practice=settings().base_url, now=now)
    _keep(client, {"form": "fhir", "unopened": len(record.unopened)})
    return json.dumps(bundle, ensure_ascii=False, indent=1).encode()


def _keep(client: Person, detail: dict[str, int | str]) -> None:
    audit.record_aside(
        "own_record.exported", person_id=client.id, subject=("person", client.id), detail=detail, about=client.id
    )
