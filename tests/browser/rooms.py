"""A web tier and a media server with one session about to begin, for tests with real browsers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.serving import BaseWSGIServer, make_server

from practice import sign_ins
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests import builders
from tests.booking.builders import an_appointment
from tests.browser.ways import Ways
from tests.support.apps import make_app, settings_for
from tests.support.ports import free_ports
from tests.support.servers import until
from tests.support.tree import ROOT
from tests.video.builders import an_arrival
from video.models import RoomEvent


@dataclass(slots=True)
class MediaProcess:
    """`python -m video.media` in a process of its own."""

    settings: Settings
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        names = ("environment", "base_url", "media_url", "media_host", "media_port", "media_key", "var_dir")
        told = {f"STILLPOINT_{name.upper()}": str(getattr(self.settings, name)) for name in names}
        environ = {name: value for name, value in os.environ.items() if not name.startswith("STILLPOINT_")}
        self.process = subprocess.Popen([sys.executable, "-m", "video.media"], cwd=ROOT, env=environ | told)
        until(self.answers, what="the media server's start")

    def another(self) -> MediaProcess:
        """Lay out another one, as on another machine: with a port and files of its own."""
        (port,) = free_ports(1)
        own = {"media_port": port, "media_url": f"ws://127.0.0.1:{port}/room", "var_dir": self.settings.var_dir / "two"}
        return MediaProcess(self.settings.model_copy(update=own))

    def answers(self) -> bool:
        """Tell whether it is up."""
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.settings.media_port}/healthz", timeout=1),
        ):
            return True
        return False

    def stop(self, number: int = 15) -> None:
        """Send it a signal and wait for its end."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(15)
            self.process = None


@dataclass(slots=True)
class House:
    """Everything that runs, and the one session that Ines and Alice have now."""

    app: Flask
    settings: Settings
    media: MediaProcess
    server: BaseWSGIServer
    cookies: dict[str, str] = field(default_factory=dict)
    appointment_id: int = 0

    @property
    def room_url(self) -> str:
        """The address of the room's page."""
        return f"{self.settings.base_url}/appointments/{self.appointment_id}/room"


@contextmanager
def running_house(
    database: str, var: Path, furnish: Callable[[House], None] | None = None, ways: Ways | None = None, **told: object
) -> Iterator[House]:
    """Run web tier and media server on free ports, with Ines and Alice about to meet unless furnished otherwise.

    With `ways`, pages reach both through relays that can be cut.
    """
    web, media = free_ports(2)
    shown_web, shown_media = (ways.to_web(web), ways.to_room(media)) if ways else (web, media)
    settings = settings_for(
        database,
        var,
        base_url=f"http://127.0.0.1:{shown_web}",
        media_url=f"ws://127.0.0.1:{shown_media}/room",
        media_port=media,
        **({"media_origins": "ws://127.0.0.1:*"} | told),
    )
    app = make_app(settings)
    server = make_server("127.0.0.1", web, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    house = House(app, settings, MediaProcess(settings), server)
    (furnish or _furnish)(house)
    house.media.start()
    try:
        yield house
    finally:
        house.media.stop()
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _furnish(house: House) -> None:
    with house.app.app_context():
        builders.a_practice()
        ines, alice = builders.a_counselor("Ines Calder"), builders.a_client("Alice Moreau")
        appointment = an_appointment(ines, alice, datetime.now(UTC) + timedelta(minutes=5))
        an_arrival(appointment)
        house.appointment_id = appointment.id
        for person in (ines, alice):
            let_in(house, person)
        db.session.remove()


def let_in(house: House, person: Person) -> None:
    """Sign somebody in, under their first name."""
    house.cookies[person.name.split()[0].lower()] = _cookie(house.app, person)


def _cookie(app: Flask, person: Person) -> str:
    visitor = sign_ins.begin(person, user_agent="Tests", address="127.0.0.1", now=datetime.now(UTC))
    db.session.commit()
    sessions = app.session_interface
    assert isinstance(sessions, SecureCookieSessionInterface)
    serializer = sessions.get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"_user_id": visitor.secret, "_fresh": True}))


def events_of(house: House) -> list[str]:
    """List what the session's log knows so far, quality aside; call within an app context."""
    db.session.rollback()
    rows = db.session.query(RoomEvent).filter(RoomEvent.event != "quality")
    return [row.event for row in rows.order_by(RoomEvent.at, RoomEvent.number)]
