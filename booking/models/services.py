"""What counselors offer."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking import policy
from booking.models.locations import Location
from booking.policy import MODES, VIDEO
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person


class Service(Model):
    """Something a counselor offers, with its length and price."""

    __tablename__ = "services"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_bounds"),
        CheckConstraint("buffer_before BETWEEN 0 AND 240", name="buffer_before_bounds"),
        CheckConstraint("buffer_after BETWEEN 0 AND 240", name="buffer_after_bounds"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("by_video OR by_phone OR in_person", name="some_mode"),
        CheckConstraint(f"kind IN {policy.KINDS}", name="kind_known"),
        CheckConstraint(
            "(kind = 'individual' AND capacity = 1) OR (kind <> 'individual' AND capacity BETWEEN 2 AND 11)",
            name="capacity_fits",
        ),
        Index("ix_services_counselor", "counselor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int]
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    buffer_before: Mapped[int] = mapped_column(default=0)
    buffer_after: Mapped[int] = mapped_column(default=0)
    cpt_code: Mapped[str] = mapped_column(String(5), default="")
    on_request: Mapped[bool] = mapped_column(default=False)
    """Whether the counselor answers each request, instead of the first client taking the time."""
    active: Mapped[bool] = mapped_column(default=True)
    recurring_allowed: Mapped[bool] = mapped_column(default=False)
    """Whether clients may book it as a series; the counselor always may."""
    by_video: Mapped[bool] = mapped_column(default=True)
    by_phone: Mapped[bool] = mapped_column(default=False)
    in_person: Mapped[bool] = mapped_column(default=False)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    """Where it is held in person, unless the hours name another place."""
    kind: Mapped[str] = mapped_column(String(12), default=policy.INDIVIDUAL)
    capacity: Mapped[int] = mapped_column(default=1)
    """How many people may come, besides the counselor."""

    counselor: Mapped[Person] = relationship()
    location: Mapped[Location | None] = relationship()

    @property
    def price(self) -> Money:
        """What it costs."""
        return Money(self.price_cents, self.currency)

    @property
    def modes(self) -> tuple[str, ...]:
        """The ways in which it can be had, the usual one first."""
        had = (self.by_video, self.by_phone, self.in_person)
        return tuple(mode for mode, offered in zip(MODES, had, strict=True) if offered is True) or (VIDEO,)
