"""The administrator's shares: what is owed to each counselor, and all about one of them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.closing.months import Month
from billing.shares import forms, queries, services, statements, words
from billing.shares.views.whose import chosen_currency, counselor_or_404, others
from billing.views.blueprint import bp
from practice.core import forms as core_forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors
from practice.core.money import Money
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person


@bp.get("/shares")
@administrators_only
def shares() -> ResponseReturnValue:
    """List the counselors with what is owed to each."""
    practice, now = the_practice(), ports().clock.now()
    people = queries.counselors()
    ids = [each.id for each in people]
    owed, latest, accounts = queries.owed(ids), queries.latest_paid(ids), queries.accounts()
    under_way = queries.under_way()
    today = local(now, practice.zone).date()
    rows = [
        {
            "person": each,
            "rules": queries.in_force(queries.rules_of(each.id), today),
            "owed": [Money(cents, code) for code, cents in sorted(owed[each.id].items()) if cents],
            "paid_on": latest.get(each.id),
            "by_transfer": each.id in accounts,
            "under_way": [payment for payment in under_way if payment.counselor_id == each.id],
        }
        for each in people
    ]
    return render_template(
        "billing/shares/list.html", rows=rows, totals=_totals(owed), under_way=_sums(under_way), states=words.STATES
    )


@bp.get("/shares/<int:person_id>")
@administrators_only
def counselor_shares(person_id: int) -> ResponseReturnValue:
    """Show what a counselor gets, what is owed, and what was sent."""
    return counselor_page(counselor_or_404(person_id))


@bp.post("/shares/<int:person_id>/account")
@administrators_only
def name_share_account(person_id: int) -> ResponseReturnValue:
    """Note a counselor's own account at the card company."""
    counselor = counselor_or_404(person_id)
    found = forms.account(request.form)
    if isinstance(found, Errors):
        return counselor_page(counselor, account=found), 422
    services.name_account(counselor, found, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("Shares can be sent to this account now." if found else "Shares are paid by hand now.", "good")
    return redirect(url_for("billing.counselor_shares", person_id=person_id), 303)


def counselor_page(counselor: Person, *, account: Errors | None = None) -> str:
    """Draw the page about one counselor's shares."""
    named = queries.account_of(counselor.id)
    return render_template(
        "billing/shares/counselor.html",
        counselor=counselor,
        account=named,
        account_form=account or core_forms.blank(account=named.account_id if named else ""),
        **standing(counselor, zone=the_practice().zone),
    )


def standing(counselor: Person, *, zone: str) -> dict[str, Any]:
    """Return what both the office and the counselor see of one counselor's shares."""
    now, currency = ports().clock.now(), chosen_currency(counselor.id)
    rules = queries.rules_of(counselor.id)
    months = statements.months(counselor.id, currency, zone=the_practice().zone, now=now)
    this = Month.of(now, the_practice().zone)
    today = local(now, the_practice().zone).date()
    return {
        "owed": queries.owed_to(counselor.id, currency),
        "this_month": next((each.shares for each in months if each.month == this), Money.zero(currency)),
        "months": months,
        "running": this,
        "rules": rules,
        "in_force": {each.id for each in queries.in_force(rules, today)},
        "today": today,
        "payments": queries.payments_of(counselor.id),
        "currency": currency,
        "others": others(counselor.id, currency),
        "states": words.STATES,
        "ways": words.WAYS,
        "problem": words.problem,
        "zone": zone,
    }


def _totals(owed: dict[int, dict[str, int]]) -> list[Money]:
    """Add up what is owed, without what counselors owe the practice."""
    found: dict[str, int] = {}
    for theirs in owed.values():
        for code, cents in theirs.items():
            found[code] = found.get(code, 0) + max(cents, 0)
    return [Money(cents, code) for code, cents in sorted(found.items()) if cents]


def _sums(payments: Any) -> list[Money]:
    found: dict[str, int] = {}
    for each in payments:
        found[each.currency] = found.get(each.currency, 0) + each.amount_cents
    return [Money(cents, code) for code, cents in sorted(found.items())]
