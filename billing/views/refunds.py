"""One payment with everything that happened to it, and giving some of it back."""

from __future__ import annotations

from uuid import uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing import checking, history, queries, refunding
from billing.disputes import queries as disputes
from billing.forms import REFUND_REASONS, GiveBack
from billing.ledger.words import ACCOUNTS, KINDS
from billing.models import Payment
from billing.states import CARD, CREDIT, FAILED, GIVEN_BACK, REASONS, SUCCEEDED
from billing.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person, office_only

CHOICES = [(reason, REASONS[reason]) for reason in REFUND_REASONS]


@bp.get("/payments/<int:payment_id>")
@office_only
def payment(payment_id: int) -> ResponseReturnValue:
    """Show a payment with its refunds, the provider's news and the entries in the books."""
    found, viewer = _found(payment_id), current_person()
    audit.record_aside("payment.viewed", person_id=viewer.id, subject=("payment", payment_id))
    zone = the_practice().zone
    return render_template(
        "billing/payment.html",
        payment=found,
        happened=history.of(found, queries.events_of(found), zone),
        postings=queries.postings_of(found),
        accounts=ACCOUNTS,
        kinds=KINDS,
        reasons=REASONS,
        zone=zone,
    )


@bp.get("/payments/<int:payment_id>/refund")
@administrators_only
def refund(payment_id: int) -> ResponseReturnValue:
    """Ask how much to give back, and why."""
    found = _refundable(payment_id)
    return _form_page(
        found,
        forms.blank(amount=found.left.plain, seen=found.left.plain, reason="", note="", way=CARD, key=uuid4().hex),
    )


@bp.post("/payments/<int:payment_id>/refund")
@administrators_only
def give_back(payment_id: int) -> ResponseReturnValue:
    """Show what is about to happen, and on the second press do it, once."""
    found = _refundable(payment_id)
    if disputes.holding(found):
        return _form_page(found, forms.refused(request.form)), 409
    form = GiveBack.parse(request.form, left=found.left)
    if isinstance(form, Errors):
        return _again(found, form)
    if form.seen != found.left and not _was_asked(found):
        return _overtaken(found), 409
    if request.form.get("step") != "confirm":
        return render_template("billing/refund_confirm.html", payment=found, form=form, reason=REASONS[form.reason])
    now = ports().clock.now()
    try:
        asked = refunding.request(
            found,
            form.amount,
            reason=form.reason,
            note=form.note,
            by=current_person(),
            form_key=form.key,
            now=now,
            way=form.way,
        )
    except refunding.TooMuchError as error:
        db.session.rollback()
        return _form_page(_found(payment_id), forms.refused(request.form, amount=str(error))), 409
    number = asked.id
    db.session.commit()
    return _send(payment_id, number)


def _send(payment_id: int, refund_id: int) -> ResponseReturnValue:
    """Send what goes back to the card at once, and say what came of it."""
    checking.send_refunds(ports().payments, now=ports().clock.now(), refund_id=refund_id)
    refunds = {made.id: made for made in _found(payment_id).refunds}
    made = refunds[refund_id]
    where = "is credit now" if made.way == CREDIT else "went back to the card"
    words = {
        GIVEN_BACK: (f"{made.amount} {where}.", "good"),
        FAILED: ("The card company refused this refund. See below.", "bad"),
    }
    flash(*words.get(made.status, (f"{made.amount} is on its way back.", "info")))
    return redirect(url_for("billing.payment", payment_id=payment_id), 303)


def _again(found: Payment, form: Errors) -> ResponseReturnValue:
    """Show the form again; one whose refund was made already leads to the payment."""
    if _was_asked(found):
        return redirect(url_for("billing.payment", payment_id=found.id), 303)
    return _form_page(found, form), 422


def _was_asked(found: Payment) -> bool:
    return any(made.form_key == request.form.get("key") for made in found.refunds)


def _overtaken(found: Payment) -> str:
    words = f"Something changed meanwhile: {found.left} is left now. Look at it once more."
    return _form_page(found, Errors({**forms.shown(request.form), "seen": found.left.plain}, {"amount": words}))


def _form_page(found: Payment, form: Errors) -> str:
    return render_template(
        "billing/refund.html",
        payment=found,
        dispute=disputes.holding(found),
        form=form,
        reasons=CHOICES,
        zone=the_practice().zone,
    )


def _found(payment_id: int) -> Payment:
    return queries.payment_for(current_person(), payment_id) or abort(404)


def _refundable(payment_id: int) -> Payment:
    found = _found(payment_id)
    if found.status != SUCCEEDED:
        abort(404)
    return found
