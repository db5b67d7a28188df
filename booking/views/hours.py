"""A counselor's usual week, and the rules by which it is booked."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock_words, published, publishing
from booking.forms_absence import HORIZON_CHOICES, NOTICE_CHOICES, STEP_CHOICES, RulesTerms
from booking.forms_hours import DAY_NAMES, Faults, Rows, read
from booking.hours import Hours
from booking.views.blueprint import bp
from booking.views.zones import today_for
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.security import counselors_only, current_person


@bp.get("/hours")
@counselors_only
def hours() -> ResponseReturnValue:
    """Show the usual week as rows to change."""
    return _week_page(Rows.of(published.week_of(current_person().id)))


@bp.post("/hours")
@counselors_only
def save_hours() -> ResponseReturnValue:
    """Keep the week, or only add, remove or copy rows on the page."""
    rows = Rows.sent(request.form)
    deed = request.form.get("deed", "")
    if (changed := rows.after(deed, targets(deed))) is not None:
        return _week_page(changed)
    week = read(rows)
    if isinstance(week, Faults):
        return _week_page(week.rows, week), 422
    publishing.set_week(current_person(), week)
    db.session.commit()
    flash("Your week is saved. Clients see the new times now.", "good")
    return redirect(url_for("booking.hours"), 303)


@bp.get("/hours/rules")
@counselors_only
def rules() -> ResponseReturnValue:
    """Show the rules for changing."""
    kept = published.rules_of(current_person().id)
    return _rules_page(
        blank(
            notice_minutes=kept.notice_minutes,
            horizon_days=kept.horizon_days,
            step_minutes=kept.step_minutes,
            restarts="1" if kept.restarts else "",
            most_per_day=kept.most_per_day or "",
            most_per_week=kept.most_per_week or "",
            long_break_after=kept.long_break_after or "",
            long_break_minutes=kept.long_break_minutes or "",
        )
    )


@bp.post("/hours/rules")
@counselors_only
def save_rules() -> ResponseReturnValue:
    """Keep the rules."""
    terms = RulesTerms.parse(request.form)
    if isinstance(terms, Errors):
        return _rules_page(terms), 422
    publishing.set_rules(current_person(), terms)
    db.session.commit()
    flash("Your booking rules are saved.", "good")
    return redirect(url_for("booking.rules"), 303)


def targets(deed: str) -> tuple[int, ...]:
    """Return the days a day is to be copied to."""
    sent = request.form.getlist(f"copy-{deed.rpartition('-')[2]}")
    return tuple(int(day) for day in sent if day in {"0", "1", "2", "3", "4", "5", "6"})


def _week_page(rows: Rows, faults: Faults | None = None) -> str:
    week = good_days(rows)
    minutes = sum(each.closes - each.opens for day in week.values() for each in day)
    return render_template(
        "booking/hours.html",
        hours=rows,
        messages=faults.messages if faults else {},
        day_names=DAY_NAMES,
        stretches={day: [(each.opens, each.closes) for each in week[day]] for day in week},
        total=length(minutes),
        clock_notes=clock_words.words_of_week(ZoneInfo(current_person().zone), week, today_for(current_person())),
        plan_count=len(published.plans_of(current_person().id)),
    )


def good_days(rows: Rows) -> dict[int, tuple[Hours, ...]]:
    """Return the days that could be kept as they stand, for the lines and the sum on the page."""
    week: dict[int, tuple[Hours, ...]] = {}
    for day in rows.days:
        found = read(Rows({day: rows.on(day)}))
        week |= {} if isinstance(found, Faults) else found
    return week


def length(minutes: int) -> str:
    """Say how many hours these are."""
    whole, rest = divmod(minutes, 60)
    return f"{whole} h {rest} min" if rest else f"{whole} hours" if whole != 1 else "1 hour"


def _rules_page(form: Errors) -> str:
    return render_template(
        "booking/rules.html",
        form=form,
        notice_choices=list(NOTICE_CHOICES.items()),
        horizon_choices=list(HORIZON_CHOICES.items()),
        step_choices=list(STEP_CHOICES.items()),
    )
