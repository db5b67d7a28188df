"""Notes are locked until their reader gives the password; what was being sent goes on with it, nothing is lost."""

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.custody import people, uses, vouching
from notes.custody.holders import hold, holder, holder_or_none
from notes.custody.tending import tend
from notes.vault import VaultDoubtedError, VaultLockedError, VaultNotMadeError, VaultRefusedError
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db, writing
from practice.core.ports import ports
from practice.destinations import local_path
from practice.security import current_person, current_visitor, person_or_none, signed_in
from practice.services import accounts
from practice.views.throttle import throttle

FIELD = "vault_password"
WRONG = "That is not your password."
_NOT_KEPT = ("password", "csrf_token")


def add_to(app: Flask) -> None:
    """Answer whatever meets a locked vault, on any page of the house, with the way to unlock it."""
    app.register_error_handler(VaultLockedError, _locked)
    app.register_error_handler(VaultRefusedError, _refused)
    app.register_error_handler(VaultNotMadeError, _refused)


@bp.get("/unlock")
@signed_in
def unlock() -> ResponseReturnValue:
    """Ask for the password, or go on when the vault is open."""
    if holder_or_none():
        return redirect(_wanted(), 303)
    return _page(forms.blank())


@bp.post("/unlock")
@signed_in
def open_vault() -> ResponseReturnValue:
    """Open the vault and lead on to where the person was; `_unlock_on_the_way` has tried the password."""
    if holder_or_none() is None:
        return _refuse()
    return ("", 204) if _from_script() else redirect(_wanted(), 303)


@bp.post("/unlock/earlier")
@signed_in
def remember_password() -> ResponseReturnValue:
    """Open what an earlier password sealed with that password, and seal it with the one of now."""
    person_id = current_person().id
    throttle("password_check", account=str(person_id))
    held = people.remember(holder(), request.form.get("earlier_password", ""))
    if held is None:
        wrong = forms.refused(request.form, earlier_password="That was not the password of before.")  # noqa: S106 - words
        return render_template("notes/refused.html", waits=True, form=wrong), 422
    tend(held, now=ports().clock.now())
    audit.record("vault.opened", person_id=person_id, subject=("person", person_id))
    db.session.commit()
    flash("Your notes open again.", "good")
    return redirect(url_for("practice.start"), 303)


@bp.after_app_request
def _write_down_uses(response: Response) -> Response:
    """Write down whose charts this request opened, before its answer leaves; once in a sitting."""
    opened = uses.noted()
    if opened and person_or_none() and (new := uses.new_to(current_visitor(), opened)):
        with writing():
            uses.record(current_visitor(), new, now=ports().clock.now())
            db.session.commit()
    return response


@bp.before_app_request
def _unlock_on_the_way() -> ResponseReturnValue | None:
    """Take the password out of any form that was sent again with it, and open the vault before the page sees it."""
    if request.method != "POST" or FIELD not in request.form or person_or_none() is None:
        return None
    return None if _open(request.form[FIELD]) else _refuse()


def _open(password: str) -> bool:
    visitor = current_visitor()
    person_id = visitor.person.id
    throttle("password_check", account=str(person_id))
    db.session.commit()
    opened = people.prove(person_id, password)
    person = current_person()
    if not opened and not accounts.proves(person, password):
        people.forget()
        audit.record("vault.refused", person_id=person_id, subject=("person", person_id))
        db.session.commit()
        return False
    now = ports().clock.now()
    if not people.settle(person, now=now):
        flash(people.EXCHANGED, "bad")
    people.keep_open(visitor, now=now)
    audit.record("vault.opened", person_id=person_id, subject=("person", person_id))
    held = holder_or_none()
    if held:
        tend(held, now=now)
    db.session.commit()
    return True


def _refuse() -> ResponseReturnValue:
    if _from_script():
        return {"message": WRONG}, 422
    return _page(forms.refused(request.form, **{FIELD: WRONG})), 422


def _from_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _locked(error: VaultLockedError) -> ResponseReturnValue:
    db.session.rollback()
    hold(None)
    if _from_script():
        return {"message": str(error), "address": url_for("notes.unlock", next=_here())}, 401
    return _page(forms.blank()), 423


def _refused(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    if _from_script():
        return {"message": str(error)}, 403
    person_id, doubted = current_person().id, isinstance(error, VaultDoubtedError)
    return (
        render_template(
            "notes/refused.html",
            error=error,
            waits=people.waits(person_id) and not doubted,
            exchanged=vouching.was_doubted(person_id),
            doubted=doubted,
            form=forms.blank(),
        ),
        403,
    )


def _page(form: forms.Errors) -> str:
    """Ask for the password on the way; a form that was sent keeps its fields, and goes where it was going."""
    sent = request.method == "POST" and request.endpoint != "notes.open_vault"
    given = request.form.items(multi=True) if sent else ()
    kept = [(name, value) for name, value in given if not any(word in name for word in _NOT_KEPT)]
    return render_template(
        "notes/unlock.html",
        form=form,
        kept=kept,
        action=request.full_path.rstrip("?") if sent else url_for("notes.open_vault"),
        then=_wanted() if request.endpoint in {"notes.unlock", "notes.open_vault"} else _here(),
    )


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("practice.start")


def _wanted() -> str:
    return local_path(request.values.get("next")) or url_for("practice.start")
