"""Every message of the practice: what is planned, what arrived, and what went wrong."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.reminding import messages as found
from booking.reminding import words
from booking.reminding.messages import PAGE_SIZE, Filter, NotAgainError
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person
from practice.views.pages import pages_of, wanted_page, words_asked

FIELDS = ("who", "state", "channel", "kind", "since", "until")


@bp.get("/messages")
@administrators_only
def messages() -> ResponseReturnValue:
    """List the messages, filtered, the latest due first."""
    kept = {name: value for name in FIELDS if (value := words_asked(name))}
    wanted, problem = _wanted(kept)
    last = max(1, -(-found.count(wanted) // PAGE_SIZE))
    number = min(wanted_page(), last)
    shown = found.page(wanted, number)
    return render_template(
        "booking/messages.html",
        shown=shown,
        people=found.people_of(shown),
        tallies=found.tallies(ports().clock.now()),
        words=words,
        why_not=found.why_not,
        kinds=[(kind, words.kind_of(kind)) for kind in found.kinds()],
        states=[(state, label) for state, (label, *_) in words.STATES.items()],
        channels=list(words.CHANNELS.items()),
        kept=kept,
        problem=problem,
        pages=pages_of("booking.messages", number, last, kept),
        zone=wanted.zone,
    )


@bp.post("/messages/<int:message_id>/again")
@administrators_only
def send_message_again(message_id: int) -> ResponseReturnValue:
    """Send a message again that certainly did not arrive."""
    message = db.session.get(OutboxMessage, message_id) or abort(404)
    try:
        found.send_again(message, current_person(), ports().clock.now())
    except NotAgainError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
    else:
        db.session.commit()
        flash("It goes out again in a moment.", "good")
    return redirect(url_for("booking.messages", state=request.form.get("state") or None), 303)


@bp.post("/messages/<int:message_id>/return")
@administrators_only
def note_message_return(message_id: int) -> ResponseReturnValue:
    """Note that a letter came back."""
    message = db.session.get(OutboxMessage, message_id) or abort(404)
    try:
        found.note_return(message, current_person(), ports().clock.now())
    except NotAgainError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
    else:
        db.session.commit()
        flash("Noted. It now stands among what failed.", "good")
    return redirect(url_for("booking.messages", state=request.form.get("state") or None), 303)


def _wanted(kept: dict[str, str]) -> tuple[Filter, str]:
    since, until = _day(kept.get("since")), _day(kept.get("until"))
    problem = ""
    if (kept.get("since") and since is None) or (kept.get("until") and until is None):
        problem = "Enter days like 2026-11-24. A day that could not be read was left out."
    elif since and until and since > until:
        problem = "The first day is after the last one, so nothing can be between them."
    return (
        Filter(
            who=kept.get("who", ""),
            state=kept.get("state", ""),
            channel=kept.get("channel", ""),
            kind=kept.get("kind", "")[:60],
            since=since,
            until=until,
            zone=the_practice().zone,
            due_by=None if _looks_ahead(kept) else ports().clock.now(),
        ),
        problem,
    )


def _looks_ahead(kept: dict[str, str]) -> bool:
    """Tell whether what is planned for later is wanted: not at first sight, where it would bury what went out."""
    return bool(kept.keys() & {"who", "since", "until"}) or kept.get("state") in {"planned", "withdrawn"}


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9000 else None
