"""What billing tells the parts of it that stand above. Each is sent inside the transaction of the deed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.models import Invoice
from practice.core.events import Event


@dataclass(frozen=True, slots=True)
class Issued:
    """A client is asked for money."""

    invoice: Invoice
    now: datetime


issued: Event[Issued] = Event("billing.issued")
