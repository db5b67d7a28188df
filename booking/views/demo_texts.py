"""Answering a text in the demo's mailbox: the telephone that it went to texts back. Not there in production."""

from __future__ import annotations

import secrets

from flask import Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from booking.reminding import replies
from practice import post
from practice.core.db import db
from practice.core.ports import ports
from practice.core.settings import settings
from practice.core.texts import Incoming, Text
from practice.security import open_to_all

LONGEST = 320


def add_to(app: Flask) -> None:
    """Put the answering of texts into a demo."""
    app.add_url_rule("/mailbox/<name>/answer", "booking.reply_to_text", reply, methods=["POST"])


@open_to_all
def reply(name: str) -> ResponseReturnValue:
    """Act on the answer as if the provider had brought it, and text back what it says."""
    letter = post.letter(settings().var_dir / "mailbox", name)
    if letter is None or not letter.is_text:
        abort(404)
    body = request.form.get("body", "").strip()[:LONGEST]
    if not body:
        flash("Type an answer first, such as C.", "bad")
        return redirect(url_for("practice.mailbox_letter", name=name), 303)
    incoming, now = Incoming(f"demo-{secrets.token_hex(8)}", letter.to, body), ports().clock.now()
    answer = replies.receive(incoming, now)
    db.session.commit()
    with ports().texter.line() as line:
        line.send(Text(letter.to, answer, message_id=incoming.provider_id), now=now)
    flash(f"The practice answers: {answer}", "good")
    return redirect(url_for("practice.mailbox_letter", name=name), 303)
