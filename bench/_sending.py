"""One scheduler of the reminders measurement, in a module of its own so that a fork server can load it once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path

from practice.core import presence
from practice.core.claims import Watch
from practice.core.clock import SystemClock
from practice.core.db import db
from practice.core.delivery import LEASE_SECONDS, Courier
from practice.core.ports import Ports
from practice.core.postman import Postman
from practice.core.twilio_texter import TwilioTexter
from tests.fakes import FakePrinter
from tests.support.apps import make_app, settings_for
from tests.support.fake_payments import FakePayments

DEAD_SECONDS = 1.0
"""The counting provider answers at once; a real one is given longer before it is asked about a dead one's text."""
SENDER = "Bench <bench@example.org>"


@dataclass(frozen=True, slots=True)
class Post:
    """Where a scheduler works, and over which carriers."""

    database: str
    var: str
    smtp_port: int
    http_port: int


def run(post: Post, name: str, at_work: Event) -> None:
    """Deliver until killed; say when the first batch is about to be taken."""
    doors = Ports(
        clock=SystemClock(),
        mailer=Postman(f"smtp://127.0.0.1:{post.smtp_port}", SENDER, Path(post.var) / "receipts"),
        printer=FakePrinter(),
        payments=FakePayments(),
        texter=TwilioTexter("AC" + "a" * 32, "token", "+12125550100", api_base=f"http://127.0.0.1:{post.http_port}"),
    )
    app = make_app(settings_for(post.database, Path(post.var), mail_from=SENDER), doors)
    signs = Path(post.var) / "schedulers"
    with app.app_context(), presence.shown(signs, name):
        courier = Courier(name, LEASE_SECONDS, Watch(partial(presence.is_dead, signs), DEAD_SECONDS))
        at_work.set()
        while True:
            courier.empty()
            db.session.remove()
            time.sleep(0.05)
