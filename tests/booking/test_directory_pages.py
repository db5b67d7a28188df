"""Anybody looks for a counselor and sees when they are free, on their own clock."""

from collections.abc import Callable

import pytest

from practice.core.db import db
from practice.models import CounselorLanguage, CounselorSpecialty, Person
from tests.booking.builders import a_booking, a_service, an_offer, open_hours
from tests.builders import a_counselor
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def test_a_stranger_sees_who_can_be_booked_and_when(client: PageClient, ines: Person) -> None:
    an_offer(ines)
    page = client.get("/counselors").text
    assert "One counselor" in page
    assert "Ines Calder" in page
    assert "Today, 09:00" in page
    assert "$120" in page


def test_nobody_is_listed_before_profile_and_service_are_there(client: PageClient, ines: Person) -> None:
    assert "Counselors will be listed here" in client.get("/counselors").text
    a_service(ines)
    assert "Ines Calder" in client.get("/counselors").text
    assert ines.profile is not None
    ines.profile.published = False
    db.session.commit()
    assert "Ines Calder" not in client.get("/counselors").text


def test_wishes_narrow_the_list(client: PageClient, ines: Person, clara: Person) -> None:
    a_service(ines)
    a_service(clara, price_cents=5000)
    assert clara.profile is not None
    clara.profile.specialties = [CounselorSpecialty(specialty="Sleep")]
    clara.profile.languages = [CounselorLanguage(language="German")]
    db.session.commit()
    for wish in ("specialty=Sleep", "language=German", "fee=60"):
        page = client.get(f"/counselors?{wish}").text
        assert "Clara Voss" in page
        assert "Ines Calder" not in page
    assert "2 counselors" in client.get("/counselors?place=New+York").text
    assert "2 counselors" in client.get("/counselors?fee=cheap&page=-3").text


def test_when_nobody_fits_the_page_says_which_wish_to_drop(client: PageClient, ines: Person) -> None:
    a_service(ines)
    page = client.get("/counselors?specialty=Anxiety&language=Klingon").text
    assert "Nobody fits all of that" in page
    assert "Without “Klingon”: 1 counselor" in page
    assert "Without “Anxiety”" not in page
    assert "even with one left out" in client.get("/counselors?specialty=None&language=Klingon").text


def test_a_long_list_has_pages(client: PageClient) -> None:
    for number in range(26):
        a_service(a_counselor(f"Counselor {number:02d}", email=f"c{number}@example.org"))
    first, second = client.get("/counselors").text, client.get("/counselors?page=2").text
    assert "26 counselors" in first
    assert first.count("person-card-name") == 24
    assert second.count("person-card-name") == 2
    assert client.get("/counselors?page=99").status_code == 200


def test_times_are_on_the_clock_the_browser_keeps(client: PageClient, ines: Person) -> None:
    service = an_offer(ines)
    page = client.get(f"/counselors/{ines.id}").text
    assert "New York time (UTC−5)" in page
    assert "Tuesday 24 November, 09:30" in page
    page = client.get(f"/counselors/{ines.id}?zone=Europe/Berlin").text
    assert "Berlin time (UTC+1)" in page
    assert "Tuesday 24 November, 15:30" in page
    assert "Berlin time" in client.get(f"/counselors/{ines.id}?service_id={service.id}").text


def test_a_zone_that_does_not_exist_changes_nothing(client: PageClient, ines: Person) -> None:
    an_offer(ines)
    client.set_cookie("zone", "Mars/Olympus_Mons")
    assert "New York time" in client.get(f"/counselors/{ines.id}?zone=Nowhere").text


def test_somebody_signed_in_sees_their_own_clock(as_: As, ben: Person, ines: Person) -> None:
    an_offer(ines)
    browser = as_(ben)
    browser.set_cookie("zone", "Europe/Berlin")
    assert "Chicago time" in browser.get(f"/counselors/{ines.id}").text


def test_days_are_paged_within_the_horizon(client: PageClient, ines: Person) -> None:
    an_offer(ines)
    first = client.get(f"/counselors/{ines.id}").text
    assert "since=2026-11-30" in first
    assert "Earlier</a>" not in first
    later = client.get(f"/counselors/{ines.id}?since=2026-11-30").text
    assert "30 November – 6 December" in later
    assert "since=2026-11-23" in later
    last = client.get(f"/counselors/{ines.id}?since=2199-01-01").text
    assert "Later</a>" not in last
    assert client.get(f"/counselors/{ines.id}?since=soon").status_code == 200


def test_an_empty_week_points_to_the_next_free_time(client: PageClient, ines: Person) -> None:
    a_service(ines)
    open_hours(ines, notice_minutes=10 * 1440)
    page = client.get(f"/counselors/{ines.id}?since=2026-11-23").text
    assert "Next free: Thursday 3 December, 09:00" in page
    assert "since=2026-12-03" in page
    assert "3 – 9 December" in client.get(f"/counselors/{ines.id}").text


def test_a_counselor_without_free_times_says_so(client: PageClient, ines: Person) -> None:
    a_service(ines)
    assert "Ines has no free times at the moment" in client.get(f"/counselors/{ines.id}").text


def test_another_kind_of_session_can_be_chosen(client: PageClient, ines: Person) -> None:
    an_offer(ines)
    long = a_service(ines, name="Long session", minutes=80, price_cents=18000, cpt_code="90837")
    page = client.get(f"/counselors/{ines.id}?service_id={long.id}").text
    assert f"service_id={long.id}" in page
    assert "80 min · $180" in page
    for odd in ("999", "x", "1" * 40):
        assert client.get(f"/counselors/{ines.id}?service_id={odd}").status_code == 200


def test_a_client_is_shown_the_kind_of_session_they_had_last(as_: As, alice: Person, ines: Person) -> None:
    an_offer(ines)
    long = a_service(ines, name="Long session", minutes=80, price_cents=18000, cpt_code="90837")
    a_booking(long, alice)
    page = as_(alice).get(f"/counselors/{ines.id}").text
    assert f'name="service_id" value="{long.id}"' in page


def test_a_stranger_who_chooses_a_time_comes_back_to_it_after_signing_in(client: PageClient, ines: Person) -> None:
    service = an_offer(ines)
    page = client.get(f"/counselors/{ines.id}").text
    place = f"/counselors/{ines.id}/appointments/new?starts_at=2026-11-25T15:00Z&amp;service_id={service.id}"
    assert place in page
    answer = client.get(place.replace("&amp;", "&"))
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=/counselors/")


def test_only_clients_are_offered_the_buttons(as_: As, ines: Person, clara: Person, omar: Person) -> None:
    an_offer(ines)
    for person in (ines, clara, omar):
        page = as_(person).get(f"/counselors/{ines.id}").text
        assert 'name="starts_at"' not in page
        assert "appointments/new" not in page
    assert "This is what clients see" in as_(ines).get(f"/counselors/{ines.id}").text


@pytest.mark.parametrize("counselor_id", [0, 999999])
def test_an_unknown_counselor_is_not_found(counselor_id: int, client: PageClient, ines: Person) -> None:
    assert client.get(f"/counselors/{counselor_id}").status_code == 404


def test_an_unpublished_counselor_is_told_what_is_missing_and_nobody_else(
    as_: As, client: PageClient, ines: Person, clara: Person
) -> None:
    page = as_(ines).get(f"/counselors/{ines.id}")
    assert page.status_code == 200
    assert "Clients cannot see you yet" in page.text
    assert "Add a service" in page.text
    assert client.get(f"/counselors/{ines.id}").status_code == 404
    assert as_(clara).get(f"/counselors/{ines.id}").status_code == 404
