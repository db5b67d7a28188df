"""What somebody keeps at hand, opened with their own key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from notes import keys
from notes.shapes import Layout, Section
from notes.shelf.models import OwnLayout, Snippet
from notes.vault import Place
from practice.core.db import db
from practice.models import Person

LAYOUT, SNIPPET = "layout", "snippet"


@dataclass(frozen=True, slots=True)
class Kept:
    """A snippet with its words open."""

    id: int
    shortcut: str
    text: str


def layout_for(person: Person, layout_id: int) -> OwnLayout | None:
    """Return a layout this person built."""
    return db.session.scalar(select(OwnLayout).where(OwnLayout.id == layout_id, OwnLayout.author_id == person.id))


def snippet_for(person: Person, snippet_id: int) -> Snippet | None:
    """Return a snippet this person keeps."""
    return db.session.scalar(select(Snippet).where(Snippet.id == snippet_id, Snippet.author_id == person.id))


def layouts_of(person: Person) -> list[tuple[OwnLayout, Layout]]:
    """Open the layouts this person built and did not put away, by name."""
    rows = db.session.scalars(
        select(OwnLayout).where(OwnLayout.author_id == person.id, OwnLayout.put_away_at.is_(None))
    )
    return sorted(((row, opened_layout(row)) for row in rows), key=lambda pair: pair[1].name.casefold())


def offered(person: Person) -> Mapping[str, Layout]:
    """Name those layouts by their keys."""
    return {layout.key: layout for _, layout in layouts_of(person)}


def snippets_of(person: Person) -> list[Kept]:
    """Open this person's snippets, by shortcut."""
    rows = db.session.scalars(select(Snippet).where(Snippet.author_id == person.id))
    return sorted((opened_snippet(row) for row in rows), key=lambda kept: kept.shortcut)


def opened_layout(row: OwnLayout) -> Layout:
    """Open a layout; its key names the row and the version."""
    body = _opened(row, LAYOUT)
    parts = tuple(Section(*part) for part in body["parts"])
    return Layout(f"own-{row.id}-{row.version}", body["name"], body["about"], parts)


def opened_snippet(row: Snippet) -> Kept:
    """Open a snippet."""
    body = _opened(row, SNIPPET)
    return Kept(row.id, body["shortcut"], body["text"])


def _opened(row: OwnLayout | Snippet, kind: str) -> Any:
    author = db.session.get_one(Person, row.author_id)
    return json.loads(keys.opened_own(row.sealed, Place(row.author_id, row.id, row.version, kind), author))
