"""The link in the letter, and the pages of the line for both sides."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from flask import Flask

from booking.models.services import Service
from booking.waitlist import queries, rules
from booking.waitlist.jobs import offer_waitlist
from practice.core.delivery import deliver_due
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN
from tests.booking.waiting.builders import LATER, NOW, offers, waits
from tests.fakes import FrozenClock, RecordingMailer
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def test_the_link_shows_on_looking_and_books_on_pressing(
    app: Flask, client: PageClient, service: Service, alice: Person, mailer: RecordingMailer
) -> None:
    service.price_cents = 0
    waits(alice, service)
    offer_waitlist(NOW)
    while deliver_due("tests"):
        pass
    path = re.search(r"(/offers/[\w-]{22})", mailer.to(alice.email)[-1].text)[1]  # type: ignore[index]
    for _ in range(2):
        page = client.get(path).text
        assert "Wednesday 25 November, 10:00" in page
        assert "until Today, 10:30" in page
    assert offers() == [("Alice", WEDNESDAY_AT_TEN)]
    for _ in range(2):
        assert "Your session is booked" in client.post(f"{path}/acceptance").text
    assert offers("taken") == [("Alice", WEDNESDAY_AT_TEN)]
    assert client.get("/offers/guessed").status_code == 404


def test_a_link_too_late_is_told_so_without_blame(
    client: PageClient, service: Service, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    waits(alice, service)
    offer_waitlist(NOW)
    while deliver_due("tests"):
        pass
    path = re.search(r"(/offers/[\w-]{22})", mailer.to(alice.email)[-1].text)[1]  # type: ignore[index]
    clock.instant = LATER
    late = client.post(f"{path}/acceptance")
    assert late.status_code == 409
    assert "You keep your place" in late.text


def test_a_client_joins_sees_the_place_answers_and_leaves(as_: As, service: Service, alice: Person) -> None:
    browser, form = as_(alice), f"/waiting/new?service_id={service.id}"
    assert "You are not waiting for anything" in browser.get("/waiting").text
    assert "Wait for a time" in browser.get(form).text
    refused = browser.post(form, data={"times": [], "last_on": "2026-01-01", "notice_minutes": "60"})
    assert refused.status_code == 422
    assert "Choose at least one time of the week." in refused.text
    assert "Choose a day that is still ahead" in refused.text
    typed = {"times": ["6", "12"], "last_on": "2026-12-20", "notice_minutes": "60"}
    assert browser.post(form, data=typed).location == "/waiting"
    page = browser.get("/waiting").text
    assert "Wednesdays and Fridays, mornings, until 20 Dec 2026" in page
    assert "You are the first in line." in page
    offer_waitlist(NOW)
    home = browser.get("/start", follow_redirects=True).text
    assert "A time has come free" in home
    for page in (home, browser.get("/waiting").text):
        assert "By taking it you accept the terms" in page
    [offer] = queries.offers_open(client=alice)
    assert "/payment" in browser.post(f"/waiting/offers/{offer.id}/acceptance").location
    browser.post(f"/waiting/{offer.wish_id}/end")
    assert "You are not waiting for anything" in browser.get("/waiting").text


def test_other_times_suit_on_other_dates(as_: As, service: Service, alice: Person) -> None:
    browser, form = as_(alice), f"/waiting/new?service_id={service.id}"
    typed: dict[str, object] = {"times": ["6"], "last_on": "2026-12-04", "notice_minutes": "60"}
    begun = browser.post(form, data=typed | {"last_on-2": "2026-12-20"})
    assert (begun.status_code, begun.text.count("Choose at least one time of the week.")) == (422, 2)
    other = {"times-2": ["12", "13"], "first_on-2": "2026-12-05", "last_on-2": "2026-12-20"}
    assert browser.post(form, data=typed | other).location == "/waiting"
    page = browser.get("/waiting").text
    assert "23 November to 4 December: Wednesdays, mornings. 5 to 20 December: Fridays, mornings and afternoons" in page
    [wish] = queries.wishes_of(alice)
    suits = queries.window_of(wish).suits
    days = ("2026-11-25", "2026-11-27", "2026-12-09", "2026-12-11", "2026-12-25")
    suiting = [day for day in days if suits(datetime.fromisoformat(f"{day}T10:00-05:00"), NOW)]
    assert suiting == ["2026-11-25", "2026-12-11"]


def test_a_counselor_sees_the_line_orders_it_offers_by_hand_and_removes(
    as_: As, service: Service, ines: Person, alice: Person, ben: Person, mailer: RecordingMailer
) -> None:
    browser = as_(ines)
    assert "Nobody is waiting" in browser.get("/waitlist").text
    first, second = waits(alice, service, times=rules.ALL_DAY), waits(ben, service, times=rules.ALL_DAY)
    page = browser.get("/waitlist").text
    assert page.index("Alice Moreau") < page.index("Ben Okafor")
    browser.post(f"/waitlist/{second.id}/place", data={"place": "0"})
    page = browser.get("/waitlist").text
    assert page.index("Ben Okafor") < page.index("Alice Moreau")
    assert queries.ahead_of(first) == 1
    assert "Would like: Mondays, any time" in browser.get(f"/waitlist/{first.id}/offer").text
    made = browser.post(f"/waitlist/{first.id}/offer", data={"starts_at": "2026-11-25T15:00Z"})
    assert made.location == "/waitlist"
    assert "Offered Wednesday 25 November, 10:00" in browser.get("/waitlist").text
    again = browser.post(f"/waitlist/{second.id}/offer", data={"starts_at": "2026-11-25T15:00Z"})
    assert again.status_code == 409
    [offer] = queries.offers_open()
    browser.post(f"/waitlist/offers/{offer.id}/withdrawal")
    assert offers("withdrawn") == [("Alice", WEDNESDAY_AT_TEN)]
    browser.post(f"/waitlist/{second.id}/removal")
    while deliver_due("tests"):
        pass
    assert "no longer on the waitlist" in mailer.to(ben.email)[-1].subject
    browser.post("/waitlist/rules", data={"offer_minutes": "60"})
    assert (queries.rules_of(ines.id).active, queries.rules_of(ines.id).offer_minutes) == (False, 60)


def test_what_is_somebody_elses_is_not_there(
    as_: As, service: Service, alice: Person, ben: Person, clara: Person
) -> None:
    wish = waits(alice, service)
    offer_waitlist(NOW)
    [offer] = queries.offers_open()
    for path in (f"/waiting/{wish.id}/end", f"/waiting/offers/{offer.id}/acceptance"):
        assert as_(ben).post(path).status_code == 404
    for path in (
        f"/waitlist/{wish.id}/place",
        f"/waitlist/{wish.id}/removal",
        f"/waitlist/offers/{offer.id}/withdrawal",
    ):
        assert as_(clara).post(path, data={"place": "0"}).status_code == 404
