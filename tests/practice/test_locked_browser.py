"""A browser nobody uses shows nothing until the password is given; what was sent meanwhile is not lost."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from practice.passwords import hashed
from tests.builders import PASSWORD
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def locked(as_: As, ines: Person) -> PageClient:
    """The browser of Ines, who went away."""
    ines.password_hash = hashed(PASSWORD)
    db.session.commit()
    browser = as_(ines)
    assert browser.post("/lock", headers=SCRIPT).status_code == 204
    return browser


def test_a_locked_browser_asks_for_the_password_in_the_place_of_every_page(locked: PageClient) -> None:
    answer = locked.get("/notes?client=Ali")
    assert answer.status_code == 423
    assert "Locked" in answer.text
    assert 'value="/notes?client=Ali"' in answer.text
    assert "Ines" not in answer.text
    assert locked.get("/today", headers={"HX-Request": "true"}).status_code == 401
    saved = locked.post("/appointments/1/note", headers=SCRIPT)
    assert (saved.status_code, saved.get_json()["message"]) == (401, "This browser is locked.")


def test_the_password_leads_back_to_where_one_was(locked: PageClient, ines: Person) -> None:
    wrong = locked.post("/lock/open", data={"password": "no", "next": "/notes"})
    assert wrong.status_code == 422
    assert "not your password" in wrong.text
    assert 'value="/notes"' in wrong.text
    assert locked.get("/notes").status_code == 423
    answer = locked.post("/lock/open", data={"password": PASSWORD, "next": "/notes"})
    assert answer.location == "/notes"
    assert locked.get("/notes").status_code == 200
    deeds = [each.action for each in db.session.scalars(select(AuditEntry).where(AuditEntry.person_id == ines.id))]
    assert [deed for deed in deeds if "locked" in deed] == ["sign_in.locked", "sign_in.unlocked"]


def test_a_page_that_covered_itself_opens_in_place(locked: PageClient) -> None:
    assert locked.post("/lock/open", data={"password": "no"}, headers=SCRIPT).status_code == 422
    assert locked.post("/lock/open", data={"password": PASSWORD}, headers=SCRIPT).status_code == 204
    assert locked.get("/today").status_code == 200


def test_only_this_browser_is_locked_and_it_may_still_sign_out(locked: PageClient, as_: As, ines: Person) -> None:
    assert as_(ines).get("/today").status_code == 200
    assert locked.post("/sign-out").status_code == 303
    assert "/sign-in" in locked.get("/today").location


def test_the_password_can_be_tried_ten_times(locked: PageClient) -> None:
    for _ in range(10):
        locked.post("/lock/open", data={"password": "no"})
    assert locked.post("/lock/open", data={"password": PASSWORD}).status_code == 429


def test_people_who_work_here_have_pages_that_cover_themselves(
    app: Flask, as_: As, ines: Person, omar: Person, alice: Person
) -> None:
    assert 'data-minutes="15"' in as_(ines).get("/today").text
    assert 'id="cover"' in as_(omar).get("/people").text
    assert 'id="cover"' not in as_(alice).get("/home").text
