"""When the clients of a service are reminded, as its counselor wants it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import queries
from booking.models.services import Service
from booking.reminding import choices, planning
from booking.reminding.forms import NOT_REMINDED, ServicePlan, values_of
from booking.reminding.rules import CATALOGUE
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/services/<int:service_id>/reminders")
@counselors_only
def service_reminders(service_id: int) -> ResponseReturnValue:
    """Show the plan of a service."""
    service = _own(service_id)
    return _page(service, blank(**values_of(planning.terms_of(service.id))))


@bp.post("/services/<int:service_id>/reminders")
@counselors_only
def plan_service_reminders(service_id: int) -> ResponseReturnValue:
    """Keep the plan; sessions already booked follow it."""
    service = _own(service_id)
    form = ServicePlan.parse(request.form)
    if isinstance(form, Errors):
        return _page(service, form), 422
    choices.plan_service(service, form.terms, ports().clock.now())
    db.session.commit()
    flash(f"Saved. Sessions of “{service.name}” that are booked follow it too.", "good")
    return redirect(url_for("booking.services"), 303)


def _own(service_id: int) -> Service:
    return queries.service_of(current_person().id, service_id) or abort(404)


def _page(service: Service, form: Errors) -> str:
    own = [(NOT_REMINDED, "No letter"), *((str(each), f"{words} before") for each, words in CATALOGUE.items())]
    return render_template(
        "booking/service_reminders.html",
        service=service,
        form=form,
        catalogue=CATALOGUE,
        own=own,
        texts=ports().texter.offered,
    )
