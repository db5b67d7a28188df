"""Mail about charges that happen by themselves: plain amounts and a link, nothing about what a session is for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billing import problems, queries
from billing.autopay import queries as agreed
from billing.autopay.models import ASKED, TOLD, Collection
from billing.models import Payment
from billing.states import OPEN
from practice.core import outbox
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.money import Money
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Practice

PREVIEW, ASK, DECLINED = "billing.autopay.preview", "billing.autopay.ask", "billing.autopay.declined"


def preview(collection: Collection, now: datetime) -> None:
    """Announce what will be charged, and when."""
    _plan(PREVIEW, f"{collection.id}.{collection.told_cents}", collection, now)


def ask(collection: Collection, attempt: Payment, now: datetime) -> None:
    """Ask the client to answer their bank."""
    _plan(ASK, attempt.uid, collection, now, payment_id=attempt.id)


def declined(collection: Collection, attempt: Payment, again: datetime | None, now: datetime) -> None:
    """Say that a card was declined, and when it is tried again."""
    more = {"payment_id": attempt.id, "again": again.isoformat() if again else ""}
    _plan(DECLINED, attempt.uid, collection, now, **more)


def confirmation_link(payment_id: int) -> str:
    """Return where a client answers their bank."""
    return absolute("billing.confirmation_of", payment_id=payment_id)


@renders(PREVIEW)
def render_preview(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Say what is charged tomorrow; nothing once it is paid or stopped."""
    collection = db.session.get_one(Collection, message.payload["collection_id"])
    card = agreed.card_for(collection.invoice)
    if collection.state != TOLD or card is None or not queries.billed_on(collection.invoice).due:
        return None
    amount = Money(collection.told_cents, collection.invoice.currency)
    facts = {"amount": amount, "card": card, "charge_at": collection.charge_at}
    return _letter("autopay_preview", f"{amount} will be charged to your card", collection, "billing.cards", **facts)


@renders(ASK)
def render_ask(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Lead to the bank's question; nothing once it is answered."""
    collection = db.session.get_one(Collection, message.payload["collection_id"])
    attempt = db.session.get_one(Payment, message.payload["payment_id"])
    if collection.state != ASKED or attempt.status != OPEN:
        return None
    link = confirmation_link(attempt.id)
    return _letter("autopay_ask", f"Your bank asks about {attempt.amount}", collection, "", link=link, payment=attempt)


@renders(DECLINED)
def render_declined(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Say that the card was declined, with a link to another one; nothing once it is paid."""
    collection = db.session.get_one(Collection, message.payload["collection_id"])
    attempt = db.session.get_one(Payment, message.payload["payment_id"])
    if not queries.billed_on(collection.invoice).due:
        return None
    again = message.payload["again"]
    facts = {
        "payment": attempt,
        "problem": problems.in_words(attempt.problem),
        "again": datetime.fromisoformat(again) if again else None,
    }
    return _letter("autopay_declined", f"{attempt.amount} could not be charged", collection, "billing.cards", **facts)


def _plan(kind: str, key: str, collection: Collection, now: datetime, **more: Any) -> None:
    outbox.plan(
        key=f"{kind}:{key}",
        kind=kind,
        due_at=now,
        now=now,
        recipient_id=collection.invoice.client_id,
        payload={"collection_id": collection.id, **more},
        subject=("invoice", collection.invoice_id),
    )


def _letter(name: str, subject: str, collection: Collection, endpoint: str, **context: Any) -> Mail:
    client = collection.client
    return compose(
        f"emails/billing/{name}",
        to=client.email,
        subject=subject,
        person=client,
        zone=client.zone,
        invoice=collection.invoice,
        link=context.pop("link", "") or absolute(endpoint),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
        **context,
    )
