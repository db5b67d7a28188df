"""Becoming a client: a form, a letter, a button."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.forms.accounts import TERMS, SignUp
from practice.models import Person
from practice.queries.people import person_at
from practice.services import accounts
from tests.builders import PASSWORD
from tests.fakes import FrozenClock, RecordingMailer
from tests.practice.scenes import last_link, letters_to, with_password, without_tokens
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client

DORA = {
    "name": "Dora  Winter",
    "email": "Dora@Example.org",
    "password": PASSWORD,
    "zone": "Europe/Lisbon",
    "terms": "1",
}


def test_a_newcomer_confirms_and_is_signed_in(client: PageClient, mailer: RecordingMailer) -> None:
    assert client.get("/sign-up").status_code == 200
    assert client.post("/sign-up", data=DORA).location == "/sign-up/sent"
    assert "dora@example.org" in client.get("/sign-up/sent").text
    link = last_link(mailer, "dora@example.org")
    assert "Welcome, Dora Winter" in client.get(link).text
    assert client.post(link).location == "/start"
    person = person_at("dora@example.org")
    assert person is not None
    assert (person.name, person.zone, person.roles) == ("Dora Winter", "Europe/Lisbon", {"client"})
    assert "Dora Winter" in client.get("/account").text
    assert db.session.scalar(select(AuditEntry.detail).where(AuditEntry.action == "terms.agreed"))


def test_nobody_is_let_in_before_confirming(client: PageClient, mailer: RecordingMailer) -> None:
    client.post("/sign-up", data=DORA)
    answer = client.post("/sign-in", data={"email": "dora@example.org", "password": PASSWORD})
    assert answer.status_code == 422


def test_opening_the_link_alone_confirms_nothing(client: PageClient, mailer: RecordingMailer) -> None:
    client.post("/sign-up", data=DORA)
    client.get(last_link(mailer, "dora@example.org"))
    person = person_at("dora@example.org")
    assert person is not None
    assert person.confirmed_at is None


def test_a_link_confirms_once(client: PageClient, app: Flask, mailer: RecordingMailer) -> None:
    client.post("/sign-up", data=DORA)
    link = last_link(mailer, "dora@example.org")
    client.post(link)
    somebody = signed_in_client(app, None)
    assert somebody.get(link).status_code == 410
    assert somebody.post(link).status_code == 410
    assert "/sign-in" in somebody.get("/account").location


def test_a_link_works_for_two_days(client: PageClient, mailer: RecordingMailer, clock: FrozenClock) -> None:
    client.post("/sign-up", data=DORA)
    link = last_link(mailer, "dora@example.org")
    clock.advance(hours=48)
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Enter your name."),
        ({"email": "dora"}, "Enter an e-mail address like"),
        ({"password": "short"}, "Use at least 10 characters."),
        ({"password": "password 1234"}, "among the first that are tried"),
        ({"zone": "Mars/Olympus"}, "Choose a time zone"),
        ({"terms": ""}, "Tick this to go on"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: PageClient, change: dict[str, str], words: str
) -> None:
    answer = client.post("/sign-up", data=DORA | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    if "name" not in change:
        assert "Dora  Winter" in answer.text
    assert PASSWORD not in answer.text
    assert person_at("dora@example.org") is None


def test_the_page_does_not_tell_who_has_an_account(
    client: PageClient, app: Flask, alice: Person, mailer: RecordingMailer
) -> None:
    known = client.post("/sign-up", data=DORA | {"email": alice.email})
    page = without_tokens(client.get("/sign-up/sent").text).replace(alice.email, "?")
    other = signed_in_client(app, None)
    unknown = other.post("/sign-up", data=DORA)
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert page == without_tokens(other.get("/sign-up/sent").text).replace("dora@example.org", "?")
    assert [mail.subject for mail in letters_to(mailer, alice.email)] == ["You already have an account"]


def test_signing_up_with_a_taken_address_changes_nothing(client: PageClient, alice: Person) -> None:
    with_password(alice)
    client.post("/sign-up", data=DORA | {"email": alice.email, "password": "somebody else's words"})
    assert client.post("/sign-in", data={"email": alice.email, "password": PASSWORD}).status_code == 303
    assert person_at(alice.email).name == "Alice Moreau"  # type: ignore[union-attr]


def test_each_link_brings_the_details_it_was_asked_for_with(
    client: PageClient, app: Flask, mailer: RecordingMailer
) -> None:
    signed_in_client(app, None).post("/sign-up", data=DORA | {"name": "An Impostor", "password": "the impostor's own"})
    client.post("/sign-up", data=DORA)
    client.post(last_link(mailer, "dora@example.org"))
    assert person_at("dora@example.org").name == "Dora Winter"  # type: ignore[union-attr]
    client.post("/sign-out")
    wrong = client.post("/sign-in", data={"email": DORA["email"], "password": "the impostor's own"})
    assert wrong.status_code == 422


def test_the_link_is_sent_again_with_the_same_details(client: PageClient, mailer: RecordingMailer) -> None:
    client.post("/sign-up", data=DORA)
    assert client.get("/sign-up/link").status_code == 200
    client.post("/sign-up/link", data={"email": "dora@example.org"})
    assert len(letters_to(mailer, "dora@example.org")) == 2
    client.post(last_link(mailer, "dora@example.org"))
    assert person_at("dora@example.org").is_open  # type: ignore[union-attr]


def test_sending_again_says_the_same_for_anybody(client: PageClient, mailer: RecordingMailer) -> None:
    assert client.post("/sign-up/link", data={"email": "nobody@example.org"}).location == "/sign-up/sent"
    assert letters_to(mailer, "nobody@example.org") == []
    assert client.post("/sign-up/link", data={"email": "no address"}).status_code == 422


def test_sending_again_has_its_limit(client: PageClient) -> None:
    answers = [client.post("/sign-up/link", data={"email": "dora@example.org"}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]


def test_signing_up_has_its_limit(client: PageClient) -> None:
    answers = [client.post("/sign-up", data=DORA).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


def test_a_newcomer_goes_where_they_were_going(client: PageClient, mailer: RecordingMailer) -> None:
    client.post("/sign-up", data=DORA | {"next": "/counselors?page=2"})
    assert client.post(last_link(mailer, "dora@example.org")).location == "/counselors?page=2"


def test_a_member_who_asks_for_the_link_again_is_told_there_is_an_account(
    client: PageClient, alice: Person, mailer: RecordingMailer
) -> None:
    client.post("/sign-up/link", data={"email": alice.email})
    assert [mail.subject for mail in letters_to(mailer, alice.email)] == ["You already have an account"]


def test_a_newcomer_who_forgot_the_password_gets_the_link_to_confirm(
    client: PageClient, mailer: RecordingMailer
) -> None:
    client.post("/sign-up", data=DORA)
    client.post("/password/forgotten", data={"email": "dora@example.org"})
    subjects = {mail.subject for mail in letters_to(mailer, "dora@example.org")}
    assert subjects == {"Confirm your e-mail address"}


def test_an_account_closed_before_it_was_confirmed_stays_closed(
    client: PageClient, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    client.post("/sign-up", data=DORA)
    link = last_link(mailer, "dora@example.org")
    person_at("dora@example.org").closed_at = clock.now()  # type: ignore[union-attr]
    assert client.post(link).status_code == 410


@pytest.mark.race
def test_two_who_sign_up_with_one_address_at_once_are_one_person(app: Flask, clock: FrozenClock) -> None:
    wanted = SignUp("Dora Winter", "dora@example.org", PASSWORD, "UTC", TERMS)
    now = clock.now()

    def sign_up(_number: int) -> None:
        with app.app_context():
            accounts.sign_up(wanted, password_hash="$argon2id$", now=now)
            db.session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sign_up, range(4)))
    assert db.session.query(Person).filter_by(email="dora@example.org").count() == 1
