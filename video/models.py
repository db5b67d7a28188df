"""Rooms, and the log of who came and went: never what was said or shown."""

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
