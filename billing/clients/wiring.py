"""How the office's clients join billing."""

from billing.clients import panels, views
from practice.core import navigation
from practice.models import BILLER

PARTS = (panels, views)
OF_ONE = frozenset({"client_money", "client_credit", "client_packages", "statement_of"})
"""Pages about one client that belong to no list of papers."""


def wire() -> None:
    """Put the list into the biller's menu; administrators have People."""
    also = {f"billing.{name}" for name in OF_ONE}
    navigation.add(
        "Clients", "billing.clients", "users", roles={BILLER}, order=39, group=navigation.Group.MONEY, also=also
    )
