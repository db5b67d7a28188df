"""Where a note is written: as the note of a session, or as one of its own. Both read and save the same way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, url_for

from booking.models.appointments import Appointment
from notes import opening, queries, services, together
from notes.forms import Draft
from notes.layouts import FREE, LAYOUTS, usual
from notes.locking import Saved
from notes.models import PROGRESS, PSYCHOTHERAPY, Note, words_for
from notes.naming import Mention
from notes.shapes import Layout
from notes.shelf import queries as shelf
from notes.words import Words
from practice.models import Person
from practice.security import current_person


@dataclass(frozen=True, slots=True)
class Desk:
    """A note at work: the session it is about, or none; the note itself, or none while it is not begun."""

    appointment: Appointment | None
    note: Note | None

    @property
    def name(self) -> str:
        """The name its unsaved words go by on a device."""
        return f"appointment-{self._session.id}" if self._of_session else f"note-{self._own.id}"

    @property
    def kind(self) -> str:
        """The kind of note."""
        return self.note.kind if self.note else PROGRESS

    @property
    def heading(self) -> str:
        """What the page is called."""
        return words_for(self.kind, self.appointment)

    @property
    def is_signed_one_day(self) -> bool:
        """Tell whether this kind of note is signed; psychotherapy notes stay the author's own papers."""
        return self.kind != PSYCHOTHERAPY

    @property
    def mentions(self) -> list[Mention]:
        """Other members of a shared session who are named in it."""
        return together.named_in(self.note, self.words()) if self.note else []

    @property
    def client(self) -> Person:
        """Whom it is about."""
        return self.appointment.client if self.appointment else self._own.client

    @property
    def at(self) -> datetime:
        """When the session was, or what it is about."""
        return self.appointment.starts_at if self.appointment else self._own.at

    @property
    def version(self) -> int:
        """The version that was saved last; 0 before the first."""
        return self.note.version if self.note else 0

    @property
    def latest(self) -> Saved | None:
        """How it was last saved."""
        return opening.last_saved(self.note) if self.note else None

    def again(self) -> "Desk":
        """Look once more: a session's note may have been begun meanwhile."""
        return Desk(self.appointment, queries.note_of(self._session)) if self._of_session else self

    def words(self) -> Words:
        """Open the words as they were last saved; an unbegun note is empty."""
        if self.note:
            return opening.words_of(self.note)
        assert self.appointment  # noqa: S101 -- an unbegun note is a session's
        shared = self.appointment.group_session_id is not None
        return Words(usual(self.appointment.status, shared=shared))

    def layouts(self) -> Mapping[str, Layout]:
        """Name the layouts it may be written in; what a psychotherapy note holds has no form."""
        if self.kind == PSYCHOTHERAPY:
            return {FREE.key: FREE}
        offered = {**LAYOUTS, **shelf.offered(current_person())}
        if self.note and self.note.layout not in offered:
            kept = self.words().layout
            offered[kept.key] = kept
        return offered

    def save(self, draft: Draft, *, now: datetime) -> int:
        """Save a draft on top of the version it was typed on, beginning the note where there is none."""
        note = self.note or services.open_or_start(self._session, now=now)
        services.save_draft(
            note, draft.words, base_version=draft.base_version, tab=draft.tab, changes=draft.changes, now=now
        )
        return note.version

    def url(self, page: str, **more: Any) -> str:
        """Address one of its pages: `write`, `save` or `merge`."""
        if self._of_session:
            return url_for(f"notes.{page}", appointment_id=self._session.id, **more)
        return url_for(f"notes.{page}_apart", note_id=self._own.id, **more)

    @property
    def back_url(self) -> str:
        """Where one goes from here."""
        if self.kind == PSYCHOTHERAPY:
            return url_for("notes.psychotherapy", client_id=self.client.id)
        return url_for("notes.index") if self._of_session else url_for("notes.chart", client_id=self.client.id)

    @property
    def _of_session(self) -> bool:
        return self.appointment is not None and self.kind == PROGRESS

    @property
    def _session(self) -> Appointment:
        return self.appointment or abort(404)

    @property
    def _own(self) -> Note:
        return self.note or abort(404)


def of_session(appointment_id: int) -> Desk:
    """Return the desk of an appointment of whoever asks, or answer 404."""
    appointment = queries.appointment_for(current_person(), appointment_id) or abort(404)
    return Desk(appointment, queries.note_of(appointment))


def of_note(note_id: int) -> Desk:
    """Return the desk of a note of whoever asks, or answer 404."""
    note = queries.draft_for(current_person(), note_id) or abort(404)
    return Desk(note.appointment, note)
