"""Rooms, where each lives, and the log of who came and went: never what was said or shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from practice.core.columns import UTCDateTime
from practice.core.db import Model

EVENTS = ("waiting", "admitted", "joined", "dropped", "returned", "left", "ended", "quality")


class Room(Model):
    """One appointment's room. Its hours are the appointment's, so it follows when that is moved."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("appointment_id"),
        CheckConstraint("together_seconds >= 0", name="together_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    together_seconds: Mapped[int] = mapped_column(default=0)
    """How long client and counselor were in the room at the same time."""

    appointment: Mapped[Appointment] = relationship()
    events: Mapped[list[RoomEvent]] = relationship(order_by="RoomEvent.at", back_populates="room")


class RoomEvent(Model):
    """One line of the session log. `server` and `number` come from the media server: a repeat is refused."""

    __tablename__ = "room_events"
    __table_args__ = (
        UniqueConstraint("server", "number"),
        CheckConstraint(f"event IN {EVENTS}", name="event_known"),
        CheckConstraint("number > 0", name="number_counts"),
        Index("ix_room_events_room", "room_id", "at"),
        Index("ix_room_events_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    event: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    server: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)

    room: Mapped[Room] = relationship(back_populates="events")


class MediaServer(Model):
    """One media process by the address its pages use, alive as long as its lease; whoever is silent has lost it."""

    __tablename__ = "media_servers"
    __table_args__ = (
        UniqueConstraint("url"),
        CheckConstraint("rooms >= 0 AND people >= 0", name="load_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(200))
    life: Mapped[str] = mapped_column(String(32))
    """Which run of the process this is: what its lines in the session log carry as `server`."""
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime] = mapped_column(UTCDateTime)
    draining: Mapped[bool] = mapped_column(default=False)
    rooms: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)


class Placement(Model):
    """Which media server a room lives on, until it closes."""

    __tablename__ = "room_placements"
    __table_args__ = (Index("ix_room_placements_server", "server_id", "until"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("media_servers.id"))
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)

    room: Mapped[Room] = relationship()
    server: Mapped[MediaServer] = relationship()
