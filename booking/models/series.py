"""Sessions that were booked together by one rule."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.recurring import Recurring, recurrence_checks
from booking.models.services import Service
from booking.series.rules import Ending, Recurrence
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person


class AppointmentSeries(Recurring, Model):
    """The rule that sessions were booked by. Each session stays an appointment of its own."""

    __tablename__ = "appointment_series"
    __table_args__ = (
        *recurrence_checks(),
        CheckConstraint("(sessions IS NULL) <> (until_on IS NULL)", name="ends_one_way"),
        CheckConstraint("sessions BETWEEN 2 AND 52", name="sessions_bounds"),
        CheckConstraint("until_on > first_on", name="until_after_first"),
        CheckConstraint("counselor_id <> client_id", name="two_people"),
        Index("ix_appointment_series_counselor", "counselor_id", "client_id"),
        Index("ix_appointment_series_client", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    continues_id: Mapped[int | None] = mapped_column(ForeignKey("appointment_series.id"))
    """The first of the series that this one goes on from with another rule."""
    first_on: Mapped[date]
    sessions: Mapped[int | None]
    until_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    client: Mapped[Person] = relationship(foreign_keys=client_id)
    service: Mapped[Service] = relationship()

    @property
    def origin_id(self) -> int:
        """The series it began as: what is said once about that is not said again about this one."""
        return self.continues_id or self.id

    @property
    def recurrence(self) -> Recurrence:
        """The rule as it stands now."""
        return Recurrence(self.pattern, self.first_on, self.minute, self.zone, Ending(self.sessions, self.until_on))
