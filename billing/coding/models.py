"""The codes a counselor confirmed for a session, sealed under the field keys: a biller reads them, and no note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from practice.core.columns import SealedJSON, UTCDateTime
from practice.core.db import Model
from practice.models import Person


class SessionCodes(Model):
    """What one session comes to, as its counselor confirmed it last."""

    __tablename__ = "session_codes"
    __table_args__ = (
        UniqueConstraint("appointment_id"),
        Index("ix_session_codes_confirmed", "confirmed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    said: Mapped[dict[str, Any]] = mapped_column(SealedJSON("session_codes.said"))
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    appointment: Mapped[Appointment] = relationship()
    confirmed_by: Mapped[Person] = relationship()
