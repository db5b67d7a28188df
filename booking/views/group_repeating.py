"""Planning a group that meets again and again: every date with what stands in its way, before anything is saved."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.groups import queries as groups
from booking.groups import repeating
from booking.groups.forms import RepeatGroup
from booking.groups.terms import GroupTerms
from booking.models.services import Service
from booking.refusals import BookingRefusedError
from booking.series import clocks
from booking.series.forms import choices
from booking.views.blueprint import bp
from booking.views.groups import plan_page
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import counselors_only, current_person

FIELDS = ("service_id", "title", "day", "at", "capacity", "listed", "rhythm", "every", "ends", "sessions", "until")


@bp.get("/groups/dates")
@counselors_only
def group_dates() -> ResponseReturnValue:
    """Show the dates of a rhythm; nothing is planned by looking."""
    offered = _offered()
    form = RepeatGroup.parse(request.args, services=offered, zone=current_person().zone)
    if isinstance(form, Errors):
        return plan_page(form), 422
    return _dates_page(offered[form.first.service_id], form)


@bp.post("/groups/dates")
@counselors_only
def plan_group_dates() -> ResponseReturnValue:
    """Plan the chosen dates, all of them or none."""
    offered, now = _offered(), ports().clock.now()
    form = RepeatGroup.parse(request.form, services=offered, zone=current_person().zone)
    if isinstance(form, Errors):
        return plan_page(form), 422
    service, first = offered[form.first.service_id], form.first
    terms = GroupTerms(
        first.title, first.starts_at, first.capacity, first.listed, service.modes[0], service.location_id
    )
    chosen = choices(request.form, form.recurrence.days())
    try:
        planned = repeating.plan(service, terms, form.recurrence, chosen, now=now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _dates_page(_offered()[first.service_id], form, str(refusal)), 409
    db.session.commit()
    flash(f"{len(planned)} {'session is' if len(planned) == 1 else 'sessions are'} planned.", "good")
    return redirect(url_for("booking.groups_index"), 303)


def _offered() -> dict[int, Service]:
    return {each.id: each for each in groups.group_services(current_person())}


def _dates_page(service: Service, form: RepeatGroup, problem: str = "") -> str:
    dates = repeating.look(service, form.recurrence, ports().clock.now())
    args = {name: request.values[name] for name in FIELDS if request.values.get(name)}
    return render_template(
        "booking/group_dates.html",
        form=form,
        service=service,
        dates=dates,
        chosen=choices(request.form, form.recurrence.days()) if request.method == "POST" else None,
        said={each.moment.day: clocks.in_words(each.moment) for each in dates},
        problem=problem,
        args=args,
        zone=current_person().zone,
    )
