"""The practice, its people and how they prove who they are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model

CLIENT, COUNSELOR, BILLER, ADMINISTRATOR = "client", "counselor", "biller", "administrator"
ROLES = (CLIENT, COUNSELOR, BILLER, ADMINISTRATOR)
OFFICE = frozenset({BILLER, ADMINISTRATOR})
"""Who sees everybody's money."""
TOKEN_PURPOSES = ("confirm_email", "reset_password", "invitation", "change_email")


class Practice(Model):
    """The clinic itself: one row."""

    __tablename__ = "practice"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("cancellation_notice_hours BETWEEN 0 AND 336", name="cancellation_notice_bounds"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("note_days BETWEEN 1 AND 60", name="note_days_bounds"),
        CheckConstraint("lock_minutes BETWEEN 1 AND 240", name="lock_minutes_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(60))
    currency: Mapped[str] = mapped_column(String(3))
    country: Mapped[str] = mapped_column(String(2))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    tax_id: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    cancellation_notice_hours: Mapped[int] = mapped_column(default=24)
    note_days: Mapped[int] = mapped_column(default=3)
    """How many days after a session its note is due, signed."""
    lock_minutes: Mapped[int] = mapped_column(default=15)
    """How many idle minutes it takes until the pages of people who work here cover themselves."""
    audit_custodians: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """Who is sent each day's signed head of the audit log: addresses, a space between them."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Person(Model):
    """Somebody with a sign-in: client, counselor, biller, administrator, or several of these."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(SealedText("people.phone"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    role_rows: Mapped[list[PersonRole]] = relationship(
        back_populates="person", cascade="all, delete-orphan", lazy="selectin"
    )
    profile: Mapped[CounselorProfile | None] = relationship(back_populates="person", cascade="all, delete-orphan")

    @property
    def roles(self) -> set[str]:
        """Every role this person holds."""
        return {row.role for row in self.role_rows}

    @property
    def is_client(self) -> bool:
        """Tell whether this person books sessions."""
        return CLIENT in self.roles

    @property
    def is_counselor(self) -> bool:
        """Tell whether this person gives sessions."""
        return COUNSELOR in self.roles

    @property
    def is_administrator(self) -> bool:
        """Tell whether this person runs the practice."""
        return ADMINISTRATOR in self.roles

    @property
    def is_office(self) -> bool:
        """Tell whether this person sees everybody's money, as billers and administrators do."""
        return bool(OFFICE & self.roles)

    @property
    def office_role(self) -> str:
        """The role in which this person sees everybody's money."""
        return ADMINISTRATOR if self.is_administrator else BILLER

    @property
    def is_open(self) -> bool:
        """Tell whether this person may sign in."""
        return self.closed_at is None and self.confirmed_at is not None

    @property
    def open_to_confirmation(self) -> bool:
        """Tell whether this person has yet to prove the e-mail address."""
        return self.closed_at is None and self.confirmed_at is None

    @property
    def first_name(self) -> str:
        """What to call this person."""
        return (self.name.split() or [self.name])[0]


class PersonRole(Model):
    """One role of one person."""

    __tablename__ = "person_roles"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role_known"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(back_populates="role_rows")


class SignIn(Model):
    """One signed-in browser; the cookie holds a secret of which only the hash is here."""

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("secret_hash"), Index("ix_sign_ins_person", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    secret_hash: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()


class Token(Model):
    """A one-time link: only its hash is kept."""

    __tablename__ = "tokens"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint(f"purpose IN {TOKEN_PURPOSES}", name="purpose_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Invitation(Model):
    """A counselor, biller or administrator asked to join."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role_known"),
        Index(
            "uq_invitations_open",
            "email",
            "role",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    token: Mapped[Token] = relationship()


class Attempt(Model):
    """One try at something that is counted, such as a sign-in, under a hashed account or address."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_bucket_at", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class CounselorProfile(Model):
    """What a counselor tells the public."""

    __tablename__ = "counselor_profiles"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    headline: Mapped[str] = mapped_column(String(160), default="")
    credentials: Mapped[str] = mapped_column(String(80), default="")
    pronouns: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    npi: Mapped[str] = mapped_column(String(10), default="")
    published: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(back_populates="profile")
    specialties: Mapped[list[CounselorSpecialty]] = relationship(
        cascade="all, delete-orphan", order_by="CounselorSpecialty.specialty", lazy="selectin"
    )
    languages: Mapped[list[CounselorLanguage]] = relationship(
        cascade="all, delete-orphan", order_by="CounselorLanguage.language", lazy="selectin"
    )
    licences: Mapped[list[Licence]] = relationship(
        cascade="all, delete-orphan", order_by="Licence.place", lazy="selectin"
    )
    photo: Mapped[CounselorPhoto | None] = relationship(cascade="all, delete-orphan")


class CounselorSpecialty(Model):
    """One thing a counselor helps with."""

    __tablename__ = "counselor_specialties"

    counselor_id: Mapped[int] = mapped_column(
        ForeignKey("counselor_profiles.person_id", ondelete="CASCADE"), primary_key=True
    )
    specialty: Mapped[str] = mapped_column(String(60), primary_key=True)


class CounselorLanguage(Model):
    """One language a counselor works in."""

    __tablename__ = "counselor_languages"

    counselor_id: Mapped[int] = mapped_column(
        ForeignKey("counselor_profiles.person_id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(40), primary_key=True)


class Licence(Model):
    """Leave to practise in one place."""

    __tablename__ = "licences"
    __table_args__ = (UniqueConstraint("counselor_id", "place", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("counselor_profiles.person_id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(60))
    expires_on: Mapped[date | None]


class CounselorPhoto(Model):
    """A portrait, made small and stripped of everything but the picture."""

    __tablename__ = "counselor_photos"

    counselor_id: Mapped[int] = mapped_column(
        ForeignKey("counselor_profiles.person_id", ondelete="CASCADE"), primary_key=True
    )
    image: Mapped[bytes] = mapped_column(LargeBinary)
    content_type: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
