"""Choose a new password: with a link when it is forgotten, with the old one when it is not."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice import events, passwords, tokens
from practice.core import forms
from practice.core.db import db
from practice.core.ports import ports
from practice.forms.accounts import Address, ChangePassword, NewPassword
from practice.security import current_person, current_sign_in_id, open_to_all, signed_in
from practice.services import accounts
from practice.views.blueprint import bp
from practice.views.entrance import enter, link_ended
from practice.views.throttle import throttle

WRONG = "That is not your current password."


@bp.get("/password/forgotten")
@open_to_all
def forgot() -> ResponseReturnValue:
    """Ask for the address a link should go to."""
    return render_template("practice/forgot.html", form=forms.blank())


@bp.post("/password/forgotten")
@open_to_all
def send_reset() -> ResponseReturnValue:
    """Send a link if somebody has this address; the page never tells."""
    form = Address.parse(request.form)
    if isinstance(form, forms.Errors):
        return render_template("practice/forgot.html", form=form), 422
    throttle("reset", account=form.email)
    accounts.request_reset(form.email, now=ports().clock.now())
    db.session.commit()
    return render_template("practice/reset_sent.html", email=form.email)


@bp.get("/password/new/<secret>")
@open_to_all
def reset(secret: str) -> ResponseReturnValue:
    """Show the form behind a reset link."""
    if tokens.find("reset_password", secret, now=ports().clock.now()) is None:
        return link_ended("practice.forgot", "Send a new link")
    return _reset_page(secret, forms.blank())


@bp.post("/password/new/<secret>")
@open_to_all
def finish_reset(secret: str) -> ResponseReturnValue:
    """Set the password and sign the person in here and nowhere else."""
    form = NewPassword.parse(request.form)
    if isinstance(form, forms.Errors):
        return _reset_page(secret, form), 422
    if tokens.find("reset_password", secret, now=ports().clock.now()) is None:
        return link_ended("practice.forgot", "Send a new link")
    db.session.rollback()  # nobody waits for our transaction while Argon2 takes its time
    person = accounts.reset_password(secret, accounts.chosen(form.password), now=ports().clock.now())
    if person is None:
        return link_ended("practice.forgot", "Send a new link")
    flash("Your password is changed. Other devices are signed out.", "good")
    return enter(person)


@bp.get("/account/password")
@signed_in
def account_password() -> ResponseReturnValue:
    """Show the change-password form."""
    return _change_page(forms.blank())


@bp.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password of whoever knows the current one."""
    person = current_person()
    form = ChangePassword.parse(request.form)
    if isinstance(form, forms.Errors):
        return _change_page(form), 422
    person_id = person.id
    throttle("password_check", account=str(person_id))
    if not accounts.proves(person, form.current):
        return _change_page(forms.refused(request.form, current_password=WRONG)), 422
    events.password_proved.send(events.PasswordProved(person_id, form.current))
    password_hash = accounts.chosen(form.password)
    accounts.change_password(person, password_hash, but=current_sign_in_id(), now=ports().clock.now())
    db.session.commit()
    flash("Your password is changed. Other devices are signed out.", "good")
    return redirect(url_for("practice.account"), 303)


def _reset_page(secret: str, form: forms.Errors) -> str:
    return render_template("practice/reset.html", form=form, secret=secret, rule=passwords.RULE)


def _change_page(form: forms.Errors) -> str:
    return render_template("practice/account_password.html", form=form, rule=passwords.RULE)
