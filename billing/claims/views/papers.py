"""What goes to an insurer: the printed form, the same without its boxes for the red form, and files."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from billing.claims import cms1500, queries, services
from billing.claims.cms1500_boxes import HEADS, MARKS
from billing.claims.models import Claim
from billing.claims.views.found import claim_or_404
from billing.papers.superbill import Document
from billing.papers.views.printed import pdf
from billing.views.blueprint import bp
from practice.core import audit
from practice.core.db import db
from practice.core.formats import local
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import current_person, office_only


@bp.get("/claims/<int:claim_id>/cms-1500.pdf")
@office_only
def cms1500_pdf(claim_id: int) -> ResponseReturnValue:
    """Give a claim as the form, drawn anew."""
    return _form(claim_id, boxes=True)


@bp.get("/claims/<int:claim_id>/cms-1500-text.pdf")
@office_only
def cms1500_text_pdf(claim_id: int) -> ResponseReturnValue:
    """Give what stands on the form alone, to be printed on the red form that scanners read."""
    return _form(claim_id, boxes=False)


@bp.post("/claims/<int:claim_id>/files")
@office_only
def make_claim_file(claim_id: int) -> ResponseReturnValue:
    """Make a claim's electronic file, or say what it lacks."""
    row = claim_or_404(claim_id)
    back = redirect(url_for("billing.claim", claim_id=row.id), 303)
    if lacking := services.lacks_of_file(row):
        flash(f"Not yet. Missing: {'; '.join(lack.words for lack in lacking)}.", "bad")
        return back
    made = services.make_file(row, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash(f"The file with control number {made.control_number} is ready.")
    return back


@bp.get("/claims/<int:claim_id>/files/<int:number>.txt")
@office_only
def claim_file(claim_id: int, number: int) -> ResponseReturnValue:
    """Give an electronic claim, the same at every download."""
    row = claim_or_404(claim_id)
    found = queries.file(row, number) or abort(404)
    _exported(row, "837P")
    answer = Response(found.text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="claim-{number:09}.txt"'
    return answer


def _form(claim_id: int, *, boxes: bool) -> ResponseReturnValue:
    row = claim_or_404(claim_id)
    _exported(row, "cms-1500")
    signed_on = local(row.made_at, the_practice().zone).date()
    laid_out = cms1500.pages(Document.kept(row.superbill.said), row.heading, row.terms, signed_on)
    markup = render_template("print/cms1500.html", pages=laid_out, row=row, marks=MARKS, heads=HEADS, boxes_drawn=boxes)
    name = f"{row.label}-cms-1500{'' if boxes else '-text'}.pdf"
    return pdf(markup, f"CMS-1500 for {row.label}", name, back=url_for("billing.claim", claim_id=row.id))


def _exported(row: Claim, form: str) -> None:
    audit.record_aside(
        "claim.exported",
        person_id=current_person().id,
        subject=("claim", row.id),
        detail={"form": form},
        about=row.client_id,
        acting=current_person().office_role,
    )
