"""How papers about money join the app."""

from __future__ import annotations

from billing.coding import models as coding
from billing.coding import panels as coding_panels
from billing.coding.views import pages
from billing.estimates import demo as estimate_demo
from billing.estimates import jobs as estimate_jobs
from billing.estimates import letters as estimate_letters
from billing.estimates import models as estimates
from billing.estimates import panels as estimate_panels
from billing.estimates.views import pages as estimate_pages
from billing.papers import demo, letters, models, panels
from billing.papers.views import statements, superbills
from billing.parties import models as parties
from billing.parties import panels as party_panels
from billing.parties.views import details
from practice.core import navigation
from practice.models import COUNSELOR, OFFICE

TABLES = (
    parties.BillingParty,
    coding.SessionCodes,
    models.Superbill,
    estimates.Estimate,
)
PARTS = (
    *(estimate_demo, estimate_jobs, estimate_letters, estimate_pages, estimate_panels),
    *(coding_panels, party_panels, demo, details, letters, pages, panels, statements, superbills),
)
ALSO = {"billing.superbills_of", "billing.practice_details", "billing.details_of"}
OF_CLIENTS = frozenset({"billing.details", "billing.own_estimates", "billing.own_superbills"})
"""The clients' pages, which belong to their payments."""


def wire() -> None:
    """Register the menu entries; pages, letters and panels join by being read."""
    navigation.add(
        "Sessions to code",
        "billing.coding",
        "list",
        roles={COUNSELOR},
        order=42,
        group=navigation.Group.MONEY,
        also={"billing.session_codes", "billing.addition_fees"},
    )
    navigation.add(
        "Superbills",
        "billing.all_superbills",
        "file",
        roles=OFFICE,
        order=46,
        group=navigation.Group.MONEY,
        also=ALSO,
    )
    navigation.add(
        "Estimates",
        "billing.all_estimates",
        "tag",
        roles=OFFICE,
        order=47,
        group=navigation.Group.MONEY,
        also={"billing.estimates_of"},
    )
