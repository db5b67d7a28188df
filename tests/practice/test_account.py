"""One's own account."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from practice import devices
from practice.core.db import db
from practice.models import Person, SignIn
from practice.queries.people import person_at
from practice.security import BY_ITSELF
from tests.builders import PASSWORD
from tests.fakes import FrozenClock, RecordingMailer
from tests.practice.scenes import last_link, letters_to, with_password
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client

As = Callable[[Person], PageClient]
DETAILS = {"name": "Alice M. Moreau", "zone": "Asia/Tokyo", "phone": "(212) 555-0142"}


def test_details_are_changed_and_the_telephone_is_sealed(as_: As, alice: Person) -> None:
    browser = as_(alice)
    assert browser.post("/account", data=DETAILS).location == "/account"
    db.session.refresh(alice)
    assert (alice.name, alice.zone, alice.phone) == ("Alice M. Moreau", "Asia/Tokyo", "+1 212-555-0142")
    kept = db.session.execute(text("SELECT phone FROM people WHERE phone IS NOT NULL")).scalar_one()
    assert b"555" not in bytes(kept)
    assert "+1 212-555-0142" in browser.get("/account").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Enter your name."),
        ({"zone": "nowhere"}, "Choose a time zone"),
        ({"phone": "12"}, "with its country code"),
        ({"phone": "call me"}, "with its country code"),
        ({"name": "x" * 121}, "Use at most 120 characters"),
    ],
)
def test_what_is_wrong_with_details_is_said(as_: As, alice: Person, change: dict[str, str], words: str) -> None:
    answer = as_(alice).post("/account", data=DETAILS | change)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_telephone_may_be_taken_out(as_: As, alice: Person) -> None:
    alice.phone = "+1 212-555-0142"
    as_(alice).post("/account", data=DETAILS | {"phone": ""})
    db.session.refresh(alice)
    assert alice.phone is None


def test_a_new_address_counts_once_it_is_confirmed(
    client: PageClient, as_: As, alice: Person, mailer: RecordingMailer
) -> None:
    with_password(alice)
    browser = as_(alice)
    assert browser.get("/account/email").status_code == 200
    sent = browser.post("/account/email", data={"email": "New@Example.org", "current_password": PASSWORD})
    assert "new@example.org" in sent.text
    assert person_at("alice@example.org") is not None
    link = last_link(mailer, "new@example.org")
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 303
    assert person_at("alice@example.org") is None
    assert person_at("new@example.org").id == alice.id  # type: ignore[union-attr]
    old = letters_to(mailer, "alice@example.org")
    assert [mail.subject for mail in old] == ["Your e-mail address was changed"]
    assert "n…@example.org" in old[0].text
    assert client.post(link).status_code == 410


def test_a_new_address_needs_the_password(as_: As, alice: Person, mailer: RecordingMailer) -> None:
    with_password(alice)
    browser = as_(alice)
    answer = browser.post("/account/email", data={"email": "new@example.org", "current_password": "a wrong guess"})
    assert answer.status_code == 422
    assert "new@example.org" in answer.text
    assert browser.post("/account/email", data={"email": "new"}).status_code == 422
    assert letters_to(mailer, "new@example.org") == []


def test_the_page_does_not_tell_whether_an_address_is_taken(
    as_: As, alice: Person, ben: Person, mailer: RecordingMailer
) -> None:
    with_password(alice)
    answer = as_(alice).post("/account/email", data={"email": ben.email, "current_password": PASSWORD})
    assert "Look into your new mailbox" in answer.text
    assert [mail.subject for mail in letters_to(mailer, ben.email)] == ["This address already has an account"]


def test_an_address_taken_meanwhile_is_refused(
    client: PageClient, as_: As, alice: Person, ben: Person, mailer: RecordingMailer
) -> None:
    with_password(alice)
    as_(alice).post("/account/email", data={"email": "new@example.org", "current_password": PASSWORD})
    link = last_link(mailer, "new@example.org")
    ben.email = "new@example.org"
    assert client.post(link).status_code == 410
    assert person_at("alice@example.org") is not None


def test_devices_are_listed_and_ended_one_by_one(as_: As, alice: Person) -> None:
    laptop, phone = as_(alice), as_(alice)
    assert laptop.get("/account/sign-ins").text.count("This device") == 1
    newest = db.session.scalars(db.select(SignIn.id).order_by(SignIn.id.desc())).first()
    assert laptop.post(f"/account/sign-ins/{newest}/end").status_code == 303
    assert "/sign-in" in phone.get("/account").location
    assert laptop.get("/account").status_code == 200
    assert laptop.post(f"/account/sign-ins/{newest}/end").status_code == 404


def test_all_other_devices_are_ended_at_once(as_: As, alice: Person) -> None:
    laptop, phone, tablet = as_(alice), as_(alice), as_(alice)
    assert laptop.post("/account/sign-ins/end-others").status_code == 303
    assert laptop.get("/account").status_code == 200
    assert phone.get("/account").status_code == tablet.get("/account").status_code == 303


def test_nobody_ends_the_sign_in_of_somebody_else(as_: As, alice: Person, ben: Person) -> None:
    hers, his = as_(alice), as_(ben)
    newest = db.session.scalars(db.select(SignIn.id).where(SignIn.person_id == ben.id)).one()
    assert hers.post(f"/account/sign-ins/{newest}/end").status_code == 404
    assert his.get("/account").status_code == 200


def test_a_device_unused_for_twelve_hours_is_signed_out(as_: As, alice: Person, clock: FrozenClock) -> None:
    browser = as_(alice)
    clock.advance(hours=11, minutes=59)
    assert browser.get("/account").status_code == 200
    clock.advance(hours=12, minutes=1)
    assert browser.get("/account").status_code == 303


def test_a_page_that_looks_by_itself_keeps_nobody_signed_in(as_: As, alice: Person, clock: FrozenClock) -> None:
    browser = as_(alice)
    for _ in range(3):
        clock.advance(hours=4)
        assert browser.get("/account", headers={BY_ITSELF: "yes"}).status_code == 200
    clock.advance(minutes=1)
    assert browser.get("/account").status_code == 303


def test_a_form_sent_after_a_pause_is_taken(as_: As, alice: Person, clock: FrozenClock) -> None:
    browser = as_(alice)
    browser.get("/account")
    clock.advance(minutes=6)
    assert browser.post("/account", data=DETAILS).status_code == 303
    assert db.session.scalars(db.select(SignIn.seen_at)).one() == clock.now()


@pytest.mark.parametrize("path", ["/account", "/account/email", "/account/password", "/account/sign-ins"])
def test_a_stranger_is_asked_to_sign_in(app: Flask, path: str) -> None:
    answer = signed_in_client(app, None).get(path)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")


@pytest.mark.parametrize(
    ("user_agent", "name", "icon"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", "laptop"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
            "laptop",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
            "smartphone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android", "smartphone"),
        ("", "A browser", "laptop"),
    ],
)
def test_a_device_is_called_what_people_call_it(user_agent: str, name: str, icon: str) -> None:
    assert devices.describe(user_agent) == devices.Device(name, icon)
