"""The demo's mailbox shows letters and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from practice import post
from practice.core.db import db
from practice.core.mail import Attachment, Mail
from practice.core.mailers import MailboxMailer
from practice.core.ports import Ports
from practice.core.settings import Settings
from tests import builders
from tests.fakes import FrozenClock
from tests.support.apps import make_app, settings_for
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client

BAD = """<html><head><title>x</title><style>p{}</style></head><body style="color:#123456">
<script>alert(1)</script><h1>Your session</h1><p onclick="alert(1)" style="margin:0">Hello <b>you</b> &amp; me<img src="http://x/y.png"></p>
<a href="javascript:alert(1)">no</a> <a href="https://example.org/a?b=1&amp;c=2">yes</a>
<div style="background:url(http://x)">plain</div><iframe src="//x"></iframe><ul><li>open</body></html>"""


@pytest.fixture
def demo(database: str, tmp_path: Path, doors: Ports) -> Iterator[Flask]:
    """The app as a demo, with a few letters in its mailbox."""
    app = make_app(settings_for(database, tmp_path, environment="demo"), doors)
    with app.app_context():
        builders.a_practice()
        yield app
        db.session.remove()
        db.engine.dispose()


def deliver(tmp_path: Path, clock: FrozenClock, **changes: object) -> str:
    usual = {"to": "alice@example.org", "subject": "Your session", "text": "Hello Alice,\n\nSee you soon.", "html": ""}
    mail = Mail(**(usual | changes)).keyed(f"{changes}", "example.org")  # type: ignore[arg-type]
    MailboxMailer(tmp_path / "mailbox", "Stillpoint <hello@stillpoint.example>").send(mail, now=clock.now())
    clock.advance(minutes=1)
    return max((tmp_path / "mailbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns).stem


def test_an_empty_mailbox_says_what_will_be_there(demo: Flask) -> None:
    assert "No letters yet" in signed_in_client(demo, None).get("/mailbox").text


def test_letters_are_listed_searched_and_filtered(demo: Flask, tmp_path: Path, clock: FrozenClock) -> None:
    deliver(tmp_path, clock)
    deliver(tmp_path, clock, to="ben@example.org", subject="Your receipt", text="Hello Ben,\n\nThank you.")
    client = signed_in_client(demo, None)
    everything = client.get("/mailbox").text
    assert everything.index("Your receipt") < everything.index("Your session")
    assert "See you soon." in everything
    hers = client.get("/mailbox?to=alice@example.org").text
    assert "Your session" in hers
    assert "Your receipt" not in hers
    assert "Your session" not in client.get("/mailbox?q=thank+ben").text
    assert "No letter like that" in client.get("/mailbox?q=nothing-like-it").text


def test_many_letters_have_pages(demo: Flask, tmp_path: Path, clock: FrozenClock) -> None:
    for number in range(45):
        deliver(tmp_path, clock, subject=f"Letter {number}")
    client = signed_in_client(demo, None)
    assert "Page 1 of 2" in client.get("/mailbox").text
    assert "Letter 0<" in client.get("/mailbox?page=2").text


def test_a_letter_is_shown_as_it_was_sent_and_nothing_in_it_runs(
    demo: Flask, tmp_path: Path, clock: FrozenClock
) -> None:
    name = deliver(tmp_path, clock, html=BAD)
    client = signed_in_client(demo, None)
    page = client.get(f"/mailbox/{name}")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "See you soon." in page.text
    frame = client.get(f"/mailbox/{name}/letter")
    assert "script" not in frame.text.partition("<body>")[2]
    assert "javascript" not in frame.text
    assert "http://x" not in frame.text
    assert 'href="https://example.org/a?b=1&amp;c=2"' in frame.text
    assert "Hello <b>you</b> &amp; me" in frame.text
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    css = client.get(f"/mailbox/{name}/letter.css")
    assert css.mimetype == "text/css"
    assert "color:#123456" in css.text
    assert "url" not in css.text


def test_attachments_are_downloads(demo: Flask, tmp_path: Path, clock: FrozenClock) -> None:
    attachment = Attachment("session.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=REQUEST")
    name = deliver(tmp_path, clock, attachments=(attachment,))
    client = signed_in_client(demo, None)
    assert "session.ics" in client.get(f"/mailbox/{name}").text
    answer = client.get(f"/mailbox/{name}/attachments/0")
    assert answer.data.startswith(b"BEGIN:VCALENDAR")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="session.ics"'
    assert client.get(f"/mailbox/{name}/attachments/1").status_code == 404


@pytest.mark.parametrize("name", ["0" * 24, "..%2f..%2fetc%2fpasswd", "x"])
def test_a_letter_that_is_not_there_is_not_found(demo: Flask, name: str) -> None:
    client = signed_in_client(demo, None)
    for path in (f"/mailbox/{name}", f"/mailbox/{name}/letter", f"/mailbox/{name}/attachments/0"):
        assert client.get(path).status_code == 404


def test_every_bar_says_where_the_mail_is(demo: Flask) -> None:
    assert 'href="/mailbox"' in signed_in_client(demo, None).get("/sign-in").text


def test_there_is_no_mailbox_but_in_a_demo(client: PageClient, settings: Settings) -> None:
    assert not settings.is_demo
    assert client.get("/mailbox").status_code == 404


def test_a_rebuilt_letter_closes_what_it_opens() -> None:
    body = post.rendered(BAD).body
    assert len(re.findall(r"<(?!/|br)", body)) == len(re.findall(r"</", body))
