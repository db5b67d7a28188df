"""The practice's own settings."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice import zones
from practice.core import forms
from practice.core.db import db
from practice.core.money import SYMBOLS
from practice.core.ports import ports
from practice.countries import COUNTRIES
from practice.forms.people import PracticeSettings
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person
from practice.services import settings
from practice.views.blueprint import bp

FIELDS = tuple(PracticeSettings.__dataclass_fields__)


@bp.get("/settings")
@administrators_only
def practice_settings() -> ResponseReturnValue:
    """Show the settings."""
    practice = the_practice()
    return _page(forms.blank(**{name: getattr(practice, name) for name in FIELDS}))


@bp.post("/settings")
@administrators_only
def change_practice_settings() -> ResponseReturnValue:
    """Change the settings."""
    form = PracticeSettings.parse(request.form)
    if isinstance(form, forms.Errors):
        return _page(form), 422
    changed = settings.change(the_practice(), form, by=current_person())
    db.session.commit()
    flash("Saved." if changed else "Nothing was different.", "good" if changed else "info")
    return redirect(url_for("practice.practice_settings"), 303)


def _page(form: forms.Errors) -> str:
    return render_template(
        "practice/settings.html",
        form=form,
        zones=zones.options(ports().clock.now(), str(form.values.get("zone", ""))),
        currencies=[(code, f"{code} ({symbol.strip()})") for code, symbol in SYMBOLS.items()],
        countries=sorted(COUNTRIES.items(), key=lambda pair: pair[1]),
    )
