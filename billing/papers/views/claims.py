"""Superbills as claims: the printed form, and files for a clearinghouse. For the office."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from billing.papers import claims, cms1500, queries
from billing.papers.cms1500_boxes import HEADS, MARKS
from billing.papers.models import Superbill
from billing.papers.superbill import Document
from billing.papers.views.printed import pdf
from billing.views.blueprint import bp
from practice.core import audit
from practice.core.db import db
from practice.core.formats import local
from practice.core.ports import ports
from practice.security import administrators_only, current_person


@bp.get("/superbills/<int:superbill_id>/cms-1500.pdf")
@administrators_only
def cms1500_pdf(superbill_id: int) -> ResponseReturnValue:
    """Give a superbill as the printed claim form."""
    row = _superbill(superbill_id)
    _exported(row, "cms-1500")
    signed_on = local(row.issued_at, row.client.zone).date()
    laid_out = cms1500.pages(Document.kept(row.said), row.label, signed_on)
    markup = render_template("print/cms1500.html", pages=laid_out, row=row, marks=MARKS, heads=HEADS)
    back = url_for("billing.superbill", superbill_id=row.id)
    return pdf(markup, f"CMS-1500 for {row.label}", f"{row.label}-cms-1500.pdf", back=back)


@bp.post("/superbills/<int:superbill_id>/claims")
@administrators_only
def make_claim_file(superbill_id: int) -> ResponseReturnValue:
    """Make a superbill's electronic claim, or say what it lacks."""
    row = _superbill(superbill_id)
    lacking = claims.lacks(row)
    back = redirect(url_for("billing.superbill", superbill_id=row.id, _anchor="claims"), 303)
    if lacking:
        flash(f"Not yet. Missing: {'; '.join(lack.words for lack in lacking)}.", "bad")
        return back
    made = claims.make(row, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash(f"The file with control number {made.control_number} is ready.")
    return back


@bp.get("/superbills/<int:superbill_id>/claims/<int:number>.txt")
@administrators_only
def claim_file(superbill_id: int, number: int) -> ResponseReturnValue:
    """Give an electronic claim, the same at every download."""
    row = _superbill(superbill_id)
    found = claims.file_of(row, number)
    if found is None:
        abort(404)
    _exported(row, "837P")
    answer = Response(found.text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="claim-{number:09}.txt"'
    return answer


def _superbill(superbill_id: int) -> Superbill:
    return queries.superbill_for(current_person(), superbill_id) or abort(404)


def _exported(row: Superbill, form: str) -> None:
    audit.record_aside(
        "claim.exported",
        person_id=current_person().id,
        subject=("superbill", row.id),
        detail={"form": form},
        about=row.client_id,
        acting="administrator",
    )
