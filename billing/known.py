"""Whether what the provider says about a payment is in the books already.

Payments and refunds only ever go on, never back: what is here today is here tomorrow, so this may be asked without a
lock, and most news (a payment's every step is told of, and its end is asked for each time) ends here.
"""

from __future__ import annotations

from billing import states
from billing.models import Payment
from billing.payments import Facts
from practice.core.payments import RefundState


def says_nothing_new(payment: Payment, facts: Facts) -> bool:
    """Tell whether applying these facts would change nothing."""
    page, made = facts.page, facts.payment
    if payment.status != states.SUCCEEDED or made is None or made.id != payment.intent_id or made.problem:
        return False
    if page and page.id != payment.checkout_id:
        return False
    told = {refund.provider_id: (refund.status, refund.last_error) for refund in payment.refunds}
    return all(_is_told(told.get(refund.id), refund) for refund in facts.refunds)


def _is_told(ours: tuple[str, str | None] | None, said: RefundState) -> bool:
    if ours is None:
        return False
    status, problem = ours
    news = states.refund_status_of(said.stage)
    return states.refund_further(status, news) == status and (problem or "") == said.problem[:300]
