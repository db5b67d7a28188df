"""What the page of the provider's side shows besides the payments."""

from __future__ import annotations

from billing.testpay import statement
from billing.testpay.api import store
from billing.testpay.store import Document
from practice.core.money import Money


def disputes() -> dict[str, Document]:
    """Return the disputes by the payment they are about."""
    return {dispute["payment_intent"]: dispute for dispute in store().latest("dispute")}


def payouts() -> list[tuple[Document, Money]]:
    """Return the latest payouts with their amounts."""
    return [(payout, _amount(payout["amount"], payout["currency"])) for payout in store().latest("payout", 10)]


def transfers() -> list[tuple[Document, Money]]:
    """Return the latest transfers with their amounts."""
    return [(sent, _amount(sent["amount"], sent["currency"])) for sent in store().latest("transfer", 10)]


def held() -> list[Money]:
    """Return what lies there now, by currency."""
    return [_amount(cents, code) for code, cents in sorted(statement.balance(store()).items())]


def _amount(cents: int, currency: str) -> Money:
    return Money(cents, currency.upper())
