"""Lock a browser that nobody uses, and go on with the password; what was typed there stays."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from practice import attempts, events, sign_ins
from practice.core import audit
from practice.core.db import db
from practice.core.ports import ports
from practice.destinations import local_path
from practice.security import current_visitor, locked_page, signed_in
from practice.services import accounts
from practice.views.blueprint import bp
from practice.views.throttle import throttle

WRONG = "That is not your password."


@bp.post("/lock")
@signed_in
def lock() -> ResponseReturnValue:
    """Lock this browser; the pages open in it have covered themselves."""
    visitor = current_visitor()
    if not visitor.is_locked:
        sign_ins.lock(visitor, now=ports().clock.now())
        audit.record("sign_in.locked", person_id=visitor.person.id, subject=("person", visitor.person.id))
        db.session.commit()
    return "", 204


@bp.post("/lock/open")
@signed_in
def unlock() -> ResponseReturnValue:
    """Go on where the browser was locked, once the password is given."""
    visitor, password = current_visitor(), request.form.get("password", "")[:1000]
    person_id, account = visitor.person.id, visitor.person.email
    throttle("password_check", account=account)
    if not accounts.proves(visitor.person, password):
        audit.record("sign_in.refused", person_id=person_id, subject=("person", person_id))
        db.session.commit()
        return locked_page(WRONG, 422)
    events.password_proved.send(events.PasswordProved(person_id, password))
    now = ports().clock.now()
    sign_ins.unlock(visitor, now=now)
    audit.record("sign_in.unlocked", person_id=person_id, subject=("person", person_id))
    attempts.forget("password_check", account=account)
    db.session.commit()
    if request.accept_mimetypes.best == "application/json":
        return "", 204
    return redirect(local_path(request.form.get("next")) or url_for("practice.start"), 303)
