"""The people of the practice, as an administrator finds and changes them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person, SignIn
from practice.queries.people import other_open_administrators
from practice.services import people as service
from tests import builders
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def actions() -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.action != "vault.key_made").order_by(AuditEntry.id)
        )
    )


def test_people_are_found_by_name_and_by_address(as_: As, omar: Person, ines: Person, alice: Person) -> None:
    browser = as_(omar)
    everybody = browser.get("/people").text
    assert all(name in everybody for name in ("Alice Moreau", "Ines Calder", "Omar Haddad", "3 people"))
    for typed in ("moreau", "ALICE@", "ali mor"):
        found = browser.get("/people", query_string={"q": typed}).text
        assert "Alice Moreau" in found
        assert "Ines Calder" not in found


def test_people_are_listed_by_role_and_state(
    as_: As, omar: Person, ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    ben.closed_at = clock.now()
    browser = as_(omar)
    assert "Alice Moreau" not in browser.get("/people?role=counselor").text
    closed = browser.get("/people?role=closed").text
    assert "Ben Okafor" in closed
    assert "Alice Moreau" not in closed
    assert "Alice Moreau" in browser.get("/people?role=nonsense").text


def test_a_search_that_finds_nobody_says_so(as_: As, omar: Person) -> None:
    page = as_(omar).get("/people", query_string={"q": "100%_nobody"}).text
    assert "Nobody like that" in page


def test_the_thousandth_person_is_on_the_last_page(as_: As, omar: Person) -> None:
    db.session.add_all(
        Person(
            email=f"p{number}@example.org",
            name=f"Person {number:04}",
            zone="UTC",
            created_at=builders.LONG_AGO,
            confirmed_at=builders.LONG_AGO,
        )
        for number in range(1, 1001)
    )
    browser = as_(omar)
    assert "Page 1 of 21" in browser.get("/people").text
    last = browser.get("/people?page=21").text
    assert "Person 1000" in last
    assert "Page 21 of 21" in browser.get("/people?page=99999").text
    assert "Page 1 of 21" in browser.get("/people?page=-3").text


def test_reading_a_record_is_on_record(as_: As, omar: Person, alice: Person) -> None:
    assert "alice@example.org" in as_(omar).get(f"/people/{alice.id}").text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "person.viewed")).one()
    assert (entry.person_id, entry.subject_kind, entry.subject_id) == (omar.id, "person", alice.id)


def test_roles_are_given_and_taken_back(as_: As, omar: Person, alice: Person) -> None:
    browser = as_(omar)
    assert browser.post(f"/people/{alice.id}/roles", data={"role": "counselor"}).status_code == 303
    assert browser.post(f"/people/{alice.id}/roles", data={"role": "counselor"}).status_code == 303
    db.session.refresh(alice)
    assert alice.roles == {"client", "counselor"}
    assert as_(alice).get("/profile").status_code == 200
    browser.post(f"/people/{alice.id}/roles/counselor/removal")
    assert as_(alice).get("/profile").status_code == 404
    assert actions().count("role.granted") == actions().count("role.revoked") == 1
    assert browser.post(f"/people/{alice.id}/roles", data={"role": "owner"}).status_code == 404


def test_who_is_no_longer_a_counselor_is_no_longer_shown(as_: As, omar: Person, ines: Person) -> None:
    as_(omar).post(f"/people/{ines.id}/roles/counselor/removal")
    db.session.refresh(ines)
    assert ines.profile is not None
    assert not ines.profile.published


def test_closing_signs_out_and_reopening_lets_in_again(as_: As, omar: Person, alice: Person) -> None:
    hers, browser = as_(alice), as_(omar)
    assert browser.post(f"/people/{alice.id}/closing").status_code == 303
    assert "/sign-in" in hers.get("/account").location
    assert "Nobody can sign in" in browser.get(f"/people/{alice.id}").text
    browser.post(f"/people/{alice.id}/closing/end")
    db.session.refresh(alice)
    assert alice.is_open
    assert "/sign-in" in hers.get("/account").location


@pytest.mark.parametrize("path", ["closing", "roles/administrator/removal"])
def test_the_last_administrator_stays(as_: As, omar: Person, path: str) -> None:
    answer = as_(omar).post(f"/people/{omar.id}/{path}")
    assert answer.status_code == 409
    assert "The practice needs one administrator" in answer.text
    db.session.refresh(omar)
    assert omar.is_open
    assert omar.is_administrator


@pytest.mark.parametrize("state", ["closed_at", "confirmed_at"])
def test_an_administrator_who_cannot_sign_in_does_not_count(
    as_: As, omar: Person, clock: FrozenClock, state: str
) -> None:
    other = builders.an_administrator("Petra Holm")
    setattr(other, state, clock.now() if state == "closed_at" else None)
    assert as_(omar).post(f"/people/{omar.id}/closing").status_code == 409


def test_one_of_two_administrators_may_go(as_: As, omar: Person) -> None:
    builders.an_administrator("Petra Holm")
    browser = as_(omar)
    assert browser.post(f"/people/{omar.id}/roles/administrator/removal").location == "/start"
    assert browser.get("/people").status_code == 404


@pytest.mark.race
def test_two_administrators_who_remove_each_other_at_once_leave_one(
    app: Flask, omar: Person, clock: FrozenClock
) -> None:
    petra = builders.an_administrator("Petra Holm")
    pairs = [(omar.id, petra.id), (petra.id, omar.id)]
    now = clock.now()
    db.session.commit()

    def remove(pair: tuple[int, int]) -> bool:
        with app.app_context():
            by, other = (db.session.get_one(Person, person_id) for person_id in pair)
            try:
                service.close(other, by=by, now=now)
            except service.LastAdministratorError:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, pairs)) == [False, True]
    assert {other_open_administrators(omar), other_open_administrators(petra)} == {0, 1}


def test_a_lost_device_is_signed_out(as_: As, omar: Person, alice: Person, ben: Person) -> None:
    hers, browser = as_(alice), as_(omar)
    lost = db.session.scalars(select(SignIn.id).where(SignIn.person_id == alice.id)).one()
    assert browser.post(f"/people/{ben.id}/sign-ins/{lost}/end").status_code == 404
    assert browser.post(f"/people/{alice.id}/sign-ins/{lost}/end").status_code == 303
    assert "/sign-in" in hers.get("/account").location


def test_a_person_who_is_not_there_is_not_found(as_: As, omar: Person) -> None:
    browser = as_(omar)
    assert browser.get("/people/999").status_code == 404
    assert browser.post("/people/999/closing").status_code == 404


def test_nobody_else_opens_these_pages(as_: As, ines: Person, alice: Person) -> None:
    for browser in (as_(ines), as_(alice)):
        assert browser.get("/people").status_code == 404
        assert browser.get(f"/people/{alice.id}").status_code == 404
        assert browser.post(f"/people/{alice.id}/closing").status_code == 404


def test_doing_a_thing_twice_is_doing_it_once(as_: As, omar: Person, alice: Person) -> None:
    browser = as_(omar)
    for path in ("closing", "closing", "closing/end", "closing/end", "roles/counselor/removal"):
        assert browser.post(f"/people/{alice.id}/{path}").status_code == 303
    assert (actions().count("account.closed"), actions().count("account.reopened")) == (1, 1)
    assert "role.revoked" not in actions()


def test_people_who_never_confirmed_are_listed_by_themselves(as_: As, omar: Person, alice: Person) -> None:
    alice.confirmed_at = None
    page = as_(omar).get("/people?role=unconfirmed").text
    assert "Alice Moreau" in page
    assert "Not confirmed" in page
    assert "1 person" in page
