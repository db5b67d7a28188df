"""Invite people to work here, and accept."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from practice import passwords, tokens, zones
from practice.core import forms
from practice.core.db import db
from practice.core.ports import ports
from practice.forms.people import Acceptance, Invite
from practice.models import Invitation, Token
from practice.queries import people
from practice.security import administrators_only, current_person, open_to_all
from practice.services import accounts
from practice.services import invitations as service
from practice.views.blueprint import bp
from practice.views.entrance import enter, link_ended
from practice.views.throttle import throttle


@bp.get("/invitations")
@administrators_only
def invitations() -> ResponseReturnValue:
    """List who was invited and what became of it."""
    return _list_page(forms.blank(role="counselor"))


@bp.post("/invitations")
@administrators_only
def invite() -> ResponseReturnValue:
    """Send an invitation."""
    form = Invite.parse(request.form)
    if isinstance(form, forms.Errors):
        return _list_page(form), 422
    try:
        service.invite(form, by=current_person(), now=ports().clock.now())
    except service.AlreadyInvitedError:
        return _refuse("This address has an invitation that waits for an answer. Send that one again below.")
    except service.AlreadyInRoleError:
        return _refuse(f"Somebody with this address is {'an' if form.role[0] == 'a' else 'a'} {form.role} here.")
    db.session.commit()
    flash(f"We sent an invitation to {form.email}.", "good")
    return redirect(url_for("practice.invitations"), 303)


@bp.post("/invitations/<int:invitation_id>/resend")
@administrators_only
def resend_invitation(invitation_id: int) -> ResponseReturnValue:
    """Send a fresh link; the old one stops."""
    found = _found(invitation_id)
    throttle("resend", account=found.email)
    if not service.resend(found, by=current_person(), now=ports().clock.now()):
        abort(409)
    db.session.commit()
    flash(f"We sent a new link to {found.email}.", "good")
    return redirect(url_for("practice.invitations"), 303)


@bp.post("/invitations/<int:invitation_id>/withdrawal")
@administrators_only
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    found = _found(invitation_id)
    if not service.withdraw(found, by=current_person(), now=ports().clock.now()):
        abort(409)
    db.session.commit()
    flash("The invitation is taken back. Its link no longer works.", "good")
    return redirect(url_for("practice.invitations"), 303)


@bp.get("/invitation/<secret>")
@open_to_all
def invitation(secret: str) -> ResponseReturnValue:
    """Show what somebody is invited to."""
    token = tokens.find("invitation", secret, now=ports().clock.now())
    found = people.invitation_of(token) if token else None
    if found is None:
        return link_ended("practice.sign_in", "Sign in")
    return _accept_page(secret, found, forms.blank(name=found.name, zone=people.the_practice().zone))


@bp.post("/invitation/<secret>")
@open_to_all
def accept_invitation(secret: str) -> ResponseReturnValue:
    """Open the account, or add the role to the one there is."""
    now = ports().clock.now()
    token = tokens.find("invitation", secret, now=now)
    found = people.invitation_of(token) if token else None
    if found is None:
        return link_ended("practice.sign_in", "Sign in")
    if _is_member(found):
        return _join(secret)
    form = Acceptance.parse(request.form)
    if isinstance(form, forms.Errors):
        return _accept_page(secret, found, form), 422
    db.session.rollback()  # nobody waits for our transaction while Argon2 takes its time
    person = service.accept(
        secret, now=now, name=form.name, zone=form.zone, password_hash=accounts.chosen(form.password)
    )
    if person is None:
        return link_ended("practice.sign_in", "Sign in")
    flash("Welcome. Your account is ready.", "good")
    return enter(person)


def _join(secret: str) -> ResponseReturnValue:
    if service.accept(secret, now=ports().clock.now()) is None:
        return link_ended("practice.sign_in", "Sign in")
    db.session.commit()
    session.pop("next", None)
    flash("Thank you. Sign in and you will find your new pages in the menu.", "good")
    return redirect(url_for("practice.sign_in"), 303)


def _found(invitation_id: int) -> Invitation:
    return people.invitation(invitation_id) or abort(404)


def _is_member(found: Invitation) -> bool:
    person = people.person_at(found.email)
    return person is not None and person.confirmed_at is not None


def _state(found: Invitation, token: Token) -> str:
    if found.accepted_at:
        return "accepted"
    if found.withdrawn_at:
        return "withdrawn"
    return "waiting" if token.used_at is None and token.expires_at > ports().clock.now() else "lapsed"


def _refuse(words: str) -> ResponseReturnValue:
    db.session.rollback()
    return _list_page(forms.refused(request.form, email=words)), 409


def _list_page(form: forms.Errors) -> str:
    rows = [(found, _state(found, found.token)) for found in people.invitations()]
    return render_template("practice/invitations.html", form=form, rows=rows)


def _accept_page(secret: str, found: Invitation, form: forms.Errors) -> str:
    return render_template(
        "practice/invitation.html",
        secret=secret,
        invitation=found,
        is_member=_is_member(found),
        form=form,
        rule=passwords.RULE,
        zones=zones.options(ports().clock.now(), form.values.get("zone", "")),
    )
