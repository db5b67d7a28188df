"""The claim a page is about."""

from __future__ import annotations

from flask import abort

from billing.claims import queries
from billing.claims.models import Claim


def claim_or_404(claim_id: int) -> Claim:
    """Return a claim, or nothing is found."""
    return queries.claim(claim_id) or abort(404)
