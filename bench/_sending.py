"""One scheduler of the reminders measurement, in a module of its own so that a fork server can load it once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

from practice.core.clock import SystemClock
from practice.core.db import db
from practice.core.delivery import Courier
from practice.core.mailers import Receipts, SmtpMailer
from practice.core.ports import Ports
from practice.core.twilio_texter import TwilioTexter
from tests.fakes import FakePrinter
from tests.support.apps import make_app, settings_for
from tests.support.fake_payments import FakePayments

LEASE_SECONDS = 6.0
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
        mailer=SmtpMailer(f"smtp://127.0.0.1:{post.smtp_port}", SENDER, Receipts(Path(post.var) / "receipts")),
        printer=FakePrinter(),
        payments=FakePayments(),
        texter=TwilioTexter("AC" + "a" * 32, "token", "+12125550100", api_base=f"http://127.0.0.1:{post.http_port}"),
    )
    app = make_app(settings_for(post.database, Path(post.var), mail_from=SENDER), doors)
    with app.app_context():
        courier = Courier(name, LEASE_SECONDS)
        at_work.set()
        while True:
            if not courier.deliver():
                db.session.remove()
                time.sleep(0.05)
