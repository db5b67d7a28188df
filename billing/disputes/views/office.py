"""The administrator's disputes: what arrived, until when, and the answer put together from what is known."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.disputes import packet, queries, services, words
from billing.disputes.forms import Acceptance, Answer
from billing.disputes.models import Dispute
from billing.views.blueprint import bp
from billing.views.pages import Pages
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person, office_only


@bp.get("/disputes")
@office_only
def disputes() -> ResponseReturnValue:
    """List the disputes, those to be answered first."""
    number = min(max(request.args.get("page", 1, type=int), 1), 1000)
    rows = queries.page(number)
    return render_template(
        "billing/disputes/list.html",
        rows=rows[: queries.PAGE_SIZE],
        stages=words.STAGES,
        reason=words.reason,
        pages=Pages(
            number,
            0,
            url_for("billing.disputes", page=number - 1) if number > 1 else None,
            url_for("billing.disputes", page=number + 1) if len(rows) > queries.PAGE_SIZE else None,
        ),
        zone=the_practice().zone,
    )


@bp.get("/disputes/<int:dispute_id>")
@office_only
def dispute(dispute_id: int) -> ResponseReturnValue:
    """Show a dispute with its answer, or with what the answer would say."""
    found = queries.dispute(dispute_id) or abort(404)
    audit.record_aside(
        "dispute.viewed",
        person_id=current_person().id,
        subject=("dispute", dispute_id),
        about=found.payment.client_id,
    )
    return _page(found, forms.blank(words=""))


@bp.post("/disputes/<int:dispute_id>/answer")
@office_only
def answer_dispute(dispute_id: int) -> ResponseReturnValue:
    """Keep the answer and send it, once; what was written is never lost."""
    found = queries.locked(dispute_id) or abort(404)
    form = Answer.parse(request.form)
    if isinstance(form, Errors):
        return _page(found, form), 422
    now = ports().clock.now()
    put_together = packet.of(found, zone=the_practice().zone, words=form.words)
    try:
        services.answer(found, put_together, by=current_person(), now=now)
    except services.CannotAnswerError as error:
        db.session.rollback()
        return _page(queries.dispute(dispute_id) or abort(404), forms.refused(request.form, words=str(error))), 409
    db.session.commit()
    sent = services.send(ports().payments, dispute_id, now=now)
    words_, tone = ("The answer is sent. The bank decides now.", "good") if sent.sent_at else (sent.problem, "wait")
    flash(words_, tone)
    return redirect(url_for("billing.dispute", dispute_id=dispute_id), 303)


@bp.post("/disputes/<int:dispute_id>/acceptance")
@administrators_only
def accept_dispute(dispute_id: int) -> ResponseReturnValue:
    """Leave the money to its payer, once and for all."""
    found = queries.locked(dispute_id) or abort(404)
    form = Acceptance.parse(request.form)
    if isinstance(form, Errors):
        return _page(found, forms.blank(words=""), accepting=form), 422
    now = ports().clock.now()
    try:
        services.accept(found, by=current_person(), now=now)
    except services.CannotAnswerError as error:
        db.session.rollback()
        refused = forms.refused(request.form, accept=str(error))
        return _page(queries.dispute(dispute_id) or abort(404), forms.blank(words=""), accepting=refused), 409
    db.session.commit()
    sent = services.send_acceptance(ports().payments, dispute_id, now=now)
    words_, tone = (sent.problem, "wait") if sent.problem else ("Accepted. The client keeps the money.", "good")
    flash(words_, tone)
    return redirect(url_for("billing.dispute", dispute_id=dispute_id), 303)


def _page(found: Dispute, form: Errors, accepting: Errors | None = None) -> str:
    zone = the_practice().zone
    parts = found.answer or packet.of(found, zone=zone).as_json()
    return render_template(
        "billing/disputes/dispute.html",
        dispute=found,
        parts=parts,
        form=form,
        accepting=accepting,
        state=words.STAGES[found.stage],
        reason=words.reason(found.reason),
        advice=words.ADVICE.get(found.reason, ""),
        open_to_answer=found.can_be_answered and found.answer is None,
        zone=zone,
    )
