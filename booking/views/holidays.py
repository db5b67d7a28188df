"""The public holidays a counselor keeps."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import holidaying, public_holidays, published
from booking.views.blueprint import bp
from booking.views.zones import today_for
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/hours/holidays")
@counselors_only
def holidays() -> ResponseReturnValue:
    """Show the holidays of a country before anything is saved; of the one that is kept, at first."""
    kept = published.rules_of(current_person().id)
    country, part = kept.holiday_country or "", kept.holiday_subdivision or ""
    if "country" in request.args:
        asked = request.args["country"]
        part = request.args.get("part", "") if asked == request.args.get("shown", asked) else ""
        country = asked
    form = blank(country=country, part=part)
    if country and not public_holidays.known(country, part):
        form, country, part = _unknown(country), "", ""
        return _page(form, country, part), 422
    return _page(form, country, part)


@bp.post("/hours/holidays")
@counselors_only
def save_holidays() -> ResponseReturnValue:
    """Keep the holidays that are ticked."""
    counselor, country, part = current_person(), request.form.get("country", ""), request.form.get("part", "")
    if country and not public_holidays.known(country, part):
        return _page(_unknown(country), "", ""), 422
    holidaying.choose(counselor, country, part, request.form.getlist("kept"), today_for(counselor))
    db.session.commit()
    flash(
        "Saved. Clients see no times on the holidays you keep." if country else "Saved. You keep no holidays.", "good"
    )
    return redirect(url_for("booking.holidays"), 303)


def _unknown(country: str) -> Errors:
    return refused(request.form, country=f"We have no calendar called “{country[:20]}”. Choose one from the list.")


def _page(form: Errors, country: str, part: str) -> str:
    counselor = current_person()
    found = holidaying.preview(counselor, country, part, today_for(counselor)) if country else []
    days = {day for each in found if each.kept for day in each.days}
    saved = published.rules_of(counselor.id)
    return render_template(
        "booking/holidays.html",
        form=form,
        country=country,
        part=part,
        countries=public_holidays.countries(),
        parts=public_holidays.parts_of(country) if country else [],
        found=found,
        booked=holidaying.booked_on(counselor, days, ports().clock.now()),
        is_saved=bool(country) and (saved.holiday_country or "", saved.holiday_subdivision or "") == (country, part),
        keeps_any=bool(saved.holiday_country),
    )
