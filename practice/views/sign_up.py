"""Sign up as a client and confirm the address."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from practice import passwords, tokens, zones
from practice.core import forms
from practice.core.db import db
from practice.core.ports import ports
from practice.destinations import local_path
from practice.forms.accounts import Address, SignUp
from practice.queries.people import the_practice
from practice.security import open_to_all, person_or_none
from practice.services import accounts
from practice.views.blueprint import bp
from practice.views.entrance import enter, link_ended
from practice.views.throttle import throttle


@bp.get("/sign-up")
@open_to_all
def sign_up() -> ResponseReturnValue:
    """Show the sign-up form."""
    if person_or_none() is not None:
        return redirect(url_for("practice.start"), 303)
    return _page(forms.blank(zone=the_practice().zone, next=local_path(request.args.get("next")) or ""))


@bp.post("/sign-up")
@open_to_all
def create_account() -> ResponseReturnValue:
    """Send the link that makes the account theirs."""
    form = SignUp.parse(request.form)
    if isinstance(form, forms.Errors):
        return _page(form), 422
    throttle("sign_up", account=form.email)
    password_hash = passwords.hashed(form.password)
    accounts.sign_up(form, password_hash=password_hash, now=ports().clock.now())
    db.session.commit()
    session["confirming"] = form.email
    session["next"] = local_path(request.form.get("next"))
    return redirect(url_for("practice.confirmation_sent"), 303)


@bp.get("/sign-up/sent")
@open_to_all
def confirmation_sent() -> ResponseReturnValue:
    """Say where the link went and what to do when it does not come."""
    if not session.get("confirming"):
        return redirect(url_for("practice.resend_confirmation"), 303)
    return render_template("practice/confirmation_sent.html", email=session["confirming"])


@bp.get("/sign-up/link")
@open_to_all
def resend_confirmation() -> ResponseReturnValue:
    """Ask for the address a new link should go to."""
    return render_template("practice/resend_confirmation.html", form=forms.blank())


@bp.post("/sign-up/link")
@open_to_all
def send_confirmation_again() -> ResponseReturnValue:
    """Send the link once more."""
    form = Address.parse(request.form)
    if isinstance(form, forms.Errors):
        return render_template("practice/resend_confirmation.html", form=form), 422
    throttle("resend", account=form.email)
    accounts.resend_confirmation(form.email, now=ports().clock.now())
    db.session.commit()
    session["confirming"] = form.email
    flash("We sent the link again.", "good")
    return redirect(url_for("practice.confirmation_sent"), 303)


@bp.get("/confirm/<secret>")
@open_to_all
def confirm(secret: str) -> ResponseReturnValue:
    """Show the one button that confirms: mail programs that open links press no buttons."""
    token = tokens.find("confirm_email", secret, now=ports().clock.now())
    if token is None:
        return link_ended("practice.resend_confirmation", "Send a new link")
    return render_template("practice/confirm.html", secret=secret, name=token.payload["name"])


@bp.post("/confirm/<secret>")
@open_to_all
def finish_sign_up(secret: str) -> ResponseReturnValue:
    """Open the account and sign the person in."""
    person = accounts.confirm(secret, now=ports().clock.now())
    if person is None:
        return link_ended("practice.resend_confirmation", "Send a new link")
    flash("Welcome. Your account is ready.", "good")
    return enter(person, then=session.get("next"))


def _page(form: forms.Errors) -> str:
    now = ports().clock.now()
    return render_template(
        "practice/sign_up.html",
        form=form,
        zones=zones.options(now, form.values.get("zone", "")),
        rule=passwords.RULE,
    )
