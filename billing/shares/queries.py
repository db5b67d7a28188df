"""Find rules, what is owed to whom, and what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from billing.ledger.posting import Account
from billing.models import LedgerEntry
from billing.shares.models import DONE, SENDING, UNDER_WAY, WAITING, ShareAccount, SharePayment, ShareRule
from billing.shares.rules import Rule
from practice.core.db import db
from practice.core.money import Money
from practice.models import COUNSELOR, Person, PersonRole

MOST_SHOWN = 60


def counselors() -> Sequence[Person]:
    """Return everybody who counsels, and whoever did and has a rule."""
    working = select(PersonRole.person_id).where(PersonRole.role == COUNSELOR)
    agreed = select(ShareRule.counselor_id)
    return db.session.scalars(
        select(Person).where(Person.id.in_(working) | Person.id.in_(agreed)).order_by(Person.name)
    ).all()


def counselor(person_id: int) -> Person | None:
    """Return somebody who counsels, or did and has a rule."""
    return next((each for each in counselors() if each.id == person_id), None)


def rules_of(counselor_id: int) -> Sequence[ShareRule]:
    """Return a counselor's rules, withdrawn ones too, the latest first."""
    chosen = select(ShareRule).where(ShareRule.counselor_id == counselor_id)
    latest_first = chosen.order_by(ShareRule.from_on.desc(), ShareRule.id.desc())
    return db.session.scalars(latest_first.options(joinedload(ShareRule.service))).all()


def standing(rules: Iterable[ShareRule]) -> list[Rule]:
    """Return the rules that were not withdrawn, as pure values."""
    return [each.rule for each in rules if each.withdrawn_at is None]


def in_force(rules: Iterable[ShareRule], today: date) -> list[ShareRule]:
    """Return what holds for sessions of a day: the latest rule for all, and the latest of each service."""
    latest: dict[int | None, ShareRule] = {}
    for each in sorted(rules, key=lambda each: (each.from_on, each.id)):
        if each.withdrawn_at is None and each.from_on <= today:
            latest[each.service_id] = each
    return sorted(latest.values(), key=lambda each: (each.service_id is not None, each.service_id))


def owed(counselor_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return what is owed to counselors and not promised yet: cents by currency, less than nothing where they owe."""
    ids = list(counselor_ids)
    payable = (
        select(LedgerEntry.counselor_id, LedgerEntry.currency, -func.sum(LedgerEntry.amount_cents))
        .where(LedgerEntry.account == Account.PAYABLE, LedgerEntry.counselor_id.in_(ids))
        .group_by(LedgerEntry.counselor_id, LedgerEntry.currency)
    )
    promised = (
        select(SharePayment.counselor_id, SharePayment.currency, -func.sum(SharePayment.amount_cents))
        .where(SharePayment.state.in_(UNDER_WAY), SharePayment.counselor_id.in_(ids))
        .group_by(SharePayment.counselor_id, SharePayment.currency)
    )
    found: dict[int, dict[str, int]] = {each: {} for each in ids}
    for counselor_id, currency, cents in [*db.session.execute(payable), *db.session.execute(promised)]:
        theirs = found[counselor_id or 0]
        theirs[currency] = theirs.get(currency, 0) + int(cents)
    return found


def owed_to(counselor_id: int, currency: str) -> Money:
    """Return what is owed to one counselor and not promised yet."""
    return Money(owed([counselor_id])[counselor_id].get(currency, 0), currency)


def payments_of(counselor_id: int) -> Sequence[SharePayment]:
    """Return what was sent to a counselor, the latest first."""
    chosen = select(SharePayment).where(SharePayment.counselor_id == counselor_id)
    latest_first = chosen.order_by(SharePayment.made_at.desc(), SharePayment.id.desc()).limit(MOST_SHOWN)
    return db.session.scalars(latest_first.options(joinedload(SharePayment.made_by))).unique().all()


def payment(payment_id: int) -> SharePayment | None:
    """Return one payment of shares."""
    return db.session.get(SharePayment, payment_id)


def under_way() -> Sequence[SharePayment]:
    """Return the transfers that have not reached their account, the first first."""
    chosen = select(SharePayment).where(SharePayment.state.in_(UNDER_WAY)).order_by(SharePayment.id)
    return db.session.scalars(chosen.options(joinedload(SharePayment.counselor))).unique().all()


def account_of(counselor_id: int) -> ShareAccount | None:
    """Return a counselor's own account at the card company."""
    return db.session.get(ShareAccount, counselor_id)


def accounts() -> set[int]:
    """Name the counselors with an account of their own at the card company."""
    return set(db.session.scalars(select(ShareAccount.counselor_id)))


def to_send(*, now: datetime, most: int = 20) -> list[int]:
    """Name the transfers whose answer is not known, and those that are to be tried again."""
    due = (SharePayment.state == SENDING) | ((SharePayment.state == WAITING) & (SharePayment.due_at <= now))
    return list(db.session.scalars(select(SharePayment.id).where(due).order_by(SharePayment.id).limit(most)))


def latest_paid(counselor_ids: Iterable[int]) -> dict[int, date]:
    """Return when each counselor was last sent something."""
    query = (
        select(SharePayment.counselor_id, func.max(SharePayment.paid_on))
        .where(SharePayment.state == DONE, SharePayment.counselor_id.in_(list(counselor_ids)))
        .group_by(SharePayment.counselor_id)
    )
    return {number: day for number, day in db.session.execute(query) if day}
