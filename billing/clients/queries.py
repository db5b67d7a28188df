"""Find clients by name, with what they owe and what credit is held for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Select, func, or_, select

from billing.ledger.posting import Account
from billing.lists import PAGE_SIZE
from billing.models import LedgerEntry
from practice.core.db import db
from practice.core.money import Money
from practice.models import CLIENT, Person, PersonRole


@dataclass(frozen=True, slots=True)
class Standing:
    """A client with what the books say of them, by currency."""

    person: Person
    owes: list[Money] = field(default_factory=list)
    """What is asked for; what the practice owes them is negative."""
    credit: list[Money] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of clients, and how many there are in all."""

    rows: list[Standing]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def page(text: str, number: int) -> Found:
    """Return one page of the clients whose name or address holds every word, by name."""
    query = _named(text)
    total = int(db.session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0)
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    ordered = query.order_by(func.lower(Person.name), Person.id)
    people = db.session.scalars(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    sums = _sums([person.id for person in people])
    return Found([_standing(person, sums) for person in people], total, number)


def standing(client: Person) -> Standing:
    """Return what one client owes and what is held for them."""
    return _standing(client, _sums([client.id]))


def _named(text: str) -> Select[Person]:
    query = select(Person).join(PersonRole, PersonRole.person_id == Person.id).where(PersonRole.role == CLIENT)
    for word in text.split()[:6]:
        holds = Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True)
        query = query.where(or_(*holds))
    return query


def _sums(people: list[int]) -> dict[tuple[int | None, str], list[Money]]:
    query = (
        select(LedgerEntry.client_id, LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.amount_cents))
        .where(LedgerEntry.client_id.in_(people), LedgerEntry.account.in_((Account.RECEIVABLE, Account.CREDIT)))
        .group_by(LedgerEntry.client_id, LedgerEntry.account, LedgerEntry.currency)
        .order_by(LedgerEntry.currency)
    )
    found: dict[tuple[int | None, str], list[Money]] = defaultdict(list)
    for client_id, account, currency, cents in db.session.execute(query):
        if cents:
            found[client_id, account].append(Money(int(cents), currency))
    return found


def _standing(person: Person, sums: dict[tuple[int | None, str], list[Money]]) -> Standing:
    held = [-amount for amount in sums.get((person.id, Account.CREDIT), [])]
    return Standing(person, sums.get((person.id, Account.RECEIVABLE), []), held)
