"""One's own account: details, address, and where one is signed in."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice import sign_ins as browsers
from practice import tokens, zones
from practice.core import audit, forms
from practice.core.db import db
from practice.core.ports import ports
from practice.devices import describe
from practice.forms.accounts import ChangeEmail, Details
from practice.queries.people import the_practice
from practice.security import current_person, current_sign_in_id, open_to_all, signed_in
from practice.services import accounts
from practice.views.blueprint import bp
from practice.views.entrance import link_ended
from practice.views.throttle import throttle


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Show what the practice knows about whoever asks."""
    person = current_person()
    return _account_page(forms.blank(name=person.name, zone=person.zone, phone=person.phone or ""))


@bp.post("/account")
@signed_in
def change_details() -> ResponseReturnValue:
    """Change name, zone and telephone."""
    person = current_person()
    form = Details.parse(request.form, country=the_practice().country)
    if isinstance(form, forms.Errors):
        return _account_page(form), 422
    person.name, person.zone, person.phone = form.name, form.zone, form.phone
    audit.record("person.changed", person_id=person.id, subject=("person", person.id))
    db.session.commit()
    flash("Saved.", "good")
    return redirect(url_for("practice.account"), 303)


@bp.get("/account/email")
@signed_in
def account_email() -> ResponseReturnValue:
    """Show the form for a new address."""
    return render_template("practice/account_email.html", form=forms.blank())


@bp.post("/account/email")
@signed_in
def request_email_change() -> ResponseReturnValue:
    """Send a link to the new address; nothing changes until it is opened."""
    person = current_person()
    form = ChangeEmail.parse(request.form)
    if isinstance(form, forms.Errors):
        return render_template("practice/account_email.html", form=form), 422
    throttle("password_check", account=str(person.id))
    if not accounts.proves(person, form.current):
        wrong = forms.refused(request.form, current_password="That is not your password.")  # noqa: S106 -- words
        return render_template("practice/account_email.html", form=wrong), 422
    accounts.request_email_change(person, form.email, now=ports().clock.now())
    db.session.commit()
    return render_template("practice/email_change_sent.html", email=form.email)


@bp.get("/account/email/<secret>")
@open_to_all
def confirm_email_change(secret: str) -> ResponseReturnValue:
    """Show the button that makes the new address the account's."""
    token = tokens.find("change_email", secret, now=ports().clock.now())
    if token is None:
        return link_ended("practice.account_email", "Change your address")
    return render_template("practice/confirm_email_change.html", secret=secret, email=token.payload["email"])


@bp.post("/account/email/<secret>")
@open_to_all
def finish_email_change(secret: str) -> ResponseReturnValue:
    """Make the new address the account's."""
    try:
        person = accounts.change_email(secret, now=ports().clock.now())
    except accounts.AddressTakenError:
        person = None
    if person is None:
        return link_ended("practice.account_email", "Change your address")
    db.session.commit()
    flash("Your new e-mail address is confirmed.", "good")
    return redirect(url_for("practice.account"), 303)


@bp.get("/account/sign-ins")
@signed_in
def sign_ins() -> ResponseReturnValue:
    """Show every browser this person is signed in on."""
    rows = browsers.standing(current_person(), now=ports().clock.now())
    return render_template(
        "practice/sign_ins.html",
        rows=[(row, describe(row.user_agent)) for row in rows],
        current_id=current_sign_in_id(),
    )


@bp.post("/account/sign-ins/<int:sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """End one of one's own sign-ins."""
    person = current_person()
    if not browsers.end(person, sign_in_id, now=ports().clock.now()):
        abort(404)
    audit.record("sign_in.ended", person_id=person.id, subject=("person", person.id))
    db.session.commit()
    flash("That device is signed out.", "good")
    return redirect(url_for("practice.sign_ins"), 303)


@bp.post("/account/sign-ins/end-others")
@signed_in
def end_other_sign_ins() -> ResponseReturnValue:
    """End every sign-in but the one being used."""
    person = current_person()
    browsers.end_all(person, but=current_sign_in_id(), now=ports().clock.now())
    audit.record("sign_in.others_ended", person_id=person.id, subject=("person", person.id))
    db.session.commit()
    flash("All other devices are signed out.", "good")
    return redirect(url_for("practice.sign_ins"), 303)


def _account_page(form: forms.Errors) -> str:
    now = ports().clock.now()
    return render_template("practice/account.html", form=form, zones=zones.options(now, form.values.get("zone", "")))
