"""A client's page about a fee, saying what is not right about it, and the answer."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask import request as asked
from flask.typing import ResponseReturnValue

from booking.fees import forms, objections, queries
from booking.models.fees import FeeProposal
from booking.models.objections import LET_GO
from booking.refusals import NotAllowedError
from booking.views.blueprint import bp
from booking.views.fees import fee_decider, fees_page
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.security import clients_only, current_person, signed_in


@bp.get("/fees/<int:proposal_id>")
@clients_only
def fee(proposal_id: int) -> ResponseReturnValue:
    """Show a client what a fee is for, and what they wrote about it."""
    return _page(_own(proposal_id), blank())


@bp.post("/fees/<int:proposal_id>/objection")
@clients_only
def object_to_fee(proposal_id: int) -> ResponseReturnValue:
    """Keep what a client says against a fee."""
    proposal, form = _own(proposal_id), forms.Objection.parse(asked.form)
    if isinstance(form, Errors):
        return _page(proposal, form), 422
    try:
        objections.object_to(proposal, words=form.words, by=current_person(), now=ports().clock.now())
    except NotAllowedError as refusal:
        db.session.rollback()
        return _page(_own(proposal_id), refused(asked.form, words=str(refusal))), 409
    db.session.commit()
    flash("Thank you. Somebody reads it and answers you.", "good")
    return redirect(url_for("booking.fee", proposal_id=proposal_id), 303)


@bp.post("/fees/<int:proposal_id>/objection/answer")
@signed_in
def answer_objection(proposal_id: int) -> ResponseReturnValue:
    """Keep a fee somebody objected to, or let it go, with words to them."""
    viewer = fee_decider()
    proposal = queries.proposal_for(viewer, proposal_id) or abort(404)
    objection = objections.of(proposal) or abort(404)
    form = forms.ObjectionAnswer.parse(asked.form)
    if isinstance(form, Errors):
        return fees_page(form, objection=objection.id), 422
    try:
        objections.answer(objection, outcome=form.outcome, words=form.words, by=viewer, now=ports().clock.now())
    except NotAllowedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
        return redirect(url_for("booking.fees"), 303)
    db.session.commit()
    words = "The fee is let go, and what was paid goes back." if form.outcome == LET_GO else "The fee stays."
    flash(f"{words} The client is told.", "good")
    return redirect(url_for("booking.fees"), 303)


def _own(proposal_id: int) -> FeeProposal:
    return queries.own_fee(current_person(), proposal_id) or abort(404)


def _page(proposal: FeeProposal, form: Errors) -> str:
    return render_template(
        "booking/fee.html",
        fee=proposal,
        objection=objections.of(proposal),
        may_object=objections.may_object(proposal, current_person()),
        form=form,
        zone=current_person().zone,
    )
