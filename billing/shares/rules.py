"""What a counselor gets of a session. Pure; money in cents, percentages in hundredths of a percent (basis points)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

PERCENT, FIXED = "percent", "fixed"
KINDS = (PERCENT, FIXED)
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Rule:
    """What was agreed from a day on, for one service or for all; a fixed share is in one currency."""

    id: int
    kind: str
    value: int
    currency: str
    from_on: date
    service_id: int | None = None

    def share_of(self, collected: int) -> int:
        """Return the share of what was collected for one session, half a cent rounded up.

        A fixed share is never more than what came.
        """
        if collected <= 0:
            return 0
        if self.kind == FIXED:
            return min(self.value, collected)
        return (collected * self.value * 2 + WHOLE) // (2 * WHOLE)


@dataclass(frozen=True, slots=True)
class Collected:
    """What the books say of one session: all amounts in cents, and never less than nothing but for mistakes.

    `paid` is what came and did not go back, `held_back` what of it a client's bank took in disputes, `earned`
    what the session was billed at less what was credited, and `shared` what of it is the counselor's by now.
    """

    paid: int = 0
    held_back: int = 0
    earned: int = 0
    shared: int = 0

    @property
    def counts(self) -> int:
        """What is shared: what is here of what was asked for; what was paid beyond it goes back."""
        return max(0, min(self.paid - self.held_back, self.earned))


def rule_for(rules: Iterable[Rule], *, day: date, service_id: int | None, currency: str) -> Rule | None:
    """Choose the rule for a session on a day: one for its service before one for all, and the latest of those."""
    fitting = [
        rule
        for rule in rules
        if rule.from_on <= day
        and rule.service_id in {None, service_id}
        and (rule.kind == PERCENT or rule.currency == currency)
    ]
    return max(fitting, key=lambda rule: (rule.service_id is not None, rule.from_on, rule.id), default=None)
