"""What leaves the house each day: the signed head, to the custodians by mail and to a file."""

from __future__ import annotations

import os
from datetime import datetime

from sqlalchemy import select

from practice.core import mail, outbox
from practice.core.db import db
from practice.core.mail import Attachment, Mail
from practice.core.outbox import OutboxMessage
from practice.core.settings import settings
from practice.links import absolute
from practice.models import ADMINISTRATOR, Person, PersonRole, Practice
from practice.trail import heads
from practice.trail.models import AuditHead

HEADS_FILE = "tree-heads.txt"
KINDS = {"audit.head": "Today’s seal of the audit log", "audit.broken": "The audit log is not whole"}


def send_out(head: AuditHead, now: datetime) -> None:
    """Plan the head's letters, one to each custodian, and add it to the file beside the database."""
    practice = db.session.get(Practice, 1)
    for address in practice.audit_custodians.split() if practice else ():
        _plan("audit.head", address, now, {"note": head.note, "size": head.size})
    path = settings().var_dir / HEADS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(head.note + "\n")
        file.flush()
        os.fsync(file.fileno())


def alarm(found: list[str], now: datetime) -> None:
    """Plan the letters that say what was found: to every administrator and every custodian."""
    practice = db.session.get(Practice, 1)
    ours = select(Person.email).join(PersonRole).where(PersonRole.role == ADMINISTRATOR, Person.closed_at.is_(None))
    for address in {*db.session.scalars(ours), *(practice.audit_custodians.split() if practice else ())}:
        _plan("audit.broken", address, now, {"found": found[:20]})


def register() -> None:
    """Tell the outbox who writes these letters."""
    for kind in KINDS:
        outbox.renders(kind)(_write)


def _plan(kind: str, address: str, now: datetime, payload: dict[str, object]) -> None:
    outbox.plan(
        key=f"{kind}:{now:%Y-%m-%d}:{address}", kind=kind, due_at=now, now=now, payload={"to": address, **payload}
    )


def _write(message: OutboxMessage, _now: datetime) -> Mail:
    words = dict(message.payload)
    note = words.get("note")
    practice = db.session.get(Practice, 1)
    return mail.compose(
        f"emails/practice/{message.kind.replace('.', '_')}",
        to=words.pop("to"),
        subject=KINDS[message.kind],
        attachments=(Attachment("tree-head.txt", note.encode(), "text/plain; charset=utf-8"),) if note else (),
        link=absolute("practice.audit_seal"),
        verifier_key=heads.verifier_keys()[0],
        practice_name=practice.name if practice else "",
        practice_email=practice.email if practice else "",
        **words,
    )
