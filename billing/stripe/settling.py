"""Stripe's statement, payouts, disputes and transfers (docs.stripe.com/api: balance_transactions, payouts, …)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import stripe

from billing.stripe import statements
from billing.stripe.calls import in_our_words
from practice.core.money import Money
from practice.core.settlements import (
    DisputeAnswer,
    DisputeState,
    PayoutState,
    StatementLine,
    TransferRequest,
    TransferState,
)

if TYPE_CHECKING:
    from stripe.params import BalanceTransactionListParams, DisputeUpdateParams, TransferCreateParams

PAGE = 100


class SettlementCalls:
    """The calls about money on its way."""

    _stripe: stripe.StripeClient

    @in_our_words
    def statement(self, *, since: datetime | None = None, payout_id: str = "") -> list[StatementLine]:
        """List balance transactions with what moved them."""
        page = self._stripe.v1.balance_transactions.list(statement_params(since, payout_id))
        return [statements.line(each.to_dict()) for each in page.auto_paging_iter()]

    @in_our_words
    def balance(self) -> list[Money]:
        """Add up what is available and what is pending."""
        return statements.balance(self._stripe.v1.balance.retrieve().to_dict())

    @in_our_words
    def payout(self, payout_id: str) -> PayoutState:
        """Retrieve a payout."""
        return statements.payout(self._stripe.v1.payouts.retrieve(payout_id).to_dict())

    @in_our_words
    def dispute(self, dispute_id: str) -> DisputeState:
        """Retrieve a dispute."""
        return statements.dispute(self._stripe.v1.disputes.retrieve(dispute_id).to_dict())

    @in_our_words
    def answer_dispute(self, answer: DisputeAnswer) -> DisputeState:
        """Submit the evidence for a dispute; the bank takes it once."""
        found = self._stripe.v1.disputes.update(
            answer.dispute_id, answer_params(answer), {"idempotency_key": f"dispute-{answer.key}"}
        )
        return statements.dispute(found.to_dict())

    @in_our_words
    def accept_dispute(self, dispute_id: str) -> DisputeState:
        """Close a dispute, which acknowledges it as lost (docs.stripe.com/api/disputes/close)."""
        found = self._stripe.v1.disputes.close(dispute_id, options={"idempotency_key": f"dispute-accept-{dispute_id}"})
        return statements.dispute(found.to_dict())

    @in_our_words
    def send_transfer(self, request: TransferRequest) -> TransferState:
        """Create a transfer to a connected account."""
        key = f"transfer-{request.key}-{request.attempt}"
        made = self._stripe.v1.transfers.create(transfer_params(request), {"idempotency_key": key})
        return statements.transfer(made.to_dict())

    @in_our_words
    def transfer(self, transfer_id: str) -> TransferState:
        """Retrieve a transfer with its reversals."""
        return self._whole(self._stripe.v1.transfers.retrieve(transfer_id).to_dict())

    @in_our_words
    def transfers(self, key: str) -> list[TransferState]:
        """List the transfers of a group, which is our key."""
        page = self._stripe.v1.transfers.list({"transfer_group": key, "limit": PAGE})
        return [self._whole(each.to_dict()) for each in page.auto_paging_iter()]

    def _whole(self, values: dict[str, Any]) -> TransferState:
        """Read a transfer with all of its reversals; it brings the last ten itself."""
        reversals = values.get("reversals") or {}
        if reversals.get("has_more"):
            page = self._stripe.v1.transfers.reversals.list(values["id"], {"limit": PAGE})
            reversals = {"data": [each.to_dict() for each in page.auto_paging_iter()]}
        return statements.transfer({**values, "reversals": reversals})


def statement_params(since: datetime | None, payout_id: str) -> BalanceTransactionListParams:
    """Ask for a stretch of the statement in Stripe's words."""
    wanted: BalanceTransactionListParams = {"limit": PAGE, "expand": ["data.source"]}
    if since:
        wanted["created"] = {"gte": int(since.timestamp())}
    if payout_id:
        wanted["payout"] = payout_id
    return wanted


def answer_params(answer: DisputeAnswer) -> DisputeUpdateParams:
    """Write the evidence in Stripe's words."""
    return {
        "evidence": {
            "customer_name": answer.name,
            "customer_email_address": answer.email,
            "service_date": answer.service_date,
            "product_description": answer.description,
            "cancellation_policy_disclosure": answer.policy,
            "access_activity_log": answer.attendance,
            "uncategorized_text": "\n\n".join(filter(None, (answer.words, answer.contacts))),
        },
        "metadata": {"answer": answer.key},
        "submit": True,
    }


def transfer_params(request: TransferRequest) -> TransferCreateParams:
    """Write a transfer in Stripe's words."""
    return {
        "amount": request.amount.cents,
        "currency": request.amount.currency.lower(),
        "destination": request.account_id,
        "transfer_group": request.key,
        "description": request.label,
        "metadata": {"share": request.key},
    }
