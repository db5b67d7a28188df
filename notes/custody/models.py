"""Keys as rows: of people, of rings and epochs, of the practice's recovery, and who was given a chart."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.models import Chart
from notes.vault import Ring
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person

SUPERVISOR, COVER, SUCCESSOR = "supervisor", "cover", "successor"
ACCESS_KINDS = (SUPERVISOR, COVER, SUCCESSOR)
RINGS = tuple(ring.value for ring in Ring)


class PersonKey(Model):
    """One key pair of a person; the private half is sealed under their password."""

    __tablename__ = "person_keys"
    __table_args__ = (
        UniqueConstraint("person_id", "number"),
        CheckConstraint("number > 0", name="number_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    number: Mapped[int]
    public: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sealed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()

    @property
    def name(self) -> str:
        """What envelopes for this pair are addressed to."""
        return f"person/{self.person_id}/{self.number}"


class OpenVault(Model):
    """A person's private halves, open for one sign-in: sealed under what only its browser's cookie holds."""

    __tablename__ = "open_vaults"

    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)


class KeyUse(Model):
    """A chart whose key was used in a sitting, so that it stands in the audit log once; it goes with the sitting.

    Words kept apart from the record (the private ring) are no use of the record.
    """

    __tablename__ = "key_uses"

    sign_in_id: Mapped[int] = mapped_column(
        ForeignKey("open_vaults.sign_in_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    chart_id: Mapped[int] = mapped_column(
        ForeignKey("charts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    apart: Mapped[bool] = mapped_column(primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RecoveryKey(Model):
    """The public half of the practice's recovery key; the private half is on paper and was never here."""

    __tablename__ = "recovery_keys"
    __table_args__ = (CheckConstraint("sheets IN (1, 3)", name="sheets_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    sheets: Mapped[int]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    made_by: Mapped[Person] = relationship()

    @property
    def name(self) -> str:
        """What envelopes for this key are addressed to."""
        return f"recovery/{self.id}"


class RingEpoch(Model):
    """One epoch of one ring: of a chart, or of a person's own things; its data key lies in the envelopes."""

    __tablename__ = "ring_epochs"
    __table_args__ = (
        UniqueConstraint("chart_id", "ring", "epoch"),
        UniqueConstraint("person_id", "ring", "epoch"),
        CheckConstraint(f"ring IN {RINGS}", name="ring_known"),
        CheckConstraint("epoch > 0", name="epoch_counts"),
        CheckConstraint(
            "(ring = 'own') = (person_id IS NOT NULL) AND (ring = 'own') = (chart_id IS NULL)", name="one_owner"
        ),
        CheckConstraint("(ring = 'record') = (letterbox IS NOT NULL)", name="letterbox_of_record"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int | None] = mapped_column(ForeignKey("charts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    ring: Mapped[str] = mapped_column(String(10))
    epoch: Mapped[int]
    letterbox: Mapped[bytes | None] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)

    chart: Mapped[Chart | None] = relationship()
    envelopes: Mapped[list["RingKey"]] = relationship(
        back_populates="ring_epoch", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def owner(self) -> int:
        """The chart's id; of one's own things, the person's."""
        return self.chart_id or self.person_id or 0


class RingKey(Model):
    """The data key of one epoch of a ring in the envelope of one recipient."""

    __tablename__ = "ring_keys"
    __table_args__ = (
        UniqueConstraint("ring_epoch_id", "recipient"),
        Index("ix_ring_keys_recipient", "recipient"),
        Index("ix_ring_keys_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ring_epoch_id: Mapped[int] = mapped_column(ForeignKey("ring_epochs.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_at: Mapped[datetime] = mapped_column(UTCDateTime)

    ring_epoch: Mapped[RingEpoch] = relationship(back_populates="envelopes")


class Access(Model):
    """A chart given to somebody beside its counselor: by whom, as what, and until when.

    It was given to one numbered key: who chooses a new password by a link is not let in again unasked.
    """

    __tablename__ = "chart_accesses"
    __table_args__ = (
        CheckConstraint(f"kind IN {ACCESS_KINDS}", name="kind_known"),
        CheckConstraint("ends_at IS NULL OR ends_at > given_at", name="ends_later"),
        Index(
            "uq_chart_accesses_open",
            "chart_id",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_chart_accesses_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(20))
    key_number: Mapped[int]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    chart: Mapped[Chart] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    given_by: Mapped[Person] = relationship(foreign_keys=[given_by_id])
