"""A client's own page about reminders: by which road, when, and the telephone for texts."""

from __future__ import annotations

from datetime import time

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.reminding import choices as kept
from booking.reminding import consents, planning
from booking.reminding.consents import WORDS, WrongCodeError
from booking.reminding.forms import Choices, Telephone
from booking.reminding.rules import CATALOGUE, EMAIL, SMS
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import clients_only, current_person
from practice.views.throttle import throttle


@bp.get("/reminders")
@clients_only
def reminder_choices() -> ResponseReturnValue:
    """Show what this client has chosen."""
    return _page()


@bp.post("/reminders")
@clients_only
def choose_reminders() -> ResponseReturnValue:
    """Keep the choice; what is planned follows it."""
    person = current_person()
    form = Choices.parse(request.form, may_text=planning.consent_of(person.id) is not None)
    if isinstance(form, Errors):
        return _page(form), 422
    kept.choose(person, form, ports().clock.now())
    db.session.commit()
    flash("Saved. Reminders of what you have booked follow it.", "good")
    return redirect(url_for("booking.reminder_choices"), 303)


@bp.post("/reminders/telephone")
@clients_only
def ask_for_texts() -> ResponseReturnValue:
    """Send a code to the telephone, with the consent noted as it was shown."""
    person, practice = current_person(), the_practice()
    form = Telephone.parse(request.form, country=practice.country)
    if isinstance(form, Errors):
        return _page(telephone=form), 422
    if not ports().texter.offered:
        return _page(telephone=refused(request.form, phone="This practice sends no texts at the moment.")), 422
    throttle("text_code", account=str(person.id))
    consents.ask(person, form.phone, practice=practice.name, now=ports().clock.now())
    db.session.commit()
    return redirect(url_for("booking.reminder_choices", _anchor="texts"), 303)


@bp.post("/reminders/telephone/code")
@clients_only
def confirm_telephone() -> ResponseReturnValue:
    """Take the code as proof of the telephone."""
    try:
        consents.give(current_person(), request.form.get("code", ""), now=ports().clock.now())
    except WrongCodeError as error:
        db.session.commit()  # the try counts
        return _page(code=refused(request.form, code=str(error))), 422
    db.session.commit()
    flash("Your telephone is confirmed. Reminders come by text as well.", "good")
    return redirect(url_for("booking.reminder_choices"), 303)


@bp.post("/reminders/telephone/end")
@clients_only
def end_texts() -> ResponseReturnValue:
    """Send no more texts."""
    consents.end(current_person(), now=ports().clock.now())
    db.session.commit()
    flash("No more texts. Reminders by e-mail go on as you have chosen.", "good")
    return redirect(url_for("booking.reminder_choices"), 303)


def _page(form: Errors | None = None, telephone: Errors | None = None, code: Errors | None = None) -> str:
    person, now = current_person(), ports().clock.now()
    asked = consents.asked(person)
    practice = the_practice()
    return render_template(
        "booking/reminder_choices.html",
        form=form or blank(**_values(person)),
        telephone=telephone or blank(phone=person.phone or ""),
        code=code or blank(),
        catalogue=[(str(minutes), f"{words} before") for minutes, words in CATALOGUE.items()],
        consent=planning.consent_of(person.id),
        asked=asked if asked and asked.code_until > now else None,
        offered=ports().texter.offered,
        words=WORDS.format(practice=practice.name, phone="the number above"),
        zone=person.zone,
    )


def _values(person: Person) -> dict[str, object]:
    wishes = planning.wishes_of(person)
    return {
        "channels": [channel for channel in (EMAIL, SMS) if channel in wishes.channels],
        "minutes": [str(minutes) for minutes in CATALOGUE if minutes not in wishes.skipped],
        "quiet_from": f"{time(wishes.quiet.since // 60, wishes.quiet.since % 60):%H:%M}",
        "quiet_until": f"{time(wishes.quiet.until // 60, wishes.quiet.until % 60):%H:%M}",
    }
