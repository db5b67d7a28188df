"""A web tier whose clock stands still, with a counselor's week as full as a test wants it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext
from werkzeug.serving import make_server

from practice import sign_ins
from practice.core.db import db
from practice.core.ports import Ports
from practice.models import Person
from tests import builders
from tests.booking.builders import a_service, an_appointment, open_hours
from tests.fakes import FakePrinter, FrozenClock, RecordingMailer
from tests.support.apps import make_app, settings_for
from tests.support.fake_payments import FakePayments
from tests.support.ports import free_ports

MONDAY_AT_TEN = datetime(2026, 11, 23, 15, 7, tzinfo=UTC)
NAMES = ("Alice Moreau", "Ben Okafor", "Elif Demir", "Farid Haddad", "Greta Lund", "Hugo Marchetti", "Noor Rahman")


@dataclass(slots=True)
class Calendar:
    """A running app, and the cookie of its counselor."""

    app: Flask
    url: str
    cookie: tuple[str, str]

    def sign_in(self, context: BrowserContext) -> None:
        """Let a window be the counselor's."""
        name, value = self.cookie
        context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])


@contextmanager
def running_calendar(database: str, var: Path, *, sessions: int) -> Iterator[Calendar]:
    """Serve a practice on Monday at ten, where Ines has so many half hours this week, twenty a day at most."""
    (port,) = free_ports(1)
    clock = FrozenClock(MONDAY_AT_TEN)
    doors = Ports(clock=clock, mailer=RecordingMailer(), printer=FakePrinter(), payments=FakePayments())
    app = make_app(settings_for(database, var, base_url=f"http://127.0.0.1:{port}"), doors)
    with app.app_context():
        counselor = _furnish(sessions)
        cookie = (str(app.config["SESSION_COOKIE_NAME"]), _secret(app, counselor))
        db.session.remove()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Calendar(app, f"http://127.0.0.1:{port}", cookie)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _furnish(sessions: int) -> Person:
    builders.a_practice()
    ines = builders.a_counselor("Ines Calder")
    zones = ("America/New_York", "America/Chicago", "Europe/Berlin")
    clients = [builders.a_client(name, zone=zones[at % 3]) for at, name in enumerate(NAMES)]
    open_hours(ines, 8 * 60, 18 * 60, step_minutes=15)
    a_service(ines, minutes=25 if sessions > 40 else 50, buffer_after=0)
    for number in range(sessions):
        place, day = divmod(number, 5)
        start = datetime(2026, 11, 23 + day, 13, tzinfo=UTC) + place * timedelta(minutes=30 if sessions > 40 else 75)
        past = start < MONDAY_AT_TEN - timedelta(minutes=30)
        status = "confirmed" if not past else "no_show" if number == 2 else "completed"
        an_appointment(ines, clients[number % len(clients)], start, status=status)
    return ines


def _secret(app: Flask, person: Person) -> str:
    visitor = sign_ins.begin(person, user_agent="Tests", address="127.0.0.1", now=MONDAY_AT_TEN)
    db.session.commit()
    assert isinstance(app.session_interface, SecureCookieSessionInterface)
    serializer = app.session_interface.get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"_user_id": visitor.secret, "_fresh": True}))
