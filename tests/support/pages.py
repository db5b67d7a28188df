"""A test client that reads every page it fetches the way a careful browser would."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from practice.core.db import db

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
_CSRF = "a-token-for-the-tests"


class Page(HTMLParser):
    """What matters of one page: headings, ids, fields, labels, forms, and anything inline."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.labels: set[str] = set()
        self.forms: list[tuple[str, set[str]]] = []
        self.text: dict[str, list[str]] = {"h1": [], "title": []}
        self.feed(markup)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an element."""
        attributes = dict(attrs)
        self._note(tag, attributes)
        if len(attributes) != len(attrs):
            self.faults.append(f"an attribute twice on <{tag}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an element that closes itself, as inside SVG."""
        self._note(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """Close the element, which must be the last one opened."""
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]} closes {self.open[-1:] or 'nothing'}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Collect the words of the heading and the title, and refuse words in a script."""
        if self.open and self.open[-1] in {"script", "style"} and data.strip():
            self.faults.append(f"inline {self.open[-1]}")
        if "svg" in self.open:
            return
        for tag, words in self.text.items():
            if tag in self.open:
                words[-1] += data

    def _note(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in self.text and "svg" not in self.open:
            self.text[tag].append("")
        if "id" in attributes:
            self.ids.append(attributes["id"] or "")
        if "style" in attributes or any(name.startswith("on") for name in attributes):
            self.faults.append(f"inline style or handler on <{tag}>")
        if tag == "form":
            self.forms.append(((attributes.get("method") or "get").lower(), set()))
        if tag == "label" and attributes.get("for"):
            self.labels.add(attributes["for"] or "")
        if tag in {"input", "select", "textarea"}:
            self.fields.append(attributes | {"_in_label": "yes" if "label" in self.open else None})
            if self.forms:
                self.forms[-1][1].add(attributes.get("name") or "")


def faults(markup: str) -> list[str]:
    """List what is wrong with a whole page; an empty list for a good one."""
    page = Page(markup)
    found = [*page.faults]
    headings = [" ".join(words.split()) for words in page.text["h1"]]
    title = " ".join((page.text["title"] or [""])[0].split())
    if len(headings) != 1:
        found.append(f"{len(headings)} h1: {headings}")
    elif not title.removeprefix("Error: ").startswith(headings[0]):
        found.append(f"the title “{title}” does not begin with the h1 “{headings[0]}”")
    found += [f"id “{name}” is used {times} times" for name, times in Counter(page.ids).items() if times > 1]
    found += [f"no label: {field}" for field in page.fields if not _is_labelled(field, page.labels)]
    found += [
        "a form that posts has no csrf_token"
        for method, names in page.forms
        if method == "post" and not names & {"csrf_token"}
    ]
    return found


def _is_labelled(field: dict[str, str | None], labels: set[str]) -> bool:
    return (
        (field.get("type") or "text") in _UNLABELLED
        or field.get("id") in labels
        or any(field.get(name) for name in ("aria-label", "aria-labelledby", "_in_label"))
    )


class PageClient(FlaskClient):
    """Fetch pages, check each, and carry a CSRF token as the page's own forms would."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request; fail the test when the page that comes back is not well made."""
        headers = dict(kwargs.pop("headers", None) or {})
        if kwargs.get("method", "GET") not in {"GET", "HEAD"}:
            headers.setdefault("X-CSRFToken", self._csrf_token())
        db.session.commit()  # what the test prepared is there, and its transaction keeps nobody waiting
        with self.application.app_context():  # a request of its own: who is signed in must not leak into the next
            response = super().open(*args, headers=headers, **kwargs)
        _check(response)
        return response

    def _csrf_token(self) -> str:
        with self.session_transaction() as session:
            session.setdefault("csrf_token", _CSRF)
            raw = session["csrf_token"]
        return str(URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token").dumps(raw))


def _check(response: TestResponse) -> None:
    policy = response.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, "no Content-Security-Policy"
    assert "unsafe" not in policy, policy
    if response.mimetype != "text/html" or 300 <= response.status_code < 400:
        return
    if (markup := response.text).lstrip().lower().startswith("<!doctype"):
        assert faults(markup) == [], f"{response.request.path} ({response.status_code})"
