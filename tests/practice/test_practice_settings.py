"""The practice's settings, and what was before."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person, Practice
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
SETTINGS = {
    "name": "Stillpoint",
    "zone": "America/New_York",
    "currency": "USD",
    "country": "US",
    "email": "hello@stillpoint.example",
    "cancellation_notice_hours": "24",
    "note_days": "3",
    "lock_minutes": "15",
}


def changes() -> list[dict[str, object]]:
    return list(db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "practice.changed")))


def test_what_changed_is_kept_from_and_to(as_: As, omar: Person) -> None:
    browser = as_(omar)
    assert browser.get("/settings").status_code == 200
    wanted = SETTINGS | {"name": "Harbour Practice", "cancellation_notice_hours": "48", "address": "1 Quay\r\nBoston"}
    assert browser.post("/settings", data=wanted).status_code == 303
    practice = db.session.get_one(Practice, 1)
    assert (practice.name, practice.cancellation_notice_hours) == ("Harbour Practice", 48)
    assert practice.address == "1 Quay\nBoston"
    assert changes() == [
        {
            "name": ["Stillpoint", "Harbour Practice"],
            "address": ["", "1 Quay\nBoston"],
            "cancellation_notice_hours": [24, 48],
        }
    ]
    page = browser.get("/audit-log").text
    assert "name: Stillpoint → Harbour Practice" in page
    assert "Harbour Practice</title>" in page


def test_saving_what_is_there_changes_nothing(as_: As, omar: Person) -> None:
    assert as_(omar).post("/settings", data=SETTINGS).status_code == 303
    assert changes() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Enter the practice’s name."),
        ({"zone": "Nowhere"}, "Choose a time zone"),
        ({"currency": "XTS"}, "Choose a currency."),
        ({"country": "ZZ"}, "Choose a country."),
        ({"cancellation_notice_hours": "337"}, "Enter a whole number from 0 to 336 hours."),
        ({"cancellation_notice_hours": "-1"}, "Enter a whole number from 0 to 336 hours."),
        ({"cancellation_notice_hours": "1.5"}, "Enter a whole number"),
        ({"email": "hello"}, "Enter an e-mail address like"),
    ],
)
def test_what_is_wrong_is_said(as_: As, omar: Person, change: dict[str, str], words: str) -> None:
    answer = as_(omar).post("/settings", data=SETTINGS | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert changes() == []


def test_nobody_else_sees_the_settings(as_: As, ines: Person, alice: Person) -> None:
    assert as_(ines).get("/settings").status_code == as_(alice).post("/settings", data=SETTINGS).status_code == 404
