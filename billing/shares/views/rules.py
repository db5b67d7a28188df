"""Agreeing on a share, and withdrawing what was agreed by mistake: both show first what they do to paid sessions."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from billing.shares import forms, queries, services
from billing.shares.agreeing import Agreed
from billing.shares.models import ShareRule
from billing.shares.rules import FIXED, PERCENT
from billing.shares.views.whose import counselor_or_404
from billing.views.blueprint import bp
from booking.models.services import Service
from practice.core import forms as core_forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors
from practice.core.money import Money
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person


@bp.get("/shares/<int:person_id>/rules/new")
@administrators_only
def new_share_rule(person_id: int) -> ResponseReturnValue:
    """Ask what a counselor gets from a day on."""
    today = local(ports().clock.now(), the_practice().zone).date()
    blank = core_forms.blank(kind=PERCENT, percent="", amount="", from_on=today, service="")
    return _form_page(counselor_or_404(person_id), blank)


@bp.post("/shares/<int:person_id>/rules/new")
@administrators_only
def agree_share(person_id: int) -> ResponseReturnValue:
    """Show what a rule would do, and on the second press write it down."""
    counselor, practice = counselor_or_404(person_id), the_practice()
    offered = _services(counselor)
    form = forms.rule(request.form, currency=practice.currency, services=[each.id for each in offered])
    if isinstance(form, Errors):
        return _form_page(counselor, form), 422
    if request.form.get("step") != "confirm":
        return _confirm_page(counselor, form, offered)
    services.agree(counselor, form, zone=practice.zone, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("Agreed. Shares follow from now on by themselves.", "good")
    return redirect(url_for("billing.counselor_shares", person_id=person_id), 303)


@bp.get("/shares/rules/<int:rule_id>")
@administrators_only
def share_rule(rule_id: int) -> ResponseReturnValue:
    """Show what withdrawing a rule would do."""
    rule, counselor = _rule(rule_id)
    effect = services.effect(counselor, zone=the_practice().zone, without=rule)
    return render_template("billing/shares/withdrawing.html", rule=rule, counselor=counselor, effect=effect)


@bp.post("/shares/rules/<int:rule_id>")
@administrators_only
def withdraw_share_rule(rule_id: int) -> ResponseReturnValue:
    """Withdraw a rule."""
    rule, counselor = _rule(rule_id)
    services.withdraw(rule, zone=the_practice().zone, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("Withdrawn. Shares of sessions it held for are put right.", "info")
    return redirect(url_for("billing.counselor_shares", person_id=counselor.id), 303)


def _form_page(counselor: Person, form: Errors) -> str:
    options = [(str(each.id), each.name) for each in _services(counselor)]
    return render_template(
        "billing/shares/rule.html", counselor=counselor, form=form, services=options, currency=the_practice().currency
    )


def _confirm_page(counselor: Person, form: Agreed, offered: Sequence[Service]) -> str:
    effect = services.effect(counselor, zone=the_practice().zone, new=form)
    value = Money(form.value, form.currency)
    return render_template(
        "billing/shares/rule_confirm.html",
        counselor=counselor,
        words=f"{value} a session" if form.kind == FIXED else f"{form.value / 100:g} % of what is collected",
        service=next((each.name for each in offered if each.id == form.service_id), "Every service"),
        form=form,
        again={
            "kind": form.kind,
            "percent": f"{form.value / 100:g}" if form.kind == PERCENT else "",
            "amount": value.plain if form.kind == FIXED else "",
            "from_on": form.from_on.isoformat(),
            "service": form.service_id or "",
            "step": "confirm",
        },
        effect=effect,
    )


def _rule(rule_id: int) -> tuple[ShareRule, Person]:
    rule = db.session.get(ShareRule, rule_id)
    counselor = queries.counselor(rule.counselor_id) if rule and rule.withdrawn_at is None else None
    return (rule, counselor) if rule and counselor else abort(404)


def _services(counselor: Person) -> Sequence[Service]:
    return db.session.scalars(select(Service).where(Service.counselor_id == counselor.id).order_by(Service.name)).all()
