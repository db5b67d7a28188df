"""What the books tell those above them. Sent inside the transaction of the posting."""

from __future__ import annotations

from dataclasses import dataclass

from billing.ledger.models import LedgerTransaction
from billing.ledger.posting import Posting
from practice.core.events import Event


@dataclass(frozen=True, slots=True)
class Posted:
    """Something was booked."""

    posting: Posting
    written: LedgerTransaction


posted: Event[Posted] = Event("billing.posted")
