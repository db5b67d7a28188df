"""How shares join billing."""

from __future__ import annotations

from billing.shares import demo, jobs, models, subscribers
from billing.shares.views import office, paying, rules, statements
from practice.core import navigation
from practice.models import ADMINISTRATOR, COUNSELOR

TABLES = (models.ShareRule, models.ShareLine, models.SharePayment, models.ShareAccount)
PARTS = (demo, jobs, office, paying, rules, statements)


def wire() -> None:
    """Listen to the books, and register the menu entries; pages join by being read."""
    subscribers.subscribe()
    names = ("counselor_shares", "new_share_rule", "share_rule", "share_payment", "share_statement")
    also = {f"billing.{name}" for name in names}
    money = navigation.Group.MONEY
    navigation.add("Shares", "billing.shares", "users", roles={ADMINISTRATOR}, order=47, group=money, also=also)
    own = {"billing.my_share_statement"}
    navigation.add("Your shares", "billing.my_shares", "briefcase", roles={COUNSELOR}, order=66, group=money, also=own)
