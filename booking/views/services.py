"""A counselor's services: what can be booked, for how long and for how much."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import published, publishing, queries
from booking.forms_services import CPT_CODES, ServiceTerms, blank_service
from booking.meeting import MODE_CHOICES
from booking.models.services import Service
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.money import SYMBOLS
from practice.queries.people import the_practice
from practice.security import counselors_only, current_person


@bp.get("/services")
@counselors_only
def services() -> ResponseReturnValue:
    """List what is on offer and what was archived."""
    found = queries.services_of(current_person().id, offered_only=False)
    return render_template(
        "booking/services.html",
        offered=[service for service in found if service.active],
        archived=[service for service in found if not service.active],
        cpt_codes=CPT_CODES,
    )


@bp.get("/services/new")
@counselors_only
def new_service() -> ResponseReturnValue:
    """Ask what the new service is."""
    return _page(blank_service(), None)


@bp.post("/services")
@counselors_only
def add_service() -> ResponseReturnValue:
    """Offer a new service."""
    return _save(None)


@bp.get("/services/<int:service_id>")
@counselors_only
def edit_service(service_id: int) -> ResponseReturnValue:
    """Show a service for changing."""
    service = _own(service_id)
    form = blank(
        name=service.name,
        description=service.description,
        minutes=service.minutes,
        price=service.price.plain.removesuffix(".00"),
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        cpt_code=service.cpt_code,
        recurring_allowed="1" if service.recurring_allowed else "",
        on_request="1" if service.on_request else "",
        modes=list(service.modes),
        location_id=service.location_id or "",
        kind=service.kind,
        capacity=max(service.capacity, 2),
    )
    return _page(form, service)


@bp.post("/services/<int:service_id>")
@counselors_only
def change_service(service_id: int) -> ResponseReturnValue:
    """Keep the changed service."""
    return _save(_own(service_id))


@bp.post("/services/<int:service_id>/archive")
@counselors_only
def archive_service(service_id: int) -> ResponseReturnValue:
    """Take the service off the list."""
    return _offer(service_id, offered=False, words="Archived. Sessions already booked stay as they are.")


@bp.post("/services/<int:service_id>/restoration")
@counselors_only
def restore_service(service_id: int) -> ResponseReturnValue:
    """Put the service back on the list."""
    return _offer(service_id, offered=True, words="Clients can book this service again.")


def _own(service_id: int) -> Service:
    return queries.service_of(current_person().id, service_id) or abort(404)


def _save(service: Service | None) -> ResponseReturnValue:
    terms = ServiceTerms.parse(
        request.form,
        currency=service.currency if service else the_practice().currency,
        places=[each.id for each in published.places_of(current_person().id)],
    )
    if isinstance(terms, Errors):
        return _page(terms, service), 422
    publishing.save_service(current_person(), terms, service=service)
    db.session.commit()
    flash(f"“{terms.name}” is saved.", "good")
    return redirect(url_for("booking.services"), 303)


def _offer(service_id: int, *, offered: bool, words: str) -> ResponseReturnValue:
    publishing.set_offered(_own(service_id), offered=offered)
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("booking.services"), 303)


def _page(form: Errors, service: Service | None) -> str:
    currency = service.currency if service else the_practice().currency
    return render_template(
        "booking/service.html",
        form=form,
        service=service,
        places=[(each.id, each.name) for each in published.places_of(current_person().id)],
        mode_choices=MODE_CHOICES,
        symbol=SYMBOLS.get(currency, currency),
        codes=[("", "None")] + [(code, f"{code} · {words}") for code, words in CPT_CODES.items()],
    )
