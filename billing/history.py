"""What happened to a payment, one line after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from billing import problems
from billing.models import Payment, Refund, WebhookEvent
from billing.states import CREDIT, FAILED, GIVEN_BACK, LATE, PENDING, REASONS, SENDING, TWICE, WITHDRAWN
from practice.core.formats import clock, short_day_in

_FATES = {
    LATE: "The time was no longer free when it arrived, so it goes back.",
    TWICE: "The session was paid already, so it goes back.",
}
_REFUND_ENDS = {
    GIVEN_BACK: ("Refund sent", "check"),
    FAILED: ("Refund failed", "alert"),
    WITHDRAWN: ("Refund withdrawn", "x"),
}
_REFUND_WAITS = {SENDING: "Being sent now.", PENDING: "The bank has not confirmed it yet."}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a history."""

    instant: datetime
    title: str
    text: str
    icon: str
    at: str


def of(payment: Payment, events: Sequence[WebhookEvent], zone: str) -> list[Happening]:
    """Return what happened, the earliest first, on the clock of a zone."""
    lines = [*_paying(payment), *_refunds(payment.refunds), *_news(events)]
    return [
        Happening(instant, title, text, icon, f"{short_day_in(instant, zone)}, {clock(instant, zone)}")
        for instant, title, text, icon in sorted(lines, key=lambda line: line[0])
    ]


def _paying(payment: Payment) -> Iterator[tuple[datetime, str, str, str]]:
    yield payment.created_at, "Payment started", f"{payment.client.name} was asked for {payment.amount}.", "card"
    if payment.problem:
        yield payment.checked_at, "Not paid", problems.in_words(payment.problem), "alert"
    if payment.paid_at:
        yield payment.paid_at, f"{payment.received} received", _FATES.get(payment.fate or "", ""), "check"


def _refunds(refunds: Sequence[Refund]) -> Iterator[tuple[datetime, str, str, str]]:
    for refund in refunds:
        by = f" Asked for by {refund.requested_by.name}." if refund.requested_by else ""
        note = f" {refund.note}" if refund.note else ""
        waits = _REFUND_WAITS.get(refund.status, "")
        text = " ".join(f"{REASONS[refund.reason]}.{by}{note} {waits}".split())
        yield refund.requested_at, f"{refund.amount} to go back", text, "undo"
        if refund.settled_at:
            title, icon = _REFUND_ENDS[refund.status]
            title = "Kept as credit" if refund.way == CREDIT and refund.status == GIVEN_BACK else title
            yield refund.settled_at, f"{title}: {refund.amount}", refund.last_error, icon


def _news(events: Sequence[WebhookEvent]) -> Iterator[tuple[datetime, str, str, str]]:
    for event in events:
        waiting = f" Waiting: {event.error}" if event.state == "waiting" else ""
        yield event.received_at, "News from the card company", f"{event.kind}{waiting}", "bell"
