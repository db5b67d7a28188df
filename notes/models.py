"""Charts, their wrapped keys, and notes of which every word is sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person

PROGRESS, CONTACT, OTHER, PSYCHOTHERAPY = "progress", "contact", "other", "psychotherapy"
DRAFT, SIGNED = "draft", "signed"
KINDS = (PROGRESS, CONTACT, OTHER, PSYCHOTHERAPY)
IN_RECORD = (PROGRESS, CONTACT, OTHER)
"""Kinds that belong to the client's record. Psychotherapy notes are kept apart from it (45 CFR 164.501)."""
KIND_WORDS = {
    PROGRESS: "Progress note",
    CONTACT: "Contact note",
    OTHER: "Chart note",
    PSYCHOTHERAPY: "Psychotherapy note",
}
MISSED = "Note on a missed session"
STATUSES = (DRAFT, SIGNED)


def words_for(kind: str, session: Appointment | None) -> str:
    """Name a kind of note; of a session that was missed nothing progressed."""
    return MISSED if kind == PROGRESS and session and session.status == "no_show" else KIND_WORDS[kind]


class Chart(Model):
    """What one counselor keeps on one client; `epoch` numbers the key that seals from now on."""

    __tablename__ = "charts"
    __table_args__ = (
        UniqueConstraint("client_id", "counselor_id"),
        CheckConstraint("epoch > 0", name="epoch_counts"),
        Index("ix_charts_counselor", "counselor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When all it held until then was lawfully erased."""

    client: Mapped[Person] = relationship(foreign_keys=[client_id])
    counselor: Mapped[Person] = relationship(foreign_keys=[counselor_id])


class ChartKey(Model):
    """One epoch's data key, wrapped for one recipient; the key itself is nowhere in the database."""

    __tablename__ = "chart_keys"
    __table_args__ = (
        UniqueConstraint("chart_id", "epoch", "recipient"),
        Index("ix_chart_keys_recipient", "recipient"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    epoch: Mapped[int]
    recipient: Mapped[str] = mapped_column(String(60))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Note(Model):
    """A note about a session, or about something between sessions; once signed, the row never changes again.

    `layout` is a layout's key, for counting only: the layout itself is sealed with the words.
    """

    __tablename__ = "notes"
    __table_args__ = (
        UniqueConstraint("appointment_id", "kind"),
        CheckConstraint(f"kind IN {KINDS}", name="kind_known"),
        CheckConstraint("kind <> 'progress' OR appointment_id IS NOT NULL", name="progress_of_a_session"),
        CheckConstraint("appointment_id IS NOT NULL OR happened_at IS NOT NULL", name="dated"),
        CheckConstraint(f"status IN {STATUSES}", name="status_known"),
        CheckConstraint("version >= 0", name="version_counts"),
        CheckConstraint(
            "status <> 'signed' OR (version > 0 AND signed_at IS NOT NULL"
            " AND signed_by_id IS NOT NULL AND fingerprint IS NOT NULL)",
            name="signed_whole",
        ),
        Index("ix_notes_author_status", "author_id", "status"),
        Index("ix_notes_chart", "chart_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    happened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was, where no session says so."""
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(20), default=PROGRESS)
    layout: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    fingerprint: Mapped[str | None] = mapped_column(String(64))

    chart: Mapped[Chart] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    signed_by: Mapped[Person | None] = relationship(foreign_keys=[signed_by_id])
    addenda: Mapped[list["Addendum"]] = relationship(order_by="Addendum.number", back_populates="note")

    @property
    def is_signed(self) -> bool:
        """Tell whether the note is locked."""
        return self.status == SIGNED

    @property
    def client(self) -> Person:
        """The client the note is about."""
        return self.chart.client

    @property
    def at(self) -> datetime:
        """When the session was, or what the note is about."""
        at = self.appointment.starts_at if self.appointment else self.happened_at
        return at or self.created_at

    @property
    def kind_words(self) -> str:
        """Name the kind of note."""
        return words_for(self.kind, self.appointment)


class NoteVersion(Model):
    """What a note said at one moment, from which tab and on top of which version."""

    __tablename__ = "note_versions"
    __table_args__ = (
        UniqueConstraint("note_id", "version"),
        CheckConstraint("version > 0 AND base_version >= 0 AND base_version < version", name="version_grows"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
    version: Mapped[int]
    base_version: Mapped[int]
    tab: Mapped[str] = mapped_column(String(40))
    changes: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Addendum(Model):
    """Words added to a signed note, which stays as it was."""

    __tablename__ = "addenda"
    __table_args__ = (
        UniqueConstraint("note_id", "number"),
        CheckConstraint("number > 0", name="number_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    epoch: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    note: Mapped[Note] = relationship(back_populates="addenda")
    author: Mapped[Person] = relationship()
