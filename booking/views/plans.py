"""A counselor's other weeks: for some dates, every so many weeks, for some sessions."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock_words, planning, published, queries
from booking.forms_hours import DAY_NAMES, Rows
from booking.forms_plans import BESIDE, EVERY_CHOICES, INSTEAD, PlanTerms
from booking.hours import Hours
from booking.models.hours import HoursPlan
from booking.particulars import plan_of
from booking.views.blueprint import bp
from booking.views.hours import good_days, length, targets
from booking.views.scopes import scope_choices
from booking.views.zones import today_for
from practice.core.db import db
from practice.core.forms import Errors, blank, shown
from practice.security import counselors_only, current_person


@bp.get("/hours/weeks")
@counselors_only
def plans() -> ResponseReturnValue:
    """List the other weeks."""
    counselor = current_person()
    today, zone = today_for(counselor), ZoneInfo(counselor.zone)
    kept = published.plans_of(counselor.id)
    found = [(plan, planning.words_of(plan), _over(plan, today)) for plan in kept]
    notes = {plan.id: clock_words.words_of_plan(zone, plan_of(plan), today) for plan in kept}
    return render_template("booking/plans.html", plans=found, notes=notes, day_names=DAY_NAMES)


@bp.get("/hours/weeks/new")
@counselors_only
def new_plan() -> ResponseReturnValue:
    """Ask for another week."""
    return _page(blank(every_weeks="1", kind=BESIDE), Rows({}), None)


@bp.post("/hours/weeks/new")
@counselors_only
def add_plan() -> ResponseReturnValue:
    """Keep another week, or only change rows on the page."""
    return _save(None)


@bp.get("/hours/weeks/<int:plan_id>")
@counselors_only
def edit_plan(plan_id: int) -> ResponseReturnValue:
    """Show another week for changing."""
    plan = _own(plan_id)
    form = blank(
        name=plan.name,
        starts_on=plan.starts_on or "",
        ends_on=plan.ends_on or "",
        every_weeks=plan.every_weeks,
        anchor_on=plan.anchor_on or "",
        kind=INSTEAD if plan.replaces else BESIDE,
        service_id=plan.service_id or "",
        mode=plan.mode or "",
        location_id=plan.location_id or "",
    )
    week: dict[int, tuple[Hours, ...]] = {}
    for each in plan.hours:
        week[each.weekday] = (*week.get(each.weekday, ()), Hours(each.opens, each.closes))
    return _page(form, Rows.of(week), plan)


@bp.post("/hours/weeks/<int:plan_id>")
@counselors_only
def change_plan(plan_id: int) -> ResponseReturnValue:
    """Keep the changed week, or only change rows on the page."""
    return _save(_own(plan_id))


@bp.post("/hours/weeks/<int:plan_id>/removal")
@counselors_only
def remove_plan(plan_id: int) -> ResponseReturnValue:
    """Take another week away."""
    plan = _own(plan_id)
    planning.end_plan(plan)
    db.session.commit()
    flash(f"“{plan.name}” is removed. Sessions already booked stay.", "good")
    return redirect(url_for("booking.plans"), 303)


def _own(plan_id: int) -> HoursPlan:
    return published.own_plan(current_person(), plan_id) or abort(404)


def _over(plan: HoursPlan, today: date) -> bool:
    return plan.ends_on is not None and plan.ends_on < today


def _save(plan: HoursPlan | None) -> ResponseReturnValue:
    counselor, rows, deed = current_person(), Rows.sent(request.form), request.form.get("deed", "")
    if (changed := rows.after(deed, targets(deed))) is not None:
        return _page(blank(**shown(request.form)), changed, plan)
    terms = PlanTerms.parse(
        request.form,
        today=today_for(counselor),
        services=[each.id for each in queries.services_of(counselor.id)],
        places=[each.id for each in published.places_of(counselor.id)],
    )
    if isinstance(terms, Errors):
        return _page(terms, rows, plan), 422
    planning.save_plan(counselor, terms, plan=plan)
    db.session.commit()
    flash(f"“{terms.name}” is saved. Clients see the new times now.", "good")
    return redirect(url_for("booking.plans"), 303)


def _page(form: Errors, rows: Rows, plan: HoursPlan | None) -> str:
    week = good_days(rows)
    return render_template(
        "booking/plan.html",
        form=form,
        plan=plan,
        hours=rows,
        day_names=DAY_NAMES,
        stretches={day: [(each.opens, each.closes) for each in week[day]] for day in week},
        total=length(sum(each.closes - each.opens for day in week.values() for each in day)),
        every_choices=list(EVERY_CHOICES.items()),
        **scope_choices(current_person()),
    )
