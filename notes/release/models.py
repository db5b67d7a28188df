"""Authorisations, what was prepared under them, and what was given out: every word sealed to counselor and client."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notes.models import Chart
from notes.release.standing import Ends
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person


class Release(Model):
    """What a client allowed to be given to somebody from one chart; signed once, never altered."""

    __tablename__ = "releases"
    __table_args__ = (
        CheckConstraint("length(fingerprint) = 64", name="fingerprint_whole"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_whole"),
        Index("ix_releases_chart", "chart_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    on_paper: Mapped[bool]
    """Signed on paper, which the counselor holds; else by the client, signed in."""
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_on: Mapped[date | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the counselor said that there is nothing to send now."""

    chart: Mapped[Chart] = relationship()
    entered_by: Mapped[Person] = relationship(foreign_keys=[entered_by_id])
    revoked_by: Mapped[Person | None] = relationship(foreign_keys=[revoked_by_id])
    disclosures: Mapped[list["Disclosure"]] = relationship(order_by="Disclosure.id", back_populates="release")

    def state(self, today: date) -> str:
        """Say how it stands on a day of the client's calendar."""
        return Ends(self.revoked_at, self.ended_at, self.ends_on).state(today)


class Disclosure(Model):
    """What was given out once, with an authorisation or without one."""

    __tablename__ = "disclosures"
    __table_args__ = (
        Index("ix_disclosures_chart_told", "chart_id", "told_at"),
        Index("ix_disclosures_release", "release_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    release_id: Mapped[int | None] = mapped_column(ForeignKey("releases.id"))
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    chart: Mapped[Chart] = relationship()
    release: Mapped[Release | None] = relationship(back_populates="disclosures")
    noted_by: Mapped[Person] = relationship()


class Packet(Model):
    """One PDF prepared under an authorisation: the SHA-256 of its bytes and of the code it carries."""

    __tablename__ = "packets"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint("length(code_hash) = 64 AND length(sha256) = 64", name="digests_whole"),
        Index("ix_packets_release", "release_id"),
        Index("ix_packets_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))
    disclosure_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """What of the record is in it."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    release: Mapped[Release] = relationship()
    disclosure: Mapped[Disclosure | None] = relationship()
