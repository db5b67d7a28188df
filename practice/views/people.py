"""The people of the practice, for administrators."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice import sign_ins
from practice.core import audit
from practice.core.db import db
from practice.core.ports import ports
from practice.deeds import detail, words
from practice.devices import describe
from practice.models import ROLES, Person
from practice.queries import audit_log
from practice.queries import people as queries
from practice.security import administrators_only, current_person
from practice.services import people as service
from practice.views.blueprint import bp
from practice.views.pages import pages_of, wanted_page, words_asked

FILTERS = (
    ("", "Everybody"),
    ("client", "Clients"),
    ("counselor", "Counselors"),
    ("biller", "Billers"),
    ("administrator", "Administrators"),
    ("unconfirmed", "Not confirmed yet"),
    ("closed", "Closed accounts"),
)
LAST = "The practice needs one administrator who can sign in. Give somebody else that role first."


@bp.get("/people")
@administrators_only
def people() -> ResponseReturnValue:
    """Search the people of the practice."""
    role = request.args.get("role", "")
    role = role if role in dict(FILTERS) else ""
    typed = words_asked("q")
    found = queries.find(words=typed, role=role, page=wanted_page())
    kept = {name: value for name, value in (("q", typed), ("role", role)) if value}
    pages = pages_of("practice.people", found.number, found.pages, kept)
    return render_template("practice/people.html", found=found, pages=pages, q=typed, chosen_role=role, filters=FILTERS)


@bp.get("/people/<int:person_id>")
@administrators_only
def person(person_id: int) -> ResponseReturnValue:
    """Show one person's account; reading it is noted."""
    found, viewer = _found(person_id), current_person()
    if found.id != viewer.id:
        audit.record_aside("person.viewed", person_id=viewer.id, subject=("person", found.id))
    return _person_page(found)


@bp.post("/people/<int:person_id>/roles")
@administrators_only
def grant_role(person_id: int) -> ResponseReturnValue:
    """Give a person one more role."""
    found, role = _found(person_id), _role(request.form.get("role", ""))
    service.grant(found, role, by=current_person(), now=ports().clock.now())
    return _done(found, f"{found.name} is now {_named(role)}.")


@bp.post("/people/<int:person_id>/roles/<role>/removal")
@administrators_only
def revoke_role(person_id: int, role: str) -> ResponseReturnValue:
    """Take a role back."""
    found = _found(person_id)
    try:
        service.revoke(found, _role(role), by=current_person())
    except service.LastAdministratorError:
        return _refused(found)
    return _done(found, f"{found.name} is no longer {_named(role)}.")


@bp.post("/people/<int:person_id>/closing")
@administrators_only
def close_account(person_id: int) -> ResponseReturnValue:
    """Close an account; nothing in it is lost."""
    found = _found(person_id)
    try:
        service.close(found, by=current_person(), now=ports().clock.now())
    except service.LastAdministratorError:
        return _refused(found)
    return _done(found, f"The account of {found.name} is closed.")


@bp.post("/people/<int:person_id>/closing/end")
@administrators_only
def reopen_account(person_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    found = _found(person_id)
    service.reopen(found, by=current_person())
    return _done(found, f"{found.name} can sign in again.")


@bp.post("/people/<int:person_id>/sign-ins/<int:sign_in_id>/end")
@administrators_only
def end_sign_in_of(person_id: int, sign_in_id: int) -> ResponseReturnValue:
    """Sign a person out on one device, such as one that was lost."""
    found = _found(person_id)
    if not sign_ins.end(found, sign_in_id, now=ports().clock.now()):
        abort(404)
    audit.record("sign_in.ended_by_administrator", person_id=current_person().id, subject=("person", found.id))
    return _done(found, "That device is signed out.")


def _found(person_id: int) -> Person:
    return queries.person(person_id) or abort(404)


def _role(role: str) -> str:
    return role if role in ROLES else abort(404)


def _named(role: str) -> str:
    return f"{'an' if role[0] == 'a' else 'a'} {role}"


def _done(found: Person, said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "good")
    if not current_person().is_administrator:
        return redirect(url_for("practice.start"), 303)
    return redirect(url_for("practice.person", person_id=found.id), 303)


def _refused(found: Person) -> ResponseReturnValue:
    db.session.rollback()
    flash(LAST, "bad")
    return _person_page(found), 409


def _person_page(found: Person) -> str:
    page = audit_log.page(audit_log.Filter(person_id=found.id))
    standing = sign_ins.standing(found, now=ports().clock.now())
    return render_template(
        "practice/person.html",
        person=found,
        roles=ROLES,
        sign_ins=[(row, describe(row.user_agent)) for row in standing],
        entries=page.entries[:20],
        names=audit_log.names(page.entries[:20]),
        words=words,
        detail=detail,
    )
