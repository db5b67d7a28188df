"""Coming in and going out."""

import pytest
from flask import Flask
from sqlalchemy import select

from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person, SignIn
from tests.builders import PASSWORD
from tests.fakes import FrozenClock
from tests.practice.scenes import with_password, without_tokens
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client


@pytest.fixture
def alice(alice: Person) -> Person:
    """Alice, who has a password here."""
    return with_password(alice)


def test_the_right_password_opens_the_door(client: PageClient, alice: Person) -> None:
    assert client.get("/sign-in").status_code == 200
    answer = client.post("/sign-in", data={"email": " Alice@Example.org", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/start")
    assert client.get("/account").status_code == 200
    assert client.get("/sign-in").location == "/start"


def test_a_wrong_password_and_a_wrong_address_read_the_same(client: PageClient, alice: Person) -> None:
    wrong = client.post("/sign-in", data={"email": "alice@example.org", "password": "something else"})
    nobody = client.post("/sign-in", data={"email": "alicf@example.org", "password": "something else"})
    assert wrong.status_code == nobody.status_code == 422
    assert without_tokens(wrong.text) == without_tokens(nobody.text).replace("alicf@", "alice@")
    assert "do not belong together" in wrong.text
    assert "something else" not in wrong.text


def test_an_empty_form_says_what_is_missing(client: PageClient) -> None:
    answer = client.post("/sign-in", data={})
    assert answer.status_code == 422
    assert "Enter your password." in answer.text


def test_a_closed_account_is_told_so_only_with_its_password(
    client: PageClient, alice: Person, clock: FrozenClock
) -> None:
    alice.closed_at = clock.now()
    assert "account is closed" in client.post("/sign-in", data={"email": alice.email, "password": PASSWORD}).text
    assert (
        "account is closed" not in client.post("/sign-in", data={"email": alice.email, "password": "not the one"}).text
    )
    assert "/sign-in" in client.get("/account").location


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/account?x=1", "/account?x=1"),
        ("https://elsewhere.example/", "/start"),
        ("//elsewhere.example/", "/start"),
        ("/\\elsewhere.example", "/start"),
        ("/\t/elsewhere.example", "/start"),
        ("account", "/start"),
        ("javascript:alert(1)", "/start"),
    ],
)
def test_next_leads_only_to_our_own_pages(client: PageClient, alice: Person, wanted: str, landed: str) -> None:
    answer = client.post("/sign-in", data={"email": alice.email, "password": PASSWORD, "next": wanted})
    assert answer.location == landed


def test_a_stranger_is_led_back_to_where_they_were_going(client: PageClient, alice: Person) -> None:
    asked = client.get("/account/sign-ins").location
    assert "/account/sign-ins" in client.get(asked).text


def test_the_cookie_is_new_after_signing_in_and_worthless_after_signing_out(
    app: Flask, client: PageClient, alice: Person
) -> None:
    client.get("/sign-in")
    client.post("/sign-in", data={"email": alice.email, "password": PASSWORD})
    kept = client.get_cookie("stillpoint")
    assert kept is not None
    assert client.post("/sign-out").location == "/"
    thief = signed_in_client(app, None)
    thief.set_cookie("stillpoint", kept.value)
    assert "/sign-in" in thief.get("/account").location


def test_signing_out_twice_is_no_error(client: PageClient) -> None:
    assert client.post("/sign-out").location == "/"


def test_the_eleventh_try_at_an_account_has_to_wait(client: PageClient, alice: Person, clock: FrozenClock) -> None:
    for _ in range(10):
        assert client.post("/sign-in", data={"email": alice.email, "password": "wrong words"}).status_code == 422
    refused = client.post("/sign-in", data={"email": alice.email, "password": PASSWORD})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert "You can try again in 15 minutes." in refused.text
    clock.advance(minutes=15)
    assert client.post("/sign-in", data={"email": alice.email, "password": PASSWORD}).status_code == 303


def test_signing_in_and_being_refused_are_on_record(client: PageClient, alice: Person) -> None:
    client.post("/sign-in", data={"email": alice.email, "password": "wrong words"})
    client.post("/sign-in", data={"email": alice.email, "password": PASSWORD})
    actions = list(
        db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.action != "vault.key_made").order_by(AuditEntry.id)
        )
    )
    assert actions == ["sign_in.refused", "sign_in.begun"]


def test_the_table_keeps_no_secret_of_the_cookie(client: PageClient, alice: Person) -> None:
    client.post("/sign-in", data={"email": alice.email, "password": PASSWORD})
    with client.session_transaction() as session:
        secret = session["_user_id"]
    assert secret not in {row.secret_hash for row in db.session.scalars(select(SignIn))}
