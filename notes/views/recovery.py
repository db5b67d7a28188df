"""The administrator's pages for the recovery key: made, tried, and used for somebody who lost their password."""

import base64
import binascii
import hashlib
import json
import os
from hmac import compare_digest

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from notes.custody import people, recovery, rings, succession, vouching
from notes.custody.models import RecoveryKey
from notes.vault import VaultSealBrokenError
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.ports import ports
from practice.models import Person
from practice.security import administrators_only, current_person


@bp.get("/recovery")
@administrators_only
def recovery_key() -> ResponseReturnValue:
    """Show whether there is a recovery key, what it covers and who waits for it."""
    covered, total, missing = recovery.coverage()
    key = rings.recovery_key()
    return render_template(
        "notes/recovery/index.html",
        key=key,
        mark=vouching.mark(key.public) if key else "",
        doubted=key is not None and not vouching.of_practice(key),
        covered=covered,
        total=total,
        missing=missing,
        exchanged=[row.person for row in vouching.exchanged()],
        doubts=vouching.doubts(),
        waiting=recovery.waiting(),
        gone=succession.gone(),
    )


@bp.get("/recovery/new")
@administrators_only
def new_recovery_key() -> ResponseReturnValue:
    """Show the ceremony; the key is made by the page."""
    return _new_page(forms.blank(sheets="3"))


@bp.post("/recovery")
@administrators_only
def keep_recovery_key() -> ResponseReturnValue:
    """Keep the public half of a key whose sheets were typed back."""
    try:
        public = base64.b64decode(request.form.get("public", ""), validate=True)
        sheets = {"1": 1, "3": 3}[request.form.get("sheets", "")]
        recovery.keep(public, sheets=sheets, by=current_person(), now=ports().clock.now())
    except (binascii.Error, KeyError, ValueError, VaultSealBrokenError):
        db.session.rollback()
        return _new_page(forms.refused(request.form, **{"": "The key did not arrive whole. Make it once more."})), 422
    db.session.commit()
    flash("The recovery key is in force. Put each sheet where only its keeper finds it.", "good")
    return redirect(url_for("notes.recovery_key"), 303)


@bp.get("/recovery/drill")
@administrators_only
def drill() -> ResponseReturnValue:
    """Ask for the sheets, to see that they still open what they should."""
    return _drill_page(_standing())


@bp.get("/recovery/drill/envelopes")
@administrators_only
def drill_envelopes() -> ResponseReturnValue:
    """Give a sealed secret that only the sheets open; what is kept of it here is its hash."""
    secret = os.urandom(32)
    session["drill"] = hashlib.sha256(secret).hexdigest()
    return {"envelopes": [recovery.challenge(_standing(), secret)]}


@bp.post("/recovery/drill")
@administrators_only
def finish_drill() -> ResponseReturnValue:
    """Keep that the sheets work, or say that they do not."""
    key, found = _standing(), opened_keys().get(0, b"")
    if not compare_digest(hashlib.sha256(found).hexdigest(), session.pop("drill", "")):
        return _drill_page(key, wrong=True), 422
    recovery.proved(key, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("The sheets work. They would open every key listed here.", "good")
    return redirect(url_for("notes.recovery_key"), 303)


@bp.get("/recovery/people/<int:person_id>")
@administrators_only
def recover(person_id: int) -> ResponseReturnValue:
    """Ask for the sheets that open somebody's notes again."""
    return _recover_page(_waiting(person_id))


@bp.get("/recovery/people/<int:person_id>/envelopes")
@administrators_only
def recovery_envelopes(person_id: int) -> ResponseReturnValue:
    """Give the envelopes that the sheets open for somebody."""
    return {"envelopes": recovery.envelopes_for(_waiting(person_id))}


@bp.post("/recovery/people/<int:person_id>")
@administrators_only
def finish_recovery(person_id: int) -> ResponseReturnValue:
    """Wrap what the sheets opened for the person's new key."""
    person = _waiting(person_id)
    try:
        count = recovery.restore(person, opened_keys(), by=current_person(), now=ports().clock.now())
    except recovery.NotTheKeyError as error:
        db.session.rollback()
        return _recover_page(_waiting(person_id), refusal=str(error)), 422
    db.session.commit()
    if not count:
        return _recover_page(person, refusal="Nothing came back from the sheets, so nothing was changed."), 422
    flash(f"{person.name}’s notes open again, with the new password.", "good")
    return redirect(url_for("notes.recovery_key"), 303)


def opened_keys() -> dict[int, bytes]:
    """Read what the sheets opened; what is not in that form is nothing."""
    try:
        kept = json.loads(request.form.get("keys", ""))
        return {int(number): base64.b64decode(secret, validate=True) for number, secret in kept.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _standing() -> RecoveryKey:
    return rings.recovery_key() or abort(404)


def _waiting(person_id: int) -> Person:
    person = db.session.get(Person, person_id)
    return person if person and people.waits(person.id) else abort(404)


def _new_page(form: forms.Errors) -> str:
    return render_template("notes/recovery/new.html", form=form, key=rings.recovery_key())


def _drill_page(key: RecoveryKey, *, wrong: bool = False) -> str:
    return render_template("notes/recovery/drill.html", key=key, wrong=wrong)


def _recover_page(person: Person, refusal: str = "") -> str:
    return render_template(
        "notes/recovery/person.html",
        person=person,
        key=rings.recovery_key(),
        count=len(recovery.envelopes_for(person)),
        refusal=refusal,
    )
