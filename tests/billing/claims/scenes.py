"""A superbill to be claimed, as a document."""

from __future__ import annotations

from billing.papers.superbill import Document, Item, Office, Provider
from tests.billing.papers.scenes import ALICE

PROVIDER = Provider(
    "Inês Calder", "Inês", "Calder", "LMHC", "LMHC NY-004417 (New York)", "1234567893", "123456789", "101YM0800X"
)
HOUSE = Office(
    "Stillpoint",
    ("400 Quay Road", "New York, NY 10001-2200"),
    "2125550100",
    "hello@stillpoint.example",
    "1245319599",
    "400 Quay Road",
    "New York",
    "NY",
    "10001-2200",
)


def an_item(day: int = 1, **changes: object) -> Item:
    usual = {"code": "90834", "units": 1, "modifier": "95", "place": "10", "pointer": "A"}
    return Item(on=f"2026-11-{day:02}", **(usual | {"fee_cents": 120_00, "paid_cents": 120_00} | changes))


def a_document(*items: Item, **changes: object) -> Document:
    usual = {"client": ALICE, "provider": PROVIDER, "office": HOUSE, "diagnoses": ("F41.1", "F43.10")}
    return Document(items=items or (an_item(),), currency="USD", **(usual | changes))
