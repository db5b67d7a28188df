"""The demo's mailbox: every letter the practice sent, for whoever tries it out. Not there in production."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask, Response, abort, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from practice import post
from practice.core import headers
from practice.core.settings import settings
from practice.security import open_to_all
from practice.views.pages import pages_of, wanted_page, words_asked

PAGE_SIZE = 40
_ODD = re.compile(r"[^\w.@ -]+", re.ASCII)


def add_to(app: Flask) -> None:
    """Put the mailbox into a demo."""
    app.add_url_rule("/mailbox", "practice.mailbox", mailbox)
    app.add_url_rule("/mailbox/<name>", "practice.mailbox_letter", show)
    app.add_url_rule("/mailbox/<name>/letter", "practice.mailbox_body", body)
    app.add_url_rule("/mailbox/<name>/letter.css", "practice.mailbox_style", style)
    app.add_url_rule("/mailbox/<name>/attachments/<int:number>", "practice.mailbox_attachment", attachment)


@open_to_all
def mailbox() -> ResponseReturnValue:
    """List the letters, filtered by address and words."""
    return _page(None)


@open_to_all
def show(name: str) -> ResponseReturnValue:
    """Show one letter beside the list."""
    answer = Response(_page(_found(name)))
    answer.headers["Content-Security-Policy"] = f"{headers.policy(settings())}; frame-src 'self'"
    return answer


@open_to_all
def body(name: str) -> ResponseReturnValue:
    """Show a letter as it was sent, made harmless, in a frame of its own."""
    found = _found(name)
    rebuilt = Markup(post.rendered(found.html).body)  # noqa: S704 -- rebuilt from known elements, every word escaped
    answer = Response(render_template("practice/mailbox_body.html", letter=found, body=rebuilt))
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@open_to_all
def style(name: str) -> ResponseReturnValue:
    """Serve the styles a letter was sent with."""
    return Response(post.rendered(_found(name).html).css, mimetype="text/css")


@open_to_all
def attachment(name: str, number: int) -> ResponseReturnValue:
    """Download a file that came with a letter."""
    attached = _found(name).attachments
    if number >= len(attached):
        abort(404)
    answer = Response(attached[number].content, content_type=attached[number].content_type)
    filename = _ODD.sub("_", attached[number].name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def _page(shown: post.Letter | None) -> str:
    every = post.letters(_folder())
    kept = {name: value for name in ("to", "q") if (value := words_asked(name))}
    found = post.matching(every, to=kept.get("to", "").lower(), words=kept.get("q", ""))
    last = max(1, -(-len(found) // PAGE_SIZE))
    number = min(wanted_page(), last)
    return render_template(
        "practice/mailbox.html",
        letters=found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        letter=shown,
        any_letters=bool(every),
        recipients=sorted({each.to for each in every}),
        kept=kept,
        pages=pages_of("practice.mailbox", number, last, kept),
    )


def _found(name: str) -> post.Letter:
    return post.letter(_folder(), name) or abort(404)


def _folder() -> Path:
    return settings().var_dir / "mailbox"
