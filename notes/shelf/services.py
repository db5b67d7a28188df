"""Build layouts of one's own, and keep snippets."""

import json
from datetime import datetime
from typing import Any

from notes import keys
from notes.shelf.forms import Built, Shortcut
from notes.shelf.models import OwnLayout, Snippet
from notes.shelf.queries import LAYOUT, SNIPPET, snippets_of
from notes.vault import Place, seal
from practice.core import audit
from practice.core.db import db
from practice.models import Person


class ShortcutTakenError(Exception):
    """Another snippet goes by this shortcut already."""


def build(built: Built, *, author: Person, now: datetime) -> OwnLayout:
    """Keep a new layout."""
    row = OwnLayout(author_id=author.id, version=1, sealed=b"", changed_at=now)
    _add(row, LAYOUT, _body(built))
    audit.record("layout.built", person_id=author.id, subject=("layout", row.id))
    return row


def rebuild(row: OwnLayout, built: Built, *, now: datetime) -> None:
    """Change a layout for notes from now on; notes keep the version they were written in."""
    db.session.refresh(row, with_for_update=True)
    row.version, row.changed_at = row.version + 1, now
    _seal(row, LAYOUT, _body(built))
    audit.record("layout.changed", person_id=row.author_id, subject=("layout", row.id))


def put_away(row: OwnLayout, *, now: datetime) -> None:
    """Offer a layout no longer; notes written in it stay as they are."""
    row.put_away_at = now
    db.session.flush()
    audit.record("layout.put_away", person_id=row.author_id, subject=("layout", row.id))


def keep(shortcut: Shortcut, *, author: Person, now: datetime) -> Snippet:
    """Keep a new snippet; raises ShortcutTakenError."""
    _check_free(shortcut, author, None)
    row = Snippet(author_id=author.id, version=1, sealed=b"", changed_at=now)
    _add(row, SNIPPET, {"shortcut": shortcut.shortcut, "text": shortcut.text})
    return row


def change(row: Snippet, shortcut: Shortcut, *, author: Person, now: datetime) -> None:
    """Change a snippet; raises ShortcutTakenError."""
    db.session.refresh(row, with_for_update=True)
    _check_free(shortcut, author, row.id)
    row.version, row.changed_at = row.version + 1, now
    _seal(row, SNIPPET, {"shortcut": shortcut.shortcut, "text": shortcut.text})


def drop(row: Snippet) -> None:
    """Take a snippet away; what it was typed into stays."""
    db.session.delete(row)
    db.session.flush()


def _check_free(wanted: Shortcut, author: Person, own_id: int | None) -> None:
    if any(kept.shortcut == wanted.shortcut and kept.id != own_id for kept in snippets_of(author)):
        raise ShortcutTakenError(f"You already use ;{wanted.shortcut}. Choose another.")


def _body(built: Built) -> dict[str, Any]:
    parts = [[section.key, section.label, section.hint] for section in built.sections]
    return {"name": built.name, "about": built.about, "parts": parts}


def _add(row: OwnLayout | Snippet, kind: str, body: dict[str, Any]) -> None:
    """Seal words to a row that must first have its number."""
    db.session.add(row)
    db.session.flush()
    _seal(row, kind, body)


def _seal(row: OwnLayout | Snippet, kind: str, body: dict[str, Any]) -> None:
    written = json.dumps(body, ensure_ascii=False).encode()
    row.sealed = seal(
        keys.own_key(db.session.get_one(Person, row.author_id)),
        written,
        Place(row.author_id, row.id, row.version, kind),
    )
    db.session.flush()
