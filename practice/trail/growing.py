"""Put new entries into the tree, sign its head, and check that all is as it was signed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from practice.core import audit
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.trail import heads
from practice.trail.entries import written
from practice.trail.models import AuditHead, AuditLeaf, AuditTree
from practice.trail.verifier import Frontier, Head, HeadNotTrueError, Line, findings, leaf_hash, read_heads

log = logging.getLogger(__name__)

BATCH = 2_000
STRAGGLERS = 10_000
"""How many numbers back an entry is looked for whose transaction ended later than those after it."""


def hold() -> None:
    """Keep others from appending and signing until the transaction ends."""
    _held()


def exported() -> Iterator[str]:
    """Yield the log as the verifier reads it, a line a place."""
    for line in lines():
        yield f"{line.leaf.hex()} {(line.entry or b'').decode()}\n"


def grow() -> int:
    """Append the committed entries that have no place yet, in the order of their numbers; return how many."""
    tree = _held()
    frontier, rows = Frontier(tree.size, tree.frontier), []
    for entry in _new():
        leaf = leaf_hash(written(entry))
        rows.append({"position": frontier.size, "entry_id": entry.id, "hash": leaf})
        frontier.append(leaf)
    if rows:
        db.session.execute(insert(AuditLeaf), rows)
        tree.size, tree.frontier = frontier.size, frontier.packed
        db.session.flush()
    return len(rows)


def sign(now: datetime) -> AuditHead:
    """Take in what is new and sign the head over all of it."""
    while grow():
        pass
    tree = _held()
    note = heads.signed(tree.size, Frontier(tree.size, tree.frontier).root, now)
    head = AuditHead(size=tree.size, signed_at=now, note=note)
    db.session.add(head)
    db.session.flush()
    return head


def check(outside: Iterable[Head] = ()) -> list[str]:
    """Read the whole log against the heads kept here and others; return what is not as it was, in words."""
    try:
        found = list(findings(lines(), [*signed_heads(), *outside]))
    except HeadNotTrueError as error:
        found = [str(error)]
    found += [f"The entry number {number} is in no place of the tree." for number in _left_out()]
    audit.record("audit.checked", detail={"entries": _size(), "found": len(found)})
    for words in found:
        log.error("audit log: %s", words)
    return found


def lines() -> Iterator[Line]:
    """Yield each place of the tree in order, with the entry as it is written now."""
    after = -1
    wanted = (
        select(AuditLeaf.position, AuditLeaf.hash, *AuditEntry.__table__.columns)
        .outerjoin(AuditEntry, AuditEntry.id == AuditLeaf.entry_id)
        .order_by(AuditLeaf.position)
        .limit(BATCH)
    )
    while rows := db.session.execute(wanted.where(AuditLeaf.position > after)).all():
        for row in rows:
            yield from (Line(leaf_hash(b""), None) for _ in range(after + 1, row.position))
            yield Line(bytes(row.hash), written(row) if row.id else None)
            after = row.position


def signed_heads() -> list[Head]:
    """Read every head this database keeps; raises HeadNotTrueError for one that was altered."""
    notes = db.session.scalars(select(AuditHead.note).order_by(AuditHead.id)).all()
    return read_heads("\n".join(notes), heads.verifier_keys()) if notes else []


def _held() -> AuditTree:
    wanted = select(AuditTree).with_for_update().execution_options(populate_existing=True)
    tree = db.session.scalars(wanted).one_or_none()
    if tree is None:
        tree = AuditTree(id=1, size=0, frontier=b"")
        db.session.add(tree)
        db.session.flush()
    return tree


def _new() -> Sequence[Row[Any]]:
    since = (db.session.scalar(select(func.max(AuditLeaf.entry_id))) or 0) - STRAGGLERS
    placed = select(AuditLeaf.entry_id).where(AuditLeaf.entry_id == AuditEntry.id)
    new = select(*AuditEntry.__table__.columns).where(AuditEntry.id > since, ~placed.exists())
    return db.session.execute(new.order_by(AuditEntry.id).limit(BATCH)).all()


def _left_out() -> list[int]:
    newest = db.session.scalar(select(func.max(AuditLeaf.entry_id))) or 0
    placed = select(AuditLeaf.entry_id).where(AuditLeaf.entry_id == AuditEntry.id)
    wanted = select(AuditEntry.id).where(AuditEntry.id <= newest - STRAGGLERS, ~placed.exists())
    return list(db.session.scalars(wanted.order_by(AuditEntry.id).limit(100)))


def _size() -> int:
    return db.session.scalar(select(AuditTree.size)) or 0
