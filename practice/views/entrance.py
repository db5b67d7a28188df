"""The last step of every way in, and the page behind a link that no longer works."""

from __future__ import annotations

from flask import get_flashed_messages, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from practice import events, sign_ins
from practice.core import audit
from practice.core.db import db
from practice.core.ports import ports
from practice.destinations import local_path
from practice.models import Person
from practice.security import let_in


def enter(person: Person, *, then: str | None = None) -> ResponseReturnValue:
    """Sign a person in on this browser, commit, and lead on to where they wanted to go."""
    now = ports().clock.now()
    visitor = sign_ins.begin(person, user_agent=request.user_agent.string, address=request.remote_addr or "", now=now)
    events.sign_in_begun.send(events.SignInBegun(visitor, now))
    audit.record("sign_in.begun", person_id=person.id, subject=("person", person.id))
    db.session.commit()
    flashes = get_flashed_messages(with_categories=True)
    let_in(visitor)
    if flashes:
        session["_flashes"] = flashes
    return redirect(local_path(then) or url_for("practice.start"), 303)


def link_ended(endpoint: str, label: str) -> ResponseReturnValue:
    """Say that a link was used or ran out, and offer the way to another."""
    db.session.rollback()
    return render_template("practice/link_ended.html", href=url_for(endpoint), label=label), 410
