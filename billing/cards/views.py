"""A client's cards: saving one on the provider's page, the usual one, removing one."""

from __future__ import annotations

import logging

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from billing.cards import queries, services
from billing.cards.models import DONE, SavedCard
from billing.views.blueprint import bp
from practice.core.db import db, writing
from practice.core.payments import GatewayDownError, GatewayRefusedError
from practice.core.ports import ports
from practice.core.settings import settings
from practice.queries.people import the_practice
from practice.security import clients_only, current_person

log = logging.getLogger(__name__)


@bp.get("/billing/cards")
@clients_only
def cards() -> ResponseReturnValue:
    """Show the cards a client keeps and what they are charged for."""
    client = current_person()
    today = ports().clock.now().date()
    return render_template("billing/cards.html", cards=queries.of(client), today=today, zone=client.zone)


@bp.post("/billing/cards")
@clients_only
def add_card() -> ResponseReturnValue:
    """Send the client to the provider's page; nothing is charged there."""
    begun = services.begin(current_person(), now=ports().clock.now())
    number = begun.id
    db.session.commit()
    return redirect(page_to_save(number, url_for("billing.card_returned")) or url_for("billing.cards"), 303)


@bp.get("/billing/cards/return")
@clients_only
def card_returned() -> ResponseReturnValue:
    """Find out from the provider at once what became of the page."""
    saved = saved_now()
    if saved:
        flash(f"{saved.words} is saved. Nothing was charged.", "good")
    else:
        flash("No card was saved.", "info")
    return redirect(url_for("billing.cards"), 303)


@bp.post("/billing/cards/<int:card_id>/usual")
@clients_only
def prefer_card(card_id: int) -> ResponseReturnValue:
    """Charge this card from now on."""
    card = _own(card_id)
    services.make_usual(card)
    words = card.words
    db.session.commit()
    flash(f"{words} is charged from now on.", "good")
    return redirect(url_for("billing.cards"), 303)


@bp.post("/billing/cards/<int:card_id>/removal")
@clients_only
def remove_card(card_id: int) -> ResponseReturnValue:
    """Keep the card no longer, here and at the provider."""
    card = _own(card_id)
    services.remove(card, now=ports().clock.now())
    words, provider_id = card.words, card.provider_id
    db.session.commit()
    try:
        ports().payments.forget_card(provider_id)
    except GatewayDownError:
        log.warning("card %s is removed here and the provider did not answer", card_id)
    flash(f"{words} is removed and will not be charged.", "good")
    return redirect(url_for("billing.cards"), 303)


def page_to_save(setup_id: int, back: str) -> str | None:
    """Open the provider's page for a setup that was begun; say so where it cannot be reached."""
    currency = the_practice().currency
    try:
        return services.open_page(
            ports().payments,
            setup_id,
            currency=currency,
            back=settings().base_url + back,
            now=ports().clock.now(),
        )
    except (GatewayDownError, GatewayRefusedError) as error:
        db.session.rollback()
        log.warning("no page for card setup %s: %s", setup_id, error)
        flash("We could not reach the card company just now. Try again in a moment.", "bad")
        return None


def saved_now() -> SavedCard | None:
    """Ask about the client's open pages; return the card that was saved on one of them."""
    numbers = [begun.id for begun in queries.open_setups(current_person())]
    found: SavedCard | None = None
    with writing():
        for number in numbers:
            begun = services.check(ports().payments, number, now=ports().clock.now())
            if begun.stage == DONE:
                found = found or begun.card
    return found


def _own(card_id: int) -> SavedCard:
    return queries.one_of(current_person(), card_id) or abort(404)
