"""What booking tells the features above it. Each is sent inside the transaction of the deed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking.models.appointments import Appointment
from booking.policy import Side
from practice.core.events import Event
from practice.core.money import Money
from practice.core.spans import Span
from practice.models import Person


class Ending(StrEnum):
    """How a hold ended without a booking."""

    LEFT = "left"
    LAPSED = "lapsed"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Held:
    """A client keeps a time while paying."""

    appointment: Appointment
    now: datetime


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The appointment stands."""

    appointment: Appointment
    now: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """The appointment stands at another time; `before` is the old one.

    Until `undo_until` the move may be taken back; that is sent as a move of its own, with `undone`.
    """

    appointment: Appointment
    before: Span
    by: Person
    now: datetime
    undo_until: datetime | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The appointment is off; `late` when the client cancelled after the notice agreed on."""

    appointment: Appointment
    by: Person
    side: Side
    late: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Released:
    """A hold ended without a booking."""

    appointment: Appointment
    ending: Ending
    now: datetime


@dataclass(frozen=True, slots=True)
class Completed:
    """It is marked who came: `attended` is False for a no-show. May be sent again when corrected."""

    appointment: Appointment
    attended: bool
    by: Person | None
    now: datetime


@dataclass(frozen=True, slots=True)
class FeeSettled:
    """What a client owes for an appointment that did not take place: `fee`, and no more; nothing when it is waived."""

    appointment: Appointment
    fee: Money
    by: Person | None
    now: datetime


held: Event[Held] = Event("booking.held")
confirmed: Event[Confirmed] = Event("booking.confirmed")
moved: Event[Moved] = Event("booking.moved")
cancelled: Event[Cancelled] = Event("booking.cancelled")
released: Event[Released] = Event("booking.released")
completed: Event[Completed] = Event("booking.completed")
fee_settled: Event[FeeSettled] = Event("booking.fee_settled")
