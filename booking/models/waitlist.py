"""Who waits for which times, what was offered to whom, and whose line is looked at next."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.models.services import Service
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person

WAITING, PAUSED, BOOKED, LEFT, REMOVED, ENDED = "waiting", "paused", "booked", "left", "removed", "ended"
WISHES = (WAITING, PAUSED, BOOKED, LEFT, REMOVED, ENDED)
OPEN, ACCEPTED, TAKEN, DECLINED, LAPSED, WITHDRAWN = "open", "accepted", "taken", "declined", "lapsed", "withdrawn"
OFFERS = (OPEN, ACCEPTED, TAKEN, DECLINED, LAPSED, WITHDRAWN)
_open = text("status = 'open'")
_alone = text("group_session_id IS NULL")
_open_alone = text("status = 'open' AND group_session_id IS NULL")
_in_line = text("status IN ('waiting', 'paused') AND group_session_id IS NOT NULL")


class Wish(Model):
    """What a client waits for: a kind of session with one counselor or any, at some times; or a place in one group."""

    __tablename__ = "waitlist_wishes"
    __table_args__ = (
        CheckConstraint(f"status IN {WISHES}", name="status_known"),
        CheckConstraint("(counselor_id IS NULL) = (service_id IS NULL)", name="service_of_counselor"),
        CheckConstraint("times BETWEEN 1 AND 2097151", name="times_some"),
        CheckConstraint("first_on <= last_on", name="days_in_order"),
        CheckConstraint("notice_minutes BETWEEN 0 AND 20160", name="notice_bounds"),
        CheckConstraint("unanswered >= 0", name="unanswered_not_negative"),
        Index("ix_waitlist_wishes_client", "client_id"),
        Index("ix_waitlist_wishes_status", "status", "counselor_id"),
        Index(
            "ux_waitlist_wishes_group",
            "group_session_id",
            "client_id",
            unique=True,
            sqlite_where=_in_line,
            postgresql_where=_in_line,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counselor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """None for any counselor who offers the kind."""
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    group_session_id: Mapped[int | None] = mapped_column(ForeignKey("group_sessions.id"))
    """The one session of a group in which a place is wanted, whenever it is."""
    kind: Mapped[str] = mapped_column(String(80))
    times: Mapped[int]
    """A bit for each part of each weekday, Monday morning the lowest: as many windows in the week as suit.

    With the days it spans all its windows where these have dates of their own.
    """
    first_on: Mapped[date]
    last_on: Mapped[date]
    notice_minutes: Mapped[int]
    by_text: Mapped[bool] = mapped_column(default=False)
    """Whether offers go to the telephone as well, while there is consent to text it."""
    status: Mapped[str] = mapped_column(String(12), default=WAITING)
    unanswered: Mapped[int] = mapped_column(default=0)
    """Offers in a row that ran out without a word."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    client: Mapped[Person] = relationship(foreign_keys=client_id)
    counselor: Mapped[Person | None] = relationship(foreign_keys=counselor_id)
    service: Mapped[Service | None] = relationship()
    group_session: Mapped[GroupSession | None] = relationship()
    windows: Mapped[list[WishWindow]] = relationship(
        order_by="(WishWindow.first_on, WishWindow.id)", lazy="selectin", cascade="all, delete-orphan"
    )
    """Different times on different dates, where there are any."""


class WishWindow(Model):
    """Times of the week that suit between two days, where somebody has others on other dates; the wish spans them."""

    __tablename__ = "waitlist_windows"
    __table_args__ = (
        CheckConstraint("times BETWEEN 1 AND 2097151", name="times_some"),
        CheckConstraint("first_on <= last_on", name="days_in_order"),
        Index("ix_waitlist_windows_wish", "wish_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("waitlist_wishes.id"))
    times: Mapped[int]
    """A bit for each part of each weekday, Monday morning the lowest."""
    first_on: Mapped[date]
    last_on: Mapped[date]


class Place(Model):
    """Where a counselor put somebody in their own line; whoever has no place comes after, the longest waiting first."""

    __tablename__ = "waitlist_places"

    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("waitlist_wishes.id"), primary_key=True)
    place: Mapped[int]


class Offer(Model):
    """One time, or one place in a group, offered to one client, who has it held until the offer ends."""

    __tablename__ = "waitlist_offers"
    __table_args__ = (
        CheckConstraint(f"status IN {OFFERS}", name="status_known"),
        CheckConstraint("status IN ('open', 'accepted') OR settled_at IS NOT NULL", name="settled_when"),
        UniqueConstraint("token_hash"),
        UniqueConstraint("appointment_id"),
        Index(
            "ux_waitlist_offers_once",
            "wish_id",
            "counselor_id",
            "starts_at",
            unique=True,
            sqlite_where=_alone,
            postgresql_where=_alone,
        ),
        Index("ux_waitlist_offers_client", "client_id", unique=True, sqlite_where=_open, postgresql_where=_open),
        Index(
            "ux_waitlist_offers_time",
            "counselor_id",
            "starts_at",
            unique=True,
            sqlite_where=_open_alone,
            postgresql_where=_open_alone,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("waitlist_wishes.id"))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    group_session_id: Mapped[int | None] = mapped_column(ForeignKey("group_sessions.id"))
    """The session that the place on offer is in, when it is shared."""
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(String(12), default=OPEN)
    by_hand: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str] = mapped_column(String(64))
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    wish: Mapped[Wish] = relationship()
    appointment: Mapped[Appointment] = relationship()
    group_session: Mapped[GroupSession | None] = relationship()
    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    client: Mapped[Person] = relationship(foreign_keys=client_id)


class Turn(Model):
    """When a counselor's line is looked at next, and who is looking."""

    __tablename__ = "waitlist_turns"
    __table_args__ = (Index("ix_waitlist_turns_due", "due_at"),)

    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claims: Mapped[int] = mapped_column(default=0)


class WaitlistRules(Model):
    """How a counselor's freed times are offered."""

    __tablename__ = "waitlist_rules"
    __table_args__ = (CheckConstraint("offer_minutes BETWEEN 10 AND 1440", name="offer_bounds"),)

    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)
    offer_minutes: Mapped[int] = mapped_column(default=30)
