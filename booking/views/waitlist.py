"""A counselor's waitlist: who waits and for what, in an order that can be changed, and offers made by hand."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.forms_booking import day as read_day
from booking.forms_booking import instant
from booking.models.waitlist import PAUSED, Offer, Wish
from booking.refusals import BookingRefusedError
from booking.views.blueprint import bp
from booking.views.times import Sought, times_of
from booking.waitlist import answering, offering, places, queries, rules
from booking.waitlist.forms import OFFERS, OfferRules
from booking.waitlist.queries import Waiting
from practice.core import formats
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in line, as the page shows them."""

    wish: Wish
    service_name: str
    words: str
    state: str
    offer: Offer | None


@bp.get("/waitlist")
@counselors_only
def waitlist() -> ResponseReturnValue:
    """Show the line, and how freed times are offered."""
    return _page(None)


@bp.post("/waitlist/rules")
@counselors_only
def set_waitlist_rules() -> ResponseReturnValue:
    """Choose how freed times are offered."""
    form = OfferRules.parse(request.form)
    if isinstance(form, Errors):
        return _page(form), 422
    places.set_rules(current_person(), active=form.active, offer_minutes=form.offer_minutes)
    db.session.commit()
    flash("Saved.", "good")
    return redirect(url_for("booking.waitlist"), 303)


@bp.post("/waitlist/<int:wish_id>/place")
@counselors_only
def place_in_line(wish_id: int) -> ResponseReturnValue:
    """Put somebody at another place in the line."""
    counselor = current_person()
    wish = _in_line(wish_id).wish
    place = request.form.get("place", type=int)
    if place is None or not 0 <= place <= 10_000:
        abort(400)
    places.put(counselor, wish_id, place)
    db.session.commit()
    return redirect(_back(wish, moved=wish_id, _anchor=f"wish-{wish_id}"), 303)


@bp.post("/waitlist/<int:wish_id>/removal")
@counselors_only
def remove_from_waitlist(wish_id: int) -> ResponseReturnValue:
    """Take somebody off the list; they get a letter. Whoever waits for any counselor stays on the others' lists."""
    waiting = _in_line(wish_id)
    if waiting.wish.counselor_id is None:
        flash(f"{waiting.wish.client.name} waits for any counselor, and can be put last but not removed.", "info")
        return redirect(url_for("booking.waitlist"), 303)
    places.remove(waiting.wish, current_person(), ports().clock.now())
    db.session.commit()
    flash(f"{waiting.wish.client.name} is off the list and gets an e-mail.", "good")
    return redirect(_back(waiting.wish), 303)


@bp.get("/waitlist/<int:wish_id>/offer")
@counselors_only
def offer_by_hand(wish_id: int) -> ResponseReturnValue:
    """Choose a time to offer to somebody; a place in a group is offered on the group's page."""
    waiting = _in_line(wish_id)
    if waiting.wish.group_session_id:
        return redirect(url_for("booking.group", session_id=waiting.wish.group_session_id, _anchor="line"), 303)
    return _choose_page(waiting)


@bp.post("/waitlist/<int:wish_id>/offer")
@counselors_only
def make_offer(wish_id: int) -> ResponseReturnValue:
    """Offer the chosen time, out of turn."""
    counselor, waiting, now = current_person(), _in_line(wish_id), ports().clock.now()
    if waiting.wish.group_session_id:
        abort(404)
    chosen = instant(request.form.get("starts_at", ""))
    if chosen is None:
        return _choose_page(waiting, "Choose a time."), 422
    minutes = queries.rules_of(counselor.id).offer_minutes
    try:
        made = offering.offer(waiting, counselor, chosen, now, minutes=minutes, by_hand=True)
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _choose_page(_in_line(wish_id), str(refusal)), 409
    db.session.commit()
    until = formats.clock(made.expires_at, counselor.zone)
    flash(f"Offered to {made.client.name}, who has until {until} to take it.", "good")
    return redirect(url_for("booking.waitlist"), 303)


@bp.post("/waitlist/offers/<int:offer_id>/withdrawal")
@counselors_only
def withdraw_offer(offer_id: int) -> ResponseReturnValue:
    """Take an offer back that nobody has answered."""
    found = queries.offer_by(current_person(), offer_id) or abort(404)
    if found.group_session_id is not None:
        flash(
            "A place that waits for an answer comes back by itself. To end it, remove the person from the line.", "info"
        )
        return redirect(url_for("booking.waitlist"), 303)
    answering.withdraw(found, now=ports().clock.now())
    db.session.commit()
    flash("The offer is taken back.", "info")
    return redirect(url_for("booking.waitlist"), 303)


def _page(form: Errors | None) -> str:
    counselor, now = current_person(), ports().clock.now()
    chosen, line = queries.rules_of(counselor.id), queries.line_of(counselor.id)
    open_now = {each.wish_id: each for each in queries.offers_open(counselor=counselor)}
    return render_template(
        "booking/waitlist/waitlist.html",
        line=[_row(each, open_now.get(each.wish.id), counselor.zone) for each in line],
        form=form or blank(active="1" if chosen.active else "", offer_minutes=str(chosen.offer_minutes)),
        active=chosen.active,
        offers=[(str(minutes), words) for minutes, words in OFFERS.items()],
        moved=request.args.get("moved", type=int),
        zone=counselor.zone,
        asleep={each.wish.id for each in line if rules.is_night(now, each.wish.client.zone)},
    )


def _row(waiting: Waiting, offer: Offer | None, zone: str) -> Row:
    state = "offered" if offer else "paused" if waiting.wish.status == PAUSED else "waiting"
    return Row(waiting.wish, waiting.service.name, queries.words_of(waiting.wish, zone), state, offer)


def _back(wish: Wish, **values: object) -> str:
    """Return the page somebody came from: the group's own, or the whole line."""
    if wish.group_session_id and request.form.get("session_id"):
        return url_for("booking.group", session_id=wish.group_session_id, _anchor="line")
    return url_for("booking.waitlist", **values)  # type: ignore[arg-type]  # the address's own values


def _choose_page(waiting: Waiting, problem: str = "") -> str:
    counselor, now = current_person(), ports().clock.now()
    sought = Sought.booking(waiting.service, client=waiting.wish.client)
    return render_template(
        "booking/waitlist/offer_by_hand.html",
        waiting=waiting,
        wish=waiting.wish,
        words=rules.in_words(waiting.window),
        problem=problem,
        times=times_of(sought, zone=counselor.zone, first=read_day(request.args.get("since")), now=now),
        minutes=queries.rules_of(counselor.id).offer_minutes,
        zone=counselor.zone,
    )


def _in_line(wish_id: int) -> Waiting:
    line = queries.line_of(current_person().id)
    return next((each for each in line if each.wish.id == wish_id), None) or abort(404)
