"""Asking people to work here."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from practice.core.db import db
from practice.models import Invitation, Person
from practice.queries.people import person_at
from tests.builders import PASSWORD
from tests.fakes import FrozenClock, RecordingMailer
from tests.practice.scenes import last_link, letters_to, with_password
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client

As = Callable[[Person], PageClient]
DORA = {"name": "Dora Winter", "email": "dora@example.org", "role": "counselor"}
ANSWER = {"name": "Dr Dora Winter", "password": PASSWORD, "zone": "Europe/Lisbon"}


def invite(as_: As, omar: Person, **changes: str) -> PageClient:
    browser = as_(omar)
    assert browser.post("/invitations", data=DORA | changes).location == "/invitations"
    return browser


def the_invitation() -> Invitation:
    return db.session.scalars(select(Invitation)).one()


def test_a_counselor_accepts_and_is_signed_in(
    client: PageClient, as_: As, omar: Person, mailer: RecordingMailer
) -> None:
    browser = as_(omar)
    assert "Nobody is invited yet" in browser.get("/invitations").text
    invite(as_, omar)
    assert "Waits for an answer" in browser.get("/invitations").text
    letter = letters_to(mailer, "dora@example.org")[-1]
    assert "Omar Haddad invites you" in letter.text
    link = last_link(mailer, "dora@example.org")
    assert "Join as a counselor" in client.get(link).text
    assert client.post(link, data=ANSWER).location == "/start"
    dora = person_at("dora@example.org")
    assert dora is not None
    assert (dora.name, dora.zone, dora.roles) == ("Dr Dora Winter", "Europe/Lisbon", {"counselor"})
    assert client.get("/profile").status_code == 200
    assert "Accepted" in browser.get("/invitations").text
    assert client.post(link, data=ANSWER).status_code == 410


def test_an_answer_that_is_wrong_is_shown_again(
    client: PageClient, as_: As, omar: Person, mailer: RecordingMailer
) -> None:
    invite(as_, omar)
    link = last_link(mailer, "dora@example.org")
    answer = client.post(link, data=ANSWER | {"password": "short"})
    assert answer.status_code == 422
    assert "Dr Dora Winter" in answer.text
    assert client.post(link, data=ANSWER).status_code == 303


@pytest.mark.parametrize("role", ["biller", "administrator"])
def test_a_member_only_gains_the_role(
    client: PageClient, as_: As, omar: Person, alice: Person, mailer: RecordingMailer, role: str
) -> None:
    with_password(alice)
    invite(as_, omar, email=alice.email, role=role)
    link = last_link(mailer, alice.email)
    assert "You have an account" in client.get(link).text
    assert client.post(link, data=ANSWER).location == "/sign-in"
    db.session.refresh(alice)
    assert alice.roles == {"client", role}
    assert alice.name == "Alice Moreau"
    assert client.post("/sign-in", data={"email": alice.email, "password": PASSWORD}).status_code == 303


def test_a_link_lasts_seven_days_and_can_be_sent_again(
    client: PageClient, as_: As, omar: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    invite(as_, omar)
    first = last_link(mailer, "dora@example.org")
    clock.advance(days=7)
    assert client.get(first).status_code == 410
    browser = as_(omar)
    assert "Ran out" in browser.get("/invitations").text
    assert browser.post(f"/invitations/{the_invitation().id}/resend").status_code == 303
    second = last_link(mailer, "dora@example.org")
    assert second != first
    assert client.post(second, data=ANSWER).status_code == 303
    assert browser.post(f"/invitations/{the_invitation().id}/resend").status_code == 409


def test_sending_again_ends_the_earlier_link(
    client: PageClient, as_: As, omar: Person, mailer: RecordingMailer
) -> None:
    browser = invite(as_, omar)
    first = last_link(mailer, "dora@example.org")
    browser.post(f"/invitations/{the_invitation().id}/resend")
    assert client.get(first).status_code == 410


def test_an_invitation_is_taken_back(client: PageClient, as_: As, omar: Person, mailer: RecordingMailer) -> None:
    browser = invite(as_, omar)
    link = last_link(mailer, "dora@example.org")
    assert browser.post(f"/invitations/{the_invitation().id}/withdrawal").status_code == 303
    assert client.get(link).status_code == 410
    assert client.post(link, data=ANSWER).status_code == 410
    assert "Taken back" in browser.get("/invitations").text
    assert browser.post(f"/invitations/{the_invitation().id}/withdrawal").status_code == 409


@pytest.mark.parametrize(
    ("change", "words", "status"),
    [
        ({"name": ""}, "Enter the person’s name.", 422),
        ({"email": "dora"}, "Enter an e-mail address like", 422),
        ({"role": "client"}, "Choose what this person will do.", 422),
        ({"email": "ines@example.org"}, "Somebody with this address is a counselor here.", 409),
    ],
)
def test_an_invitation_that_cannot_be_sent_says_why(
    as_: As, omar: Person, ines: Person, change: dict[str, str], words: str, status: int
) -> None:
    answer = as_(omar).post("/invitations", data=DORA | change)
    assert answer.status_code == status
    assert words in answer.text


def test_nobody_is_invited_twice_at_once(as_: As, omar: Person) -> None:
    browser = invite(as_, omar)
    assert browser.post("/invitations", data=DORA).status_code == 409


def test_a_closed_account_cannot_come_back_by_invitation(
    client: PageClient, as_: As, omar: Person, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    invite(as_, omar, email=alice.email)
    link = last_link(mailer, alice.email)
    alice.closed_at = clock.now()
    assert client.post(link, data=ANSWER).status_code == 410
    db.session.refresh(alice)
    assert alice.roles == {"client"}


def test_only_administrators_invite(app: Flask, as_: As, ines: Person, alice: Person) -> None:
    for browser in (as_(ines), as_(alice)):
        assert browser.get("/invitations").status_code == 404
        assert browser.post("/invitations", data=DORA).status_code == 404
    assert signed_in_client(app, None).post("/invitations", data=DORA).status_code == 401


def test_an_invitation_that_is_not_there_is_not_found(as_: As, omar: Person) -> None:
    assert as_(omar).post("/invitations/7/resend").status_code == 404


def test_somebody_who_never_confirmed_a_sign_up_joins_with_the_invitation(
    client: PageClient, as_: As, omar: Person, mailer: RecordingMailer
) -> None:
    client.post("/sign-up", data=ANSWER | {"email": "dora@example.org", "terms": "1"})
    confirmation = last_link(mailer, "dora@example.org")
    invite(as_, omar)
    link = last_link(mailer, "dora@example.org")
    assert client.post(link, data=ANSWER).status_code == 303
    dora = person_at("dora@example.org")
    assert dora is not None
    assert dora.roles == {"client", "counselor"}
    assert client.post(confirmation).status_code == 410


def test_the_database_lets_one_invitation_of_an_address_stand_open(as_: As, omar: Person) -> None:
    invite(as_, omar)
    first = the_invitation()
    copy = Invitation(
        email=first.email,
        name="Dora",
        role=first.role,
        token_id=first.token_id,
        invited_at=first.invited_at,
    )
    db.session.add(copy)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_an_invitation_that_ran_out_makes_room_for_another(as_: As, omar: Person, clock: FrozenClock) -> None:
    invite(as_, omar)
    clock.advance(days=90)
    invite(as_, omar)
    first, second = db.session.scalars(select(Invitation).order_by(Invitation.id))
    assert first.withdrawn_at == clock.now()
    assert second.withdrawn_at is None
