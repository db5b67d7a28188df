"""Who pays how much of a session that people share. Pure."""

from practice.core.money import Money

TOGETHER, APART = "one", "each"
SPLITS = (TOGETHER, APART)
"""One person pays for everybody, or everybody pays their own share."""


def shares(total: Money, people: int, split: str) -> list[Money]:
    """Return what each person pays, the booker first. The shares add up to the total exactly and differ by a cent."""
    if people < 1:
        raise ValueError("A session is shared by at least one person.")
    if split == TOGETHER:
        return [total] + [Money.zero(total.currency)] * (people - 1)
    each, over = divmod(total.cents, people)
    return [Money(each + (place < over), total.currency) for place in range(people)]
