"""What the practice tells the features above it. Each is sent inside the transaction of the deed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from practice.core.events import Event
from practice.models import Person


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """Somebody can no longer sign in; what they had ahead is to be dealt with."""

    person: Person
    by: Person
    now: datetime


account_closed: Event[AccountClosed] = Event("practice.account_closed")
