"""Agreeing to be charged by oneself, and stopping it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from billing.autopay import queries, services
from billing.autopay.rules import AGREEMENT
from billing.cards import queries as cards
from billing.views.blueprint import bp
from practice.core.db import db
from practice.core.ports import ports
from practice.security import clients_only, current_person


@bp.get("/billing/autopay")
@clients_only
def autopay() -> ResponseReturnValue:
    """Show what is charged by itself and when, and how to stop it."""
    client = current_person()
    return render_template(
        "billing/autopay.html",
        agreement=queries.agreement_of(client),
        words=AGREEMENT,
        card=cards.usual(client),
        coming=queries.of(client),
        zone=client.zone,
    )


@bp.post("/billing/autopay")
@clients_only
def begin_autopay() -> ResponseReturnValue:
    """Agree to it; a card is needed first."""
    client = current_person()
    if cards.usual(client) is None:
        flash("Save a card first.", "info")
        return redirect(url_for("billing.cards"), 303)
    services.begin(client, now=ports().clock.now())
    db.session.commit()
    flash("What you owe is charged by itself from now on. You are told the evening before.", "good")
    return redirect(url_for("billing.autopay"), 303)


@bp.post("/billing/autopay/end")
@clients_only
def stop_autopay() -> ResponseReturnValue:
    """Stop it at once."""
    services.stop(current_person(), now=ports().clock.now())
    db.session.commit()
    flash("Stopped. Nothing is charged by itself any more.", "good")
    return redirect(url_for("billing.cards"), 303)
