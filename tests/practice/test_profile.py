"""A counselor's own profile, and the picture the public sees."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from practice.core.db import db
from practice.forms.profile import valid_npi
from practice.models import Licence, Person
from tests.practice.test_portraits import a_picture
from tests.support.pages import PageClient
from tests.support.signing_in import signed_in_client

As = Callable[[Person], PageClient]
WORDS = {
    "headline": "Steady company",
    "credentials": "PhD",
    "pronouns": "she/her",
    "about": "We begin with what brought you here.",
    "specialties": ["Anxiety", "Sleep"],
    "other_specialties": "Tinnitus,  anxiety , ",
    "languages": ["English"],
    "other_languages": "Twi",
    "npi": "1234567893",
}
LICENCE = {"kind": "LMHC", "number": "MA-1", "place": "Massachusetts", "expires_on": "2027-06-30"}


def test_words_are_saved_and_shown_again(as_: As, ines: Person) -> None:
    browser = as_(ines)
    assert browser.get("/profile").status_code == 200
    assert browser.post("/profile", data=WORDS).location == "/profile"
    db.session.refresh(ines)
    profile = ines.profile
    assert profile is not None
    assert [row.specialty for row in profile.specialties] == ["Anxiety", "Sleep", "Tinnitus"]
    assert [row.language for row in profile.languages] == ["English", "Twi"]
    assert profile.npi == "1234567893"
    page = browser.get("/profile").text
    assert "Steady company" in page
    assert 'value="Tinnitus"' in page
    assert browser.post("/profile", data=WORDS | {"specialties": ["Sleep"], "other_specialties": ""}).status_code == 303


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"headline": "x" * 161}, "Use at most 160 characters"),
        ({"about": "x" * 4001}, "Use at most 4,000 characters"),
        ({"npi": "1234567890"}, "Enter the ten digits of your NPI"),
        ({"other_specialties": ",".join(f"thing {number}" for number in range(13))}, "Choose at most 12"),
        ({"other_languages": "x" * 41}, "Keep each entry to 40 characters."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    as_: As, ines: Person, change: dict[str, str], words: str
) -> None:
    answer = as_(ines).post("/profile", data=WORDS | {"pronouns": "ze/zir"} | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert "ze/zir" in answer.text


@pytest.mark.parametrize("part", ["headline", "about"])
def test_a_public_profile_does_not_lose_what_it_needs(as_: As, ines: Person, part: str) -> None:
    browser = as_(ines)
    answer = browser.post("/profile", data=WORDS | {part: ""})
    assert answer.status_code == 422
    assert "Your public profile needs" in answer.text
    browser.post("/profile/publication/end")
    assert browser.post("/profile", data=WORDS | {part: ""}).status_code == 303


def test_a_new_counselor_is_told_what_is_missing_and_then_publishes(as_: As, omar: Person, alice: Person) -> None:
    as_(omar).post(f"/people/{alice.id}/roles", data={"role": "counselor"})
    browser = as_(alice)
    refused = browser.post("/profile/publication")
    assert refused.status_code == 409
    for words in ("a headline", "at least one specialty", "at least one language", "at least one valid licence"):
        assert words in refused.text
    browser.post("/profile", data=WORDS)
    browser.post("/profile/licences", data=LICENCE)
    assert "Everything it needs is there." in browser.get("/profile").text
    assert browser.post("/profile/publication").status_code == 303
    db.session.refresh(alice)
    assert alice.profile is not None
    assert alice.profile.published


def test_licences_are_added_and_removed(as_: As, ines: Person) -> None:
    browser = as_(ines)
    assert browser.post("/profile/licences", data=LICENCE).status_code == 303
    assert "Massachusetts" in browser.get("/profile").text
    assert browser.post("/profile/licences", data=LICENCE).status_code == 409
    added = db.session.scalars(db.select(Licence).where(Licence.place == "Massachusetts")).one()
    assert added.expires_on == date(2027, 6, 30)
    removal = f"/profile/licences/{added.id}/removal"
    assert browser.post(removal).status_code == 303
    assert browser.post(removal).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": ""}, "Enter the licence’s title"),
        ({"number": ""}, "Enter the licence’s number."),
        ({"place": ""}, "Enter the state or country"),
        ({"expires_on": "2026-11-22"}, "This day has passed."),
        ({"expires_on": "soon"}, "Enter a day like"),
    ],
)
def test_a_licence_that_cannot_be_added_says_why(as_: As, ines: Person, change: dict[str, str], words: str) -> None:
    answer = as_(ines).post("/profile/licences", data=LICENCE | change)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_last_licence_of_a_public_profile_stays(as_: As, ines: Person) -> None:
    only = db.session.scalars(db.select(Licence.id)).one()
    answer = as_(ines).post(f"/profile/licences/{only}/removal")
    assert answer.status_code == 409
    assert "at least one valid licence" in answer.text
    assert db.session.get(Licence, only) is not None


def test_nobody_removes_the_licence_of_somebody_else(as_: As, ines: Person, clara: Person) -> None:
    hers = db.session.scalars(db.select(Licence.id).where(Licence.counselor_id == ines.id)).one()
    assert as_(clara).post(f"/profile/licences/{hers}/removal").status_code == 404


def test_a_picture_is_kept_served_and_removed(app: Flask, as_: As, ines: Person) -> None:
    browser, stranger = as_(ines), signed_in_client(app, None)
    assert stranger.get(f"/people/{ines.id}/photo").mimetype == "image/svg+xml"
    sent = {"photo": (io.BytesIO(a_picture("JPEG")), "me.jpg")}
    assert browser.post("/profile/photo", data=sent).status_code == 303
    answer = stranger.get(f"/people/{ines.id}/photo")
    assert answer.mimetype == "image/webp"
    again = stranger.get(f"/people/{ines.id}/photo", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert browser.get("/profile").status_code == 200
    other = {"photo": (io.BytesIO(a_picture("PNG", (200, 200))), "other.png")}
    browser.post("/profile/photo", data=other)
    assert stranger.get(f"/people/{ines.id}/photo").headers["ETag"] != answer.headers["ETag"]
    assert browser.post("/profile/photo/removal").status_code == 303
    assert stranger.get(f"/people/{ines.id}/photo").mimetype == "image/svg+xml"


def test_a_bad_picture_is_refused_in_words(as_: As, ines: Person) -> None:
    browser = as_(ines)
    answer = browser.post("/profile/photo", data={"photo": (io.BytesIO(b"not a picture"), "me.jpg")})
    assert answer.status_code == 422
    assert "not a picture we can read" in answer.text
    assert browser.post("/profile/photo", data={}).status_code == 422


def test_a_picture_far_too_large_is_refused_before_it_is_read(as_: As, ines: Person) -> None:
    browser, kind = as_(ines), "multipart/form-data; boundary=x"
    answer = browser.post("/profile/photo", data=b"x" * (9 * 1024 * 1024), content_type=kind)
    assert answer.status_code == 413


def test_who_is_not_public_has_no_picture_for_strangers(app: Flask, as_: As, ines: Person, alice: Person) -> None:
    as_(ines).post("/profile/publication/end")
    stranger = signed_in_client(app, None)
    assert stranger.get(f"/people/{ines.id}/photo").status_code == 404
    assert stranger.get(f"/people/{alice.id}/photo").status_code == 404
    assert as_(alice).get(f"/people/{ines.id}/photo").status_code == 200
    assert as_(alice).get("/people/999/photo").status_code == 404


def test_initials_cannot_carry_markup(app: Flask, ines: Person) -> None:
    ines.name = "<script> &amp"
    drawn = signed_in_client(app, None).get(f"/people/{ines.id}/photo").text
    assert "<s" not in drawn.removeprefix("<svg")
    assert "></text>" in drawn


def test_only_counselors_have_a_profile(as_: As, alice: Person, omar: Person) -> None:
    assert as_(alice).get("/profile").status_code == as_(omar).post("/profile", data=WORDS).status_code == 404


@pytest.mark.parametrize(
    ("digits", "valid"),
    [("1234567893", True), ("1245319599", True), ("1234567890", False), ("3234567893", False), ("123456789", False)],
)
def test_an_npi_adds_up(digits: str, valid: bool) -> None:
    assert valid_npi(digits) is valid
