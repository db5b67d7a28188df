"""Measure a ledger of a hundred thousand entries: its pages, the nightly match, and everybody's statements.

Each figure stands beside the time the same database takes to add all entries up once, in the same run.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select

from bench.ledger import MemoryProvider
from billing.ledger.posting import Account, Kind
from billing.matching import queries as matched
from billing.matching import services as matching
from billing.models import Invoice, InvoiceLine, LedgerEntry, LedgerTransaction, Payment
from billing.papers.statements import Days, statements
from billing.settlements.models import ProviderLine
from practice.core.clock import SystemClock
from practice.core.db import db
from practice.core.money import Money
from practice.core.ports import Ports
from practice.core.settlements import StatementLine
from practice.models import Person
from tests.builders import a_client, a_counselor, a_practice, an_administrator
from tests.fakes import FakePrinter, RecordingMailer
from tests.support.apps import make_app, migrate, settings_for
from tests.support.signing_in import signed_in_client

ENTRIES, QUICK = 100_000, 10_000
PER_INVOICE = 4
CLIENTS, COUNSELORS = 500, 10
PRICE = 120_00
UNPAID_EVERY = 25
DAYS = 700
OFFICE = ("/reports", "/reports/ageing", "/reports/counselors", "/ledger", "/invoices")
OWN = ("/billing", "/billing/account")


class StillProvider(MemoryProvider):
    """A card company whose statement was read before, and whose balance is what was paid."""

    held = 0

    def statement(self, *, since: datetime | None = None, payout_id: str = "") -> list[StatementLine]:
        """Say nothing new."""
        return []

    def balance(self) -> list[Money]:
        """Return what was paid."""
        return [Money(self.held, "USD")]


@dataclass(frozen=True, slots=True)
class Made:
    """Who looks, and how many invoices and entries there are."""

    office: Person
    clients: list[Person]
    invoices: int


def main() -> None:
    """Measure and print a table and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    entries = QUICK if parser.parse_args().quick else ENTRIES
    print(f"About {entries:,} entries of {CLIENTS} clients over {DAYS} days, on SQLite; milliseconds.")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), entries)
    for name, value in figures.items():
        print(f"{name:>26}{value:>12,}")
    print(json.dumps(figures))


def measure(folder: Path, entries: int) -> dict[str, float]:
    """Fill a fresh database, then look at it as an administrator and as a client."""
    url = f"sqlite:///{folder / 'books.db'}"
    migrate(url)
    provider, now = StillProvider(), datetime.now(UTC)
    doors = Ports(clock=SystemClock(), mailer=RecordingMailer(), printer=FakePrinter(), payments=provider)
    app = make_app(settings_for(url, folder), doors)
    with app.app_context():
        made = _fill(entries // PER_INVOICE, now)
        provider.held = PRICE * _paid(made.invoices)
        figures: dict[str, float] = {"entries": _count(), "add_all_up_ms": _best(_count)}
        figures |= _pages(app, made.office, OFFICE) | _pages(app, made.clients[0], OWN)
        figures["match_ms"] = _best(lambda: matching.run(provider, now=now), times=2)
        figures["statements_ms"] = _best(lambda: _statements(made.clients, now), times=1)
        figures["statements"] = len(made.clients)
        assert matched.count_open() == 0, "the match found differences in books that agree"
    figures["memory_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures | {"ageing_to_adding_up": round(figures["/reports/ageing"] / figures["add_all_up_ms"], 1)}


def _pages(app: Flask, person: Person, addresses: tuple[str, ...]) -> dict[str, float]:
    page = signed_in_client(app, person)

    def look(address: str) -> None:
        assert page.get(address).status_code == 200, address

    return {address: _best(lambda at=address: look(at)) for address in addresses}  # type: ignore[misc]  # bound now


def _statements(clients: list[Person], now: datetime) -> None:
    month = Days((now - timedelta(days=30)).date(), now.date())
    for client in clients:
        statements(client, month)


def _count() -> int:
    query = select(func.count(), func.sum(LedgerEntry.amount_cents))
    return int(db.session.execute(query).one()[0])


def _best(done: Callable[[], object], *, times: int = 5) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        done()
        taken.append(1000 * (time.perf_counter() - begun))
        db.session.rollback()
    return round(statistics.median(taken), 1)


def _paid(invoices: int) -> int:
    return sum(number % UNPAID_EVERY != 0 for number in range(invoices))


def _fill(invoices: int, now: datetime) -> Made:
    a_practice()
    office = an_administrator("Omar Doe")
    clients = [a_client(f"P{number} Doe") for number in range(CLIENTS)]
    counselors = [a_counselor(f"C{number} Doe") for number in range(COUNSELORS)]
    db.session.commit()
    rows = [_invoice(number, invoices, clients, counselors, now) for number in range(invoices)]
    db.session.execute(insert(Invoice), rows)
    db.session.execute(insert(InvoiceLine), [_line(row) for row in rows])
    paid = [row for number, row in enumerate(rows) if number % UNPAID_EVERY]
    db.session.execute(insert(Payment), [_payment(row) for row in paid])
    db.session.execute(insert(ProviderLine), [_provided(row) for row in paid])
    _post(rows, Kind.INVOICE, Account.RECEIVABLE, Account.INCOME, 0)
    _post(paid, Kind.PAYMENT, Account.CLEARING, Account.RECEIVABLE, len(rows))
    db.session.commit()
    return Made(office, clients, invoices)


def _invoice(
    number: int, invoices: int, clients: list[Person], counselors: list[Person], now: datetime
) -> dict[str, object]:
    return {
        "id": number + 1,
        "number": number + 1,
        "uid": f"{number:032x}",
        "client_id": clients[number % CLIENTS].id,
        "counselor_id": counselors[number % COUNSELORS].id,
        "total_cents": PRICE,
        "currency": "USD",
        "issued_at": now - timedelta(days=DAYS) * (1 - number / invoices) - timedelta(days=4),
        "parties": {"practice": {"name": "Bench"}, "client": {"name": "P"}, "counselor": "C"},
    }


def _line(row: dict[str, object]) -> dict[str, object]:
    return {
        "invoice_id": row["id"],
        "position": 1,
        "description": "Session",
        "quantity": 1,
        "unit_cents": PRICE,
        "amount_cents": PRICE,
    }


def _payment(row: dict[str, object]) -> dict[str, object]:
    at = row["issued_at"]
    return {
        "id": row["id"],
        "uid": row["uid"],
        "bill_id": row["id"],
        "client_id": row["client_id"],
        "invoice_id": row["id"],
        "amount_cents": PRICE,
        "received_cents": PRICE,
        "currency": "USD",
        "status": "succeeded",
        "fate": "kept",
        "intent_id": f"pi_{row['id']}",
        **dict.fromkeys(("created_at", "expires_at", "checked_at", "paid_at"), at),
    }


def _provided(row: dict[str, object]) -> dict[str, object]:
    return {
        "id": f"txn_{row['id']}",
        "kind": "charge",
        "amount_cents": PRICE,
        "fee_cents": 0,
        "currency": "USD",
        "source": f"ch_{row['id']}",
        "payment_id": row["id"],
        "created_at": row["issued_at"],
        "read_at": row["issued_at"],
    }


def _post(rows: list[dict[str, object]], kind: Kind, debit: Account, credit: Account, first: int) -> None:
    postings = [
        {
            "id": first + at,
            "kind": str(kind),
            "reference": row["uid"],
            "amount_cents": PRICE,
            "currency": "USD",
            "open_debit_cents": PRICE,
            "open_credit_cents": PRICE,
            "payment_id": row["id"] if kind is Kind.PAYMENT else None,
            "posted_at": row["issued_at"],
        }
        for at, row in enumerate(rows, 1)
    ]
    db.session.execute(insert(LedgerTransaction), postings)
    db.session.execute(
        insert(LedgerEntry),
        [entry for at, row in enumerate(rows, 1) for entry in _sides(first + at, row, debit, credit)],
    )


def _sides(posting: int, row: dict[str, object], debit: Account, credit: Account) -> Iterator[dict[str, object]]:
    for account, cents in ((debit, PRICE), (credit, -PRICE)):
        yield {
            "transaction_id": posting,
            "currency": "USD",
            "account": str(account),
            "amount_cents": cents,
            "client_id": row["client_id"],
            "counselor_id": row["counselor_id"],
            "invoice_id": row["id"],
        }


if __name__ == "__main__":
    main()
