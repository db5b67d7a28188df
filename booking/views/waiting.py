"""A client's own side of the waitlist: join, see where one stands, answer an offer, leave."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import directory, policies
from booking.models.services import Service
from booking.models.waitlist import PAUSED, Wish
from booking.reminding import planning
from booking.views.blueprint import bp
from booking.views.offers import after_accepting
from booking.views.zones import today_for
from booking.waitlist import answering, places, queries, rules
from booking.waitlist.forms import NOTICES, OTHERS, Wanted
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.security import clients_only, current_person

USUAL_WAIT = timedelta(days=42)


@bp.get("/waiting")
@clients_only
def waiting() -> ResponseReturnValue:
    """Show what one waits for, where one stands, and what is on offer."""
    client, now = current_person(), ports().clock.now()
    offers = [each for each in queries.offers_open(client=client) if answering.is_standing(each, now)]
    wishes = [(each, *_words(each)) for each in queries.wishes_of(client)]
    return render_template(
        "booking/waitlist/waiting.html",
        wishes=wishes,
        offers=offers,
        terms=policies.in_force().words if offers else "",
        zone=client.zone,
        consent=planning.consent_of(client.id),
    )


@bp.get("/waiting/new")
@clients_only
def new_wish() -> ResponseReturnValue:
    """Ask which times would suit: with one counselor when a service is named, or with anybody."""
    today = today_for(current_person())
    usual = blank(
        times=[str(number) for number in range(5 * len(rules.PARTS))],
        by_text="1" if planning.wants_texts(current_person()) else "",
        first_on=today.isoformat(),
        last_on=(today + USUAL_WAIT).isoformat(),
        notice_minutes="1440",
    )
    return _wish_page(usual, _service())


@bp.post("/waiting/new")
@clients_only
def join_waitlist() -> ResponseReturnValue:
    """Join the line."""
    client, service, now = current_person(), _service(), ports().clock.now()
    kinds = [] if service else list(queries.kinds())
    wanted = Wanted.parse(request.form, today=today_for(client), kinds=kinds)
    if isinstance(wanted, Errors):
        return _wish_page(wanted, service), 422
    try:
        wish = places.join(client, wanted, service, now)
    except places.TooManyWishesError:
        full = "You are waiting for five things already. Leave one of them first."
        return _wish_page(refused(request.form, last_on=full), service), 422
    db.session.commit()
    flash(f"You are on the waitlist. {rules.place_in_words(queries.ahead_of(wish))}", "good")
    return redirect(url_for("booking.waiting"), 303)


@bp.post("/waiting/<int:wish_id>/end")
@clients_only
def leave_waitlist(wish_id: int) -> ResponseReturnValue:
    """Leave the line."""
    places.leave(_own(wish_id), ports().clock.now())
    db.session.commit()
    flash("You are no longer waiting for this.", "info")
    return redirect(url_for("booking.waiting"), 303)


@bp.post("/waiting/<int:wish_id>/resumption")
@clients_only
def wait_on(wish_id: int) -> ResponseReturnValue:
    """Wait on, where one was."""
    places.resume(_own(wish_id), ports().clock.now())
    db.session.commit()
    flash("You are waiting again, at the same place.", "good")
    return redirect(url_for("booking.waiting"), 303)


@bp.post("/waiting/offers/<int:offer_id>/acceptance")
@clients_only
def take_offer(offer_id: int) -> ResponseReturnValue:
    """Take a time that is on offer."""
    offer = queries.offer_to(current_person(), offer_id) or abort(404)
    try:
        answering.accept(offer, now=ports().clock.now())
    except answering.OfferGoneError:
        db.session.rollback()
        flash("That is gone. You keep your place in line, and we write to you about the next one.", "info")
        return redirect(url_for("booking.waiting"), 303)
    db.session.commit()
    return redirect(after_accepting(offer), 303)


@bp.post("/waiting/offers/<int:offer_id>/refusal")
@clients_only
def refuse_offer(offer_id: int) -> ResponseReturnValue:
    """Let a time that is on offer go to the next in line."""
    offer = queries.offer_to(current_person(), offer_id) or abort(404)
    answering.decline(offer, now=ports().clock.now())
    db.session.commit()
    if offer.group_session_id is None:
        flash("The time goes to the next in line. You keep your place.", "info")
    else:
        flash("The place goes to the next in line, and you no longer wait for it.", "info")
    return redirect(url_for("booking.waiting"), 303)


def _wish_page(form: Errors, service: Service | None) -> str:
    client = current_person()
    return render_template(
        "booking/waitlist/wish.html",
        form=form,
        service=service,
        kinds=[(each, each) for each in queries.kinds()],
        days=rules.DAYS,
        parts=rules.PARTS,
        others=OTHERS,
        consent=planning.consent_of(client.id),
        notices=[(str(minutes), words) for minutes, words in NOTICES.items()],
        today=today_for(client),
        zone=client.zone,
    )


def _service() -> Service | None:
    """Return the service named in the address, while its counselor is open to the public."""
    named = request.args.get("service_id", type=int)
    if named is None:
        return None
    service = db.session.get(Service, named)
    listing = directory.listing_of(service.counselor_id, ports().clock.now()) if service else None
    if service is None or listing is None or not service.active:
        abort(404)
    return service


def _words(wish: Wish) -> tuple[str, str]:
    unanswered = "an offer" if wish.group_session_id else "two offers"
    place = f"Paused, because {unanswered} went unanswered." if wish.status == PAUSED else ""
    return queries.words_of(wish), place or rules.place_in_words(queries.ahead_of(wish))


def _own(wish_id: int) -> Wish:
    return queries.wish_of(current_person(), wish_id) or abort(404)
