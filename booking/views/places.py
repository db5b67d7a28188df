"""The places at which a counselor receives people."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import planning, published
from booking.forms_plans import PlaceTerms
from booking.models.locations import Location
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.security import counselors_only, current_person


@bp.get("/hours/places")
@counselors_only
def places() -> ResponseReturnValue:
    """List the places, beside a form for another."""
    return _page(blank(), None)


@bp.post("/hours/places")
@counselors_only
def add_place() -> ResponseReturnValue:
    """Keep a new place."""
    return _save(None)


@bp.get("/hours/places/<int:place_id>")
@counselors_only
def edit_place(place_id: int) -> ResponseReturnValue:
    """Show a place for changing."""
    place = _own(place_id)
    return _page(blank(name=place.name, address=place.address), place)


@bp.post("/hours/places/<int:place_id>")
@counselors_only
def change_place(place_id: int) -> ResponseReturnValue:
    """Keep the changed place."""
    return _save(_own(place_id))


@bp.post("/hours/places/<int:place_id>/archive")
@counselors_only
def archive_place(place_id: int) -> ResponseReturnValue:
    """Take a place off the list."""
    return _use(place_id, in_use=False, words="Archived. Sessions already booked there stay.")


@bp.post("/hours/places/<int:place_id>/restoration")
@counselors_only
def restore_place(place_id: int) -> ResponseReturnValue:
    """Put a place back on the list."""
    return _use(place_id, in_use=True, words="You can choose this place again.")


def _own(place_id: int) -> Location:
    return published.own_place(current_person(), place_id) or abort(404)


def _save(place: Location | None) -> ResponseReturnValue:
    terms = PlaceTerms.parse(request.form)
    if isinstance(terms, Errors):
        return _page(terms, place), 422
    planning.save_place(current_person(), terms, place=place)
    db.session.commit()
    flash(f"“{terms.name}” is saved.", "good")
    return redirect(url_for("booking.places"), 303)


def _use(place_id: int, *, in_use: bool, words: str) -> ResponseReturnValue:
    planning.set_in_use(_own(place_id), in_use=in_use)
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("booking.places"), 303)


def _page(form: Errors, place: Location | None) -> str:
    found = published.places_of(current_person().id, in_use_only=False)
    return render_template("booking/places.html", form=form, place=place, places=found)
