"""Agree on shares, keep them equal to what was collected, and note what was paid by hand; nothing is booked twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from billing.ledger import books
from billing.ledger.posting import Account, Kind, Whose, of_entries, posting
from billing.models import Invoice
from billing.shares import queries, reckoning
from billing.shares.agreeing import Agreed, Paying
from billing.shares.models import (
    BANK,
    CASH,
    DONE,
    SENDING,
    TRANSFER,
    UNDONE,
    ShareAccount,
    ShareLine,
    SharePayment,
    ShareRule,
)
from billing.shares.reckoning import Change
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person


class CannotPayError(Exception):
    """Something else is owed than the form said; `str()` says it in words."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of rules does to sessions that were paid already."""

    sessions: int
    added: tuple[Money, ...]


def effect(counselor: Person, *, zone: str, new: Agreed | None = None, without: ShareRule | None = None) -> Effect:
    """Tell what a new rule would do, or one less; nothing is written."""
    rules = [each for each in queries.standing(queries.rules_of(counselor.id)) if not without or each.id != without.id]
    if new:
        rules.append(new.as_rule(max((each.id for each in rules), default=0) + 1))
    found = list(reckoning.changes(reckoning.sessions_of(counselor.id), rules, zone=zone))
    total: dict[str, int] = {}
    for each in found:
        total[each.invoice.currency] = total.get(each.invoice.currency, 0) + each.share
    return Effect(len(found), tuple(Money(cents, code) for code, cents in sorted(total.items())))


def agree(counselor: Person, agreed: Agreed, *, zone: str, by: Person, now: datetime) -> ShareRule:
    """Write down what a counselor gets from a day on; sessions since then that were paid follow at once."""
    rule = ShareRule(
        counselor_id=counselor.id,
        kind=agreed.kind,
        value=agreed.value,
        currency=agreed.currency,
        from_on=agreed.from_on,
        service_id=agreed.service_id,
        made_by_id=by.id,
        made_at=now,
    )
    db.session.add(rule)
    db.session.flush()
    _tell_audit("share_rule.made", rule, by)
    reckon(reckoning.sessions_of(counselor.id), cause=f"rule{rule.id}", zone=zone, now=now)
    return rule


def withdraw(rule: ShareRule, *, zone: str, by: Person, now: datetime) -> None:
    """Take back a rule that was made by mistake; what it said of sessions is put right."""
    if rule.withdrawn_at is not None:
        return
    rule.withdrawn_at, rule.withdrawn_by_id = now, by.id
    db.session.flush()
    _tell_audit("share_rule.withdrawn", rule, by)
    reckon(reckoning.sessions_of(rule.counselor_id), cause=f"without{rule.id}", zone=zone, now=now)


def reckon(sessions: Sequence[Invoice], *, cause: str, zone: str, now: datetime) -> int:
    """Book what the shares of sessions must change by; return how many changed.

    `cause` names why it is reckoned anew: a posting, a rule, a night.
    """
    numbers = [each.id for each in sessions]
    db.session.execute(select(Invoice.id).where(Invoice.id.in_(numbers)).order_by(Invoice.id).with_for_update())
    changed = 0
    for counselor_id in sorted({each.counselor_id for each in sessions}):
        theirs = [each for each in sessions if each.counselor_id == counselor_id]
        rules = queries.standing(queries.rules_of(counselor_id))
        for change in reckoning.changes(theirs, rules, zone=zone):
            _book(change, cause, now)
            changed += 1
    return changed


def name_account(counselor: Person, account_id: str, *, by: Person, now: datetime) -> None:
    """Note a counselor's own account at the card company, or that there is none."""
    row = db.session.get(ShareAccount, counselor.id)
    if not account_id and row:
        db.session.delete(row)
    elif account_id:
        row = row or ShareAccount(counselor_id=counselor.id)
        row.account_id, row.changed_by_id, row.changed_at = account_id, by.id, now
        db.session.add(row)
    db.session.flush()
    audit.record(
        "share_account.changed",
        person_id=by.id,
        subject=("person", counselor.id),
        detail={"has_account": bool(account_id)},
    )


def pay(counselor: Person, paying: Paying, *, by: Person, now: datetime) -> SharePayment:
    """Pay all that is owed to a counselor; the same form again pays once. Raises CannotPayError.

    What is paid by hand is booked at once; a transfer is promised, and sent after the commit.
    """
    _lock(counselor)
    if asked := db.session.scalars(select(SharePayment).where(SharePayment.form_key == paying.form_key)).first():
        return asked
    account = queries.account_of(counselor.id) if paying.way == TRANSFER else None
    owed = queries.owed_to(counselor.id, paying.seen.currency)
    if owed != paying.seen or owed.cents <= 0:
        raise CannotPayError(f"Something changed meanwhile: {owed} is owed now. Look at it once more.")
    if paying.way == TRANSFER and account is None:
        raise CannotPayError("There is no account at the card company to send it to.")
    return write_down(counselor, paying, account, by=by, now=now)


def write_down(
    counselor: Person, paying: Paying, account: ShareAccount | None, *, by: Person, now: datetime
) -> SharePayment:
    """Promise a transfer to an account, or book what was paid by hand."""
    payment = SharePayment(
        counselor_id=counselor.id,
        amount_cents=paying.seen.cents,
        currency=paying.seen.currency,
        way=paying.way,
        state=SENDING if account else DONE,
        paid_on=paying.paid_on,
        reference=paying.reference or None,
        account_id=account.account_id if account else None,
        form_key=paying.form_key,
        made_by_id=by.id,
        made_at=now,
        settled_at=None if account else now,
    )
    db.session.add(payment)
    db.session.flush()
    if not account:
        _book_by_hand(Kind.SHARE_PAID, payment, now)
    _tell_audit_of_payment("share.paid", payment, by)
    return payment


def undo(payment: SharePayment, *, by: Person, now: datetime) -> None:
    """Take back a payment by hand that was written down by mistake."""
    _lock(payment.counselor)
    db.session.refresh(payment)
    if payment.way not in {BANK, CASH} or payment.state != DONE:
        return
    payment.state = UNDONE
    db.session.flush()
    _book_by_hand(Kind.SHARE_UNPAID, payment, now)
    _tell_audit_of_payment("share.unpaid", payment, by)


def _book(change: Change, cause: str, now: datetime) -> None:
    kind = Kind.SHARE if change.share > 0 else Kind.SHARE_TAKEN_BACK
    whose = Whose(counselor_id=change.invoice.counselor_id, invoice_id=change.invoice.id)
    amount = Money(abs(change.share), change.invoice.currency)
    written = books.write(posting(kind, f"{cause}:{change.invoice.id}", amount, whose), now=now)
    if written is None:
        return
    line = ShareLine(
        transaction_id=written.id,
        invoice_id=change.invoice.id,
        rule_id=change.rule.id if change.rule else None,
        collected_cents=change.collected,
        total_cents=change.total,
        share_cents=change.share,
    )
    db.session.add(line)
    db.session.flush()


def _book_by_hand(kind: Kind, payment: SharePayment, now: datetime) -> None:
    """Book money that left the bank, or the till."""
    made = posting(kind, payment.uid, payment.amount, Whose(counselor_id=payment.counselor_id))
    if payment.way == CASH:
        moved = (replace(each, account=Account.CASH) if each.account is Account.BANK else each for each in made.entries)
        made = of_entries(kind, payment.uid, payment.currency, moved)
    books.post(made, now=now)


def _lock(counselor: Person) -> None:
    """Let one transaction at a time decide about what is paid to a counselor."""
    db.session.execute(select(Person.id).where(Person.id == counselor.id).with_for_update())


def _tell_audit(action: str, rule: ShareRule, by: Person) -> None:
    detail = {"rule": rule.id, "kind": rule.kind, "value": rule.value, "from": rule.from_on.isoformat()}
    audit.record(action, person_id=by.id, subject=("person", rule.counselor_id), detail=detail)


def _tell_audit_of_payment(action: str, payment: SharePayment, by: Person) -> None:
    detail = {"cents": payment.amount_cents, "way": payment.way, "payment": payment.id}
    audit.record(action, person_id=by.id, subject=("person", payment.counselor_id), detail=detail)
