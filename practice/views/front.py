"""Pages everybody may open: home, crisis help, health."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from practice.core.db import db
from practice.crisis import ordered
from practice.models import Practice
from practice.security import current_person, open_to_all, signed_in
from practice.views.blueprint import bp


@bp.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    """Explain the practice to somebody who just found it."""
    return render_template("practice/home.html")


@bp.get("/crisis")
@open_to_all
def crisis() -> ResponseReturnValue:
    """Name who helps right now."""
    practice = db.session.get(Practice, 1)
    return render_template("practice/crisis.html", countries=ordered(practice.country if practice else "US"))


@bp.get("/start")
@signed_in
def start() -> ResponseReturnValue:
    """Lead each person to where their day begins."""
    person = current_person()
    if person.is_counselor:
        return redirect(url_for("booking.today"), 303)
    if person.is_administrator:
        return redirect(url_for("practice.day"), 303)
    if person.is_office:
        return redirect(url_for("billing.reports"), 303)
    return redirect(url_for("practice.client_home"), 303)


@bp.get("/healthz")
@open_to_all
def health() -> ResponseReturnValue:
    """Say that the web server and its database answer."""
    db.session.execute(text("SELECT 1"))
    return {"ok": True}
