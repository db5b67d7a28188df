"""In the demo a text is answered in the mailbox: the road back, from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from booking.models.appointments import Appointment
from booking.models.reminding import AttendanceAnswer, ReminderChoice, TextConsent
from booking.reminding import planning
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.mailbox_texter import MailboxTexter
from practice.core.ports import Ports
from tests import builders
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer
from tests.support.apps import make_app, settings_for
from tests.support.fake_payments import FakePayments
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client

PHONE = "+12125550142"


@pytest.fixture
def demo(database: str, tmp_path: Path, clock: FrozenClock, printer: object) -> Iterator[Flask]:
    """A demo whose texts land in its mailbox."""
    doors = Ports(clock, RecordingMailer(), printer, FakePayments(), MailboxTexter(tmp_path / "mailbox"))  # type: ignore[arg-type]  # a fake
    app = make_app(settings_for(database, tmp_path, environment="demo"), doors)
    with app.app_context():
        builders.a_practice()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def texted(demo: Flask, tmp_path: Path, clock: FrozenClock) -> Appointment:
    """An appointment whose client was texted the day before."""
    alice = builders.a_client("Alice Moreau")
    said = {"asked_at": MONDAY_MORNING, "given_at": MONDAY_MORNING, "code_until": MONDAY_MORNING, "code_hash": ""}
    every = {"by_email": False, "by_sms": True, "skipped": [], "quiet_from": 0, "quiet_until": 0}
    db.session.add(TextConsent(person_id=alice.id, phone=PHONE, phone_tail="142", words="Tests.", **said))
    db.session.add(ReminderChoice(person_id=alice.id, changed_at=MONDAY_MORNING, **every))
    appointment = an_appointment(builders.a_counselor("Ines Calder"), alice)
    planning.plan(appointment, MONDAY_MORNING)
    db.session.commit()
    clock.instant = WEDNESDAY_AT_TEN - timedelta(days=1)
    while deliver_due("tests"):
        pass
    return appointment


def text_in(folder: Path) -> str:
    [text] = (folder / "mailbox").glob("*.eml")
    return f"/mailbox/{text.stem}"


def answers(browser: PageClient, address: str, body: str) -> str:
    done = browser.post(f"{address}/answer", data={"body": body})
    assert done.status_code == 303
    return browser.get(done.headers["Location"]).text


def test_a_text_is_answered_as_its_telephone_would(demo: Flask, texted: Appointment, tmp_path: Path) -> None:
    browser, address = signed_in_client(demo, None), text_in(tmp_path)
    assert "Answer this text" in browser.get(address).text
    assert "is confirmed" in answers(browser, address, "C")
    assert db.session.query(AttendanceAnswer).count() == 1
    assert "you get no more texts" in answers(browser, address, "stop")
    db.session.expire_all()
    assert db.session.query(TextConsent).one().ended_by == "stop"
    assert len(list((tmp_path / "mailbox").glob("*.eml"))) == 3
    assert "Type an answer first" in answers(browser, address, " ")
    assert browser.post("/mailbox/nothing/answer", data={"body": "C"}).status_code == 404


def test_only_a_demo_has_texts_that_anybody_may_answer(client: PageClient) -> None:
    assert client.post("/mailbox/0123456789abcdef01234567/answer", data={"body": "C"}).status_code == 404
