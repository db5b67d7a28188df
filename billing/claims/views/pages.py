"""Claims: the list, making one, one with its life, and putting one right. For the office."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.claims import forms, queries, services
from billing.claims.models import Claim
from billing.claims.services import CannotClaimError
from billing.claims.states import ANSWERS, MADE, SENT, STATES, WITH_INSURER, WORDS
from billing.claims.terms import CLIENT, CORRECTS, PRACTICE, VOIDS
from billing.claims.views.found import claim_or_404
from billing.papers import queries as papers
from billing.papers.models import Superbill
from billing.papers.superbill import Document
from billing.papers.superbills import LackingError
from billing.views.blueprint import bp
from billing.views.pages import Pages
from practice.core import audit
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import current_person, office_only


@bp.get("/claims")
@office_only
def claims() -> ResponseReturnValue:
    """List the practice's claims."""
    text = request.args.get("text", "").strip()[:100]
    state = request.args.get("state", "")
    kept: dict[str, Any] = {"text": text} if text else {}
    if state in STATES:
        kept["state"] = state
    found = queries.listed(state=kept.get("state", ""), text=text, page=request.args.get("page", 1, type=int))
    return render_template(
        "billing/claims/list.html",
        found=found,
        counts=queries.counts(),
        form=blank(**kept),
        narrowed=bool(kept),
        states=[(each, WORDS[each][0]) for each in STATES],
        words=WORDS,
        pages=_pages(found.number, found.pages, kept),
        zone=the_practice().zone,
    )


@bp.get("/superbills/<int:superbill_id>/claims/new")
@office_only
def new_claim(superbill_id: int) -> ResponseReturnValue:
    """Ask what a claim shall say besides its superbill."""
    return _new_page(_superbill(superbill_id), blank(payee=CLIENT))


@bp.post("/superbills/<int:superbill_id>/claims")
@office_only
def make_claim(superbill_id: int) -> ResponseReturnValue:
    """Make a claim of a superbill, or say why not."""
    row = _superbill(superbill_id)
    terms = forms.terms(request.form)
    if isinstance(terms, Errors):
        return _new_page(row, terms), 422
    try:
        made = services.make(row, terms, by=current_person(), now=ports().clock.now())
    except CannotClaimError as error:
        return _new_page(row, refused(request.form, payee=str(error))), 409
    db.session.commit()
    flash(f"Claim {made.label} is made. Send it, and say here that you did.")
    return redirect(url_for("billing.claim", claim_id=made.id), 303)


@bp.get("/claims/<int:claim_id>")
@office_only
def claim(claim_id: int) -> ResponseReturnValue:
    """Show a claim and what became of it."""
    row = claim_or_404(claim_id)
    audit.record_aside(
        "claim.viewed",
        person_id=current_person().id,
        subject=("claim", row.id),
        about=row.client_id,
        acting=current_person().office_role,
    )
    return _page(row, blank(on=_today().isoformat()))


@bp.post("/claims/<int:claim_id>/sending")
@office_only
def send_claim(claim_id: int) -> ResponseReturnValue:
    """Note that a claim went out."""
    row = claim_or_404(claim_id)
    form = forms.Sent.parse(request.form, today=_today())
    if isinstance(form, Errors):
        return _page(row, form), 422
    return _done(row, lambda now: services.send(row, form.on, by=current_person(), now=now), "Noted as sent.")


@bp.post("/claims/<int:claim_id>/withdrawal")
@office_only
def withdraw_claim(claim_id: int) -> ResponseReturnValue:
    """Take back a claim that never went out."""
    row = claim_or_404(claim_id)
    return _done(row, lambda now: services.withdraw(row, by=current_person(), now=now), "Withdrawn.")


@bp.post("/claims/<int:claim_id>/answer")
@office_only
def answer_claim(claim_id: int) -> ResponseReturnValue:
    """Note what the insurer decided."""
    row = claim_or_404(claim_id)
    form = forms.Answered.parse(request.form, today=_today(), currency=row.currency)
    if isinstance(form, Errors):
        return _page(row, form), 422
    return _done(row, lambda now: services.answer(row, form, by=current_person(), now=now), "Noted.")


@bp.get("/claims/<int:claim_id>/following")
@office_only
def following_claim(claim_id: int) -> ResponseReturnValue:
    """Ask how a claim the insurer has is put right."""
    row = claim_or_404(claim_id)
    if row.state not in WITH_INSURER or queries.follower(row):
        return redirect(url_for("billing.claim", claim_id=row.id), 303)
    return _following_page(row, blank(frequency=CORRECTS, authorization=row.terms.authorization))


@bp.post("/claims/<int:claim_id>/following")
@office_only
def follow_claim(claim_id: int) -> ResponseReturnValue:
    """Make the claim that corrects or voids another."""
    row = claim_or_404(claim_id)
    form = forms.Following.parse(request.form)
    if isinstance(form, Errors):
        return _following_page(row, form), 422
    now = ports().clock.now()
    try:
        made = services.follow(row, form, practice=the_practice(), by=current_person(), now=now)
    except (CannotClaimError, LackingError) as error:
        words = f"Missing: {error}." if isinstance(error, LackingError) else str(error)
        return _following_page(row, refused(request.form, frequency=words)), 409
    db.session.commit()
    flash(f"Claim {made.label} is made. Once it is sent it takes the place of {row.label}.")
    return redirect(url_for("billing.claim", claim_id=made.id), 303)


def _done(row: Claim, act: Any, words: str) -> ResponseReturnValue:
    try:
        act(ports().clock.now())
    except CannotClaimError as error:
        db.session.rollback()
        flash(str(error), "bad")
    else:
        db.session.commit()
        flash(words)
    return redirect(url_for("billing.claim", claim_id=row.id), 303)


def _superbill(superbill_id: int) -> Superbill:
    return papers.superbill_for(current_person(), superbill_id) or abort(404)


def _today() -> date:
    return local(ports().clock.now(), the_practice().zone).date()


def _new_page(row: Superbill, form: Errors) -> str:
    return render_template(
        "billing/claims/new.html",
        row=row,
        form=form,
        document=Document.kept(row.said),
        lacks=services.lacks(row),
        payees=[
            (CLIENT, "The client", "They have paid, and are paid back."),
            (PRACTICE, "The practice", "The client signed that benefits may go to it."),
        ],
        zone=row.client.zone,
    )


def _page(row: Claim, form: Errors) -> str:
    return render_template(
        "billing/claims/claim.html",
        row=row,
        form=form,
        document=Document.kept(row.superbill.said),
        terms=row.terms,
        state=WORDS[row.state],
        words=WORDS,
        events=queries.events(row),
        files=queries.files(row),
        follower=queries.follower(row),
        lacks=services.lacks_of_file(row),
        is_made=row.state == MADE,
        is_with_insurer=row.state in WITH_INSURER,
        waits=row.state == SENT,
        answers=[(each, WORDS[each][0]) for each in ANSWERS],
        zone=the_practice().zone,
    )


def _following_page(row: Claim, form: Errors) -> str:
    return render_template(
        "billing/claims/following.html",
        row=row,
        form=form,
        ways=[
            (CORRECTS, "Correct it", "The new claim says what codes and billing details say now."),
            (VOIDS, "Void it", "The insurer takes it back as if it had never come."),
        ],
    )


def _pages(number: int, pages: int, kept: dict[str, Any]) -> Pages:
    return Pages(
        number,
        pages,
        url_for("billing.claims", **kept, page=number - 1) if number > 1 else None,
        url_for("billing.claims", **kept, page=number + 1) if number < pages else None,
    )
