"""What an administrator says of shares: a rule, and a payment. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.shares.rules import Rule
from practice.core.money import Money


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a new rule says."""

    kind: str
    value: int
    currency: str
    from_on: date
    service_id: int | None

    def as_rule(self, number: int) -> Rule:
        """As a pure value under a number."""
        return Rule(number, self.kind, self.value, self.currency, self.from_on, self.service_id)


@dataclass(frozen=True, slots=True)
class Paying:
    """How shares are paid; `seen` is what was owed on the page that asked, and `form_key` makes repeats harmless."""

    way: str
    seen: Money
    paid_on: date
    reference: str
    form_key: str
