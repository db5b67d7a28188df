"""A forgotten password, and one that is changed."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from practice.models import Person
from tests.builders import PASSWORD
from tests.fakes import FrozenClock, RecordingMailer
from tests.practice.scenes import last_link, letters_to, with_password, without_tokens
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client

As = Callable[[Person], PageClient]
NEW = "an even longer passphrase"


def test_a_link_sets_a_password_and_signs_in_here_and_nowhere_else(
    app: Flask, client: PageClient, as_: As, alice: Person, mailer: RecordingMailer
) -> None:
    phone = as_(alice)
    assert client.get("/password/forgotten").status_code == 200
    assert client.post("/password/forgotten", data={"email": alice.email}).status_code == 200
    link = last_link(mailer, alice.email)
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": NEW}).location == "/start"
    assert client.get("/account").status_code == 200
    assert "/sign-in" in phone.get("/account").location
    assert letters_to(mailer, alice.email)[-1].subject == "Your password was changed"
    fresh = signed_in_client(app, None)
    assert fresh.post("/sign-in", data={"email": alice.email, "password": NEW}).status_code == 303


def test_a_link_is_used_once_and_lasts_an_hour(
    client: PageClient, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    client.post("/password/forgotten", data={"email": alice.email})
    link = last_link(mailer, alice.email)
    client.post(link, data={"password": NEW})
    assert client.post(link, data={"password": PASSWORD}).status_code == 410
    assert client.get(link).status_code == 410
    client.post("/password/forgotten", data={"email": alice.email})
    other = last_link(mailer, alice.email)
    clock.instant += timedelta(hours=1)
    assert client.post(other, data={"password": PASSWORD}).status_code == 410


def test_a_bad_new_password_leaves_the_link_working(client: PageClient, alice: Person, mailer: RecordingMailer) -> None:
    client.post("/password/forgotten", data={"email": alice.email})
    link = last_link(mailer, alice.email)
    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": NEW}).status_code == 303


def test_only_the_latest_link_works(client: PageClient, alice: Person, mailer: RecordingMailer) -> None:
    client.post("/password/forgotten", data={"email": alice.email})
    first = last_link(mailer, alice.email)
    client.post("/password/forgotten", data={"email": alice.email})
    assert client.get(first).status_code == 410


def test_the_page_does_not_tell_who_has_an_account(client: PageClient, alice: Person, mailer: RecordingMailer) -> None:
    known = client.post("/password/forgotten", data={"email": alice.email})
    unknown = client.post("/password/forgotten", data={"email": "nobody@example.org"})
    assert without_tokens(known.text) == without_tokens(unknown.text).replace("nobody@example.org", alice.email)
    assert letters_to(mailer, "nobody@example.org") == []
    assert client.post("/password/forgotten", data={"email": "nobody"}).status_code == 422


def test_a_closed_account_gets_no_link(
    client: PageClient, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    alice.closed_at = clock.now()
    client.post("/password/forgotten", data={"email": alice.email})
    assert letters_to(mailer, alice.email) == []


def test_asking_for_links_has_its_limit(client: PageClient, alice: Person) -> None:
    answers = [client.post("/password/forgotten", data={"email": alice.email}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_a_link_that_stopped_working_is_not_sent(
    client: PageClient, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    client.post("/password/forgotten", data={"email": alice.email})
    clock.advance(hours=2)
    assert letters_to(mailer, alice.email) == []


def test_a_changed_password_keeps_this_device_and_ends_the_others(
    as_: As, alice: Person, mailer: RecordingMailer
) -> None:
    with_password(alice)
    laptop, phone = as_(alice), as_(alice)
    assert laptop.get("/account/password").status_code == 200
    answer = laptop.post("/account/password", data={"current_password": PASSWORD, "password": NEW})
    assert answer.location == "/account"
    assert laptop.get("/account").status_code == 200
    assert "/sign-in" in phone.get("/account").location
    assert letters_to(mailer, alice.email)[-1].subject == "Your password was changed"


def test_a_password_is_changed_only_by_who_knows_it(as_: As, alice: Person) -> None:
    with_password(alice)
    browser = as_(alice)
    wrong = browser.post("/account/password", data={"current_password": "a guess of mine", "password": NEW})
    assert wrong.status_code == 422
    assert "That is not your current password." in wrong.text
    short = browser.post("/account/password", data={"current_password": PASSWORD, "password": "short"})
    assert short.status_code == 422


def test_guessing_the_current_password_has_its_limit(as_: As, alice: Person) -> None:
    with_password(alice)
    browser = as_(alice)
    guess = {"current_password": "a guess of mine", "password": NEW}
    answers = [browser.post("/account/password", data=guess).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_link_to_an_account_closed_meanwhile_is_dead(
    client: PageClient, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    client.post("/password/forgotten", data={"email": alice.email})
    link = last_link(mailer, alice.email)
    alice.closed_at = clock.now()
    assert client.post(link, data={"password": NEW}).status_code == 410
