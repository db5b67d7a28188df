"""Sign in and out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice import attempts, events, sign_ins
from practice.core import audit, forms
from practice.core.db import db
from practice.core.ports import ports
from practice.destinations import local_path
from practice.forms.accounts import SignIn
from practice.models import Person
from practice.queries.people import person_at, the_practice
from practice.security import current_sign_in_id, let_out, open_to_all, person_or_none
from practice.services import accounts
from practice.views.blueprint import bp
from practice.views.entrance import enter
from practice.views.throttle import throttle

NO_MATCH = "That address and password do not belong together. Check both, or choose a new password."


@bp.get("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form, or go on when somebody is signed in."""
    wanted = local_path(request.args.get("next"))
    if person_or_none() is not None:
        return redirect(wanted or url_for("practice.start"), 303)
    return render_template("practice/sign_in.html", form=forms.blank(next=wanted or ""))


@bp.post("/sign-in")
@open_to_all
def open_sign_in() -> ResponseReturnValue:
    """Let in whoever knows the password."""
    form = SignIn.parse(request.form)
    if isinstance(form, forms.Errors):
        return render_template("practice/sign_in.html", form=form), 422
    throttle("sign_in", account=form.email)
    person_id = accounts.authenticate(form.email, form.password)
    person = db.session.get(Person, person_id) if person_id else None
    if person_id is None or person is None:
        return _refuse(NO_MATCH, subject=person_at(form.email))
    if not person.is_open:
        return _refuse(f"This account is closed. Write to {the_practice().email} to have it opened.", subject=person)
    attempts.forget("sign_in", account=form.email)
    db.session.commit()  # nobody waits for our transaction while Argon2 takes its time
    events.password_proved.send(events.PasswordProved(person_id, form.password))
    return enter(person, then=request.form.get("next"))


@bp.post("/sign-out")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    person = person_or_none()
    if person is not None:
        sign_ins.end(person, current_sign_in_id(), now=ports().clock.now())
        audit.record("sign_in.ended", person_id=person.id, subject=("person", person.id))
        db.session.commit()
    let_out()
    return redirect(url_for("practice.home"), 303)


def _refuse(words: str, *, subject: Person | None) -> ResponseReturnValue:
    audit.record("sign_in.refused", subject=("person", subject.id) if subject else None)
    db.session.commit()
    refused = forms.Errors(forms.shown(request.form), {"": words})
    return render_template("practice/sign_in.html", form=refused), 422
