"""Fees by rule: what is proposed, who decides, and the rules themselves."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import policies
from booking.fees import forms, queries, services
from booking.models.fees import FeeProposal
from booking.refusals import NotAllowedError
from booking.views.blueprint import bp
from booking.views.directory import Page
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.money import SYMBOLS
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person, signed_in

PAGE_SIZE = 20


@bp.get("/fees")
@signed_in
def fees() -> ResponseReturnValue:
    """List the fees that wait for a decision, and those decided."""
    return fees_page(blank())


@bp.post("/fees/<int:proposal_id>/charge")
@signed_in
def charge_fee(proposal_id: int) -> ResponseReturnValue:
    """Charge a proposed fee."""
    proposal = _proposal(proposal_id)
    try:
        services.charge(proposal, by=current_person(), now=ports().clock.now())
    except NotAllowedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
        return redirect(url_for("booking.fees"), 303)
    db.session.commit()
    flash(f"{proposal.amount} charged. What was paid beyond it goes back.", "good")
    return redirect(url_for("booking.fees"), 303)


@bp.post("/fees/<int:proposal_id>/waiver")
@signed_in
def waive_fee(proposal_id: int) -> ResponseReturnValue:
    """Let a fee go, with a reason."""
    proposal = _proposal(proposal_id)
    form = forms.Waiver.parse(request.form)
    if isinstance(form, Errors):
        return fees_page(form, about=proposal.id), 422
    try:
        services.waive(proposal, by=current_person(), reason=form.reason, now=ports().clock.now())
    except NotAllowedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
        return redirect(url_for("booking.fees"), 303)
    db.session.commit()
    flash("Waived. What was paid goes back.", "good")
    return redirect(url_for("booking.fees"), 303)


@bp.get("/fees/rules")
@administrators_only
def fee_rules() -> ResponseReturnValue:
    """Show what late cancellations and missed sessions cost."""
    present = policies.in_force()
    return _rules(forms.shown(present.late, present.missed, the_practice().currency, automatic=present.automatic))


@bp.post("/fees/rules")
@administrators_only
def set_fee_rules() -> ResponseReturnValue:
    """Set what late cancellations and missed sessions cost."""
    form = forms.Rules.parse(request.form, currency=the_practice().currency)
    if isinstance(form, Errors):
        return _rules(form), 422
    services.set_rules(form.late, form.missed, automatic=form.automatic, by=current_person())
    db.session.commit()
    flash("The rules are saved. They hold for sessions booked from now on.", "good")
    return redirect(url_for("booking.fee_rules"), 303)


def fees_page(form: Errors, *, about: int | None = None, objection: int | None = None) -> str:
    """Show what waits and what was decided; `about` is the fee, or `objection` the objection, a refused form is for."""
    viewer = fee_decider()
    number = min(max(request.args.get("page", 1, type=int) or 1, 1), 1000)
    decided = queries.decided_for(viewer, most=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    return render_template(
        "booking/fees.html",
        waiting=queries.open_for(viewer) if number == 1 else [],
        objections=queries.objections_for(viewer) if number == 1 else [],
        decided=decided[:PAGE_SIZE],
        form=form,
        about=about,
        objection=objection,
        page=Page(
            number,
            0,
            url_for("booking.fees", page=number - 1) if number > 1 else None,
            url_for("booking.fees", page=number + 1) if len(decided) > PAGE_SIZE else None,
        ),
        zone=viewer.zone,
    )


def _rules(form: Errors) -> str:
    currency = the_practice().currency
    words = policies.in_force().words
    return render_template("booking/fee_rules.html", form=form, symbol=SYMBOLS.get(currency, currency), words=words)


def fee_decider() -> Person:
    """Return who decides about fees: a counselor or an administrator."""
    viewer = current_person()
    return viewer if viewer.is_counselor or viewer.is_administrator else abort(404)


def _proposal(proposal_id: int) -> FeeProposal:
    return queries.proposal_for(fee_decider(), proposal_id) or abort(404)
