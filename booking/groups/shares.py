"""Who pays how much of a session that people share. Pure."""

from collections.abc import Sequence

from practice.core.money import Money

BOOKER, ONESELF = "booker", "self"
PAYERS = (BOOKER, ONESELF)
"""Who pays for somebody who comes along: whoever books, or they their own share."""


def shares(total: Money, pay_their_own: Sequence[bool]) -> list[Money]:
    """Return what each person pays, the booker first; of everybody else is said whether they pay their own share.

    A share is the total divided by the people to the cent, and the booker pays whatever the others do not, so that
    what is paid adds up to the total exactly.
    """
    people = len(pay_their_own) + 1
    each, over = divmod(total.cents, people)
    parts = [each + (place < over) for place in range(people)]
    others = [part if own else 0 for part, own in zip(parts[1:], pay_their_own, strict=True)]
    return [Money(cents, total.currency) for cents in (total.cents - sum(others), *others)]
