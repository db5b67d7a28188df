"""How money joins the app."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from billing import demo, jobs, letters, models, panels, subscribers
from billing.additions import wiring as additions
from billing.autopay import wiring as autopay
from billing.cards import wiring as cards
from billing.claims import wiring as claims
from billing.clients import wiring as clients
from billing.closing import wiring as closing
from billing.credit import wiring as credit
from billing.disputes import wiring as disputes
from billing.lowered import wiring as lowered
from billing.manual import wiring as manual
from billing.matching import wiring as matching
from billing.packages import wiring as packages
from billing.papers import wiring as papers
from billing.reports import wiring as reports
from billing.settlements import wiring as settlements
from billing.shares import wiring as shares
from billing.terms import wiring as terms
from billing.till import wiring as till
from billing.views.blueprint import bp
from practice.core import navigation
from practice.models import CLIENT, OFFICE

__all__ = [
    "additions",
    "autopay",
    "cards",
    "claims",
    "demo",
    "disputes",
    "jobs",
    "letters",
    "manual",
    "matching",
    "models",
    "panels",
    "papers",
    "reports",
    "terms",
    "till",
    "wire",
]

VIEWS = ("paying", "bills", "webhooks", "papers", "office", "refunds", "ledger", "adjustments")


def wire(app: Flask) -> None:
    """Register pages, menu entries, mail, jobs, panels and what money wants to hear of."""
    for name in VIEWS:
        import_module(f"billing.views.{name}")
    for part in (cards, terms, autopay):
        part.wire()
    app.register_blueprint(bp)
    packages.wire_before_billing()
    subscribers.subscribe()
    credit.wire()
    settlements.wire()
    packages.wire()
    lowered.wire()
    own = {f"billing.{name}" for name in ("account", "autopay", "balance", "cards", "credit", "statement")}
    closing.wire()
    shares.wire()
    clients.wire()
    own |= papers.OF_CLIENTS
    own |= {"billing.own_packages", "billing.own_price"}
    navigation.add("Payments", "billing.mine", "receipt", roles={CLIENT}, order=30, also=own)
    papers.wire()
    claims.wire()
    reports.wire()
    sold = {"billing.packages", "billing.scale", "billing.vouchers"}
    navigation.add(
        "Invoices",
        "billing.invoices",
        "receipt",
        roles=OFFICE,
        order=40,
        group=navigation.Group.MONEY,
        also=sold,
    )
    by_hand = {"billing.manual_payments", "billing.new_manual_payment", "billing.till", "billing.till_banking"}
    navigation.add(
        "Payments",
        "billing.payments",
        "card",
        roles=OFFICE,
        order=42,
        group=navigation.Group.MONEY,
        also=by_hand,
    )
    navigation.add(
        "Ledger",
        "billing.ledger",
        "list",
        roles=OFFICE,
        order=44,
        group=navigation.Group.MONEY,
        also={"billing.posting"},
    )
