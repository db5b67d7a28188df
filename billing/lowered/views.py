"""Pages about agreed prices: the client's own, the scale, and what the practice agrees with one client."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.lowered import queries, services
from billing.lowered.forms import Agreed, Attested, NewTier
from billing.lowered.models import Tier
from billing.views.blueprint import bp
from billing.views.clients import client_or_404
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, clients_only, current_person


@bp.get("/billing/price")
@clients_only
def own_price() -> ResponseReturnValue:
    """Show a client what they pay, and the sliding scale."""
    return _own(forms.blank())


@bp.post("/billing/price")
@clients_only
def attest_price() -> ResponseReturnValue:
    """Let a client step onto the scale by their own word."""
    offered = {tier.id: tier for tier in queries.tiers()}
    form = Attested.parse(request.form, tiers=offered)
    if isinstance(form, Errors):
        return _own(form), 422
    made = services.attest(current_person(), offered[form.tier_id], today=_today(), now=ports().clock.now())
    words = f"You pay {made.percent} % of the usual price for sessions you book from now on."
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("billing.own_price"), 303)


@bp.post("/billing/price/end")
@clients_only
def end_own_price() -> ResponseReturnValue:
    """Let a client go back to the usual price."""
    services.end(current_person(), by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("The usual price holds for sessions you book from now on. Thank you for telling us.", "good")
    return redirect(url_for("billing.own_price"), 303)


@bp.get("/prices")
@administrators_only
def scale() -> ResponseReturnValue:
    """Show the steps of the scale and whom a lower price was agreed with."""
    return _scale(forms.blank())


@bp.post("/prices")
@administrators_only
def add_tier() -> ResponseReturnValue:
    """Add a step to the scale."""
    form = NewTier.parse(request.form)
    if isinstance(form, Errors):
        return _scale(form), 422
    db.session.add(Tier(name=form.name, percent=form.percent, made_at=ports().clock.now()))
    audit.record("scale.changed", person_id=current_person().id, detail={"percent": form.percent})
    db.session.commit()
    flash("The step is on the scale.", "good")
    return redirect(url_for("billing.scale"), 303)


@bp.post("/prices/tiers/<int:tier_id>/withdrawal")
@administrators_only
def withdraw_tier(tier_id: int) -> ResponseReturnValue:
    """Take a step off the scale; clients on it keep their price until it is looked at again."""
    found = db.session.get(Tier, tier_id) or abort(404)
    found.active = False
    audit.record("scale.changed", person_id=current_person().id, detail={"percent": found.percent})
    db.session.commit()
    flash("It is off the scale. Clients on it keep their price until it is looked at again.", "good")
    return redirect(url_for("billing.scale"), 303)


@bp.get("/people/<int:person_id>/price")
@administrators_only
def client_price(person_id: int) -> ResponseReturnValue:
    """Show what was agreed with a client, with a form for something else."""
    client = client_or_404(person_id)
    year = (_today() + timedelta(days=365)).isoformat()
    return _agreement(client, forms.blank(review_on=year))


@bp.post("/people/<int:person_id>/price")
@administrators_only
def agree_price(person_id: int) -> ResponseReturnValue:
    """Agree on a price with a client."""
    client, form = client_or_404(person_id), Agreed.parse(request.form, today=_today())
    if isinstance(form, Errors):
        return _agreement(client, form), 422
    services.agree(
        client,
        form.percent,
        reason=form.reason,
        review_on=form.review_on,
        by=current_person(),
        now=ports().clock.now(),
    )
    db.session.commit()
    flash("Agreed. It holds for sessions booked from now on.", "good")
    return redirect(url_for("billing.client_price", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/price/end")
@administrators_only
def end_client_price(person_id: int) -> ResponseReturnValue:
    """Let the usual price hold again for a client."""
    services.end(client_or_404(person_id), by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("The usual price holds for sessions booked from now on.", "good")
    return redirect(url_for("billing.client_price", person_id=person_id), 303)


def _own(form: Errors) -> str:
    client = current_person()
    return render_template(
        "billing/lowered/mine.html",
        agreed=queries.standing_of(client.id),
        tiers=queries.tiers(),
        today=_today(),
        form=form,
    )


def _scale(form: Errors) -> str:
    return render_template(
        "billing/lowered/scale.html",
        tiers=queries.tiers(also_old=True),
        standing=queries.standing(),
        today=_today(),
        form=form,
    )


def _agreement(client: Person, form: Errors) -> str:
    return render_template(
        "billing/lowered/client.html",
        client=client,
        agreed=queries.standing_of(client.id),
        today=_today(),
        form=form,
    )


def _today() -> date:
    return ports().clock.now().astimezone(ZoneInfo(the_practice().zone)).date()
