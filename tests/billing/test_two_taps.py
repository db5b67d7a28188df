"""A balance is paid in two taps, and anything recurring is stopped in two: counted on the pages themselves."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

from sqlalchemy import select

from billing.autopay import services as autopay
from billing.autopay.models import Autopay
from booking.models.appointments import Appointment
from booking.policy import CONFIRMED
from practice.core.db import db
from tests.billing.builders import accounts
from tests.billing.cards import a_card
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_appointment, an_offer
from tests.booking.test_series import a_wish, booked
from tests.fakes import MONDAY_MORNING as NOW


class Taps(HTMLParser):
    """What can be tapped on a page by its words: links, and buttons that send their form as it was drawn."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ways: dict[str, tuple[str, dict[str, list[str]] | None]] = {}
        self._form: tuple[str, dict[str, list[str]]] | None = None
        self._open: tuple[str, dict[str, list[str]] | None] | None = None
        self._words: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        """Begin a form, a link or a button, or take note of a field."""
        each = dict(attrs)
        if tag == "form":
            assert each.get("method") != "post" or "action" in each
            asks = "data-confirm" in each
            self._form = None if asks else (each.get("action") or "", {})
        elif tag == "input" and self._form and each.get("name"):
            if each.get("type") != "checkbox" or "checked" in each:
                self._form[1].setdefault(each["name"], []).append(each.get("value") or "")
        elif tag == "a" and each.get("href"):
            self._open, self._words = (each["href"], None), []
        elif tag == "button" and self._form:
            self._open, self._words = self._form, []

    def handle_data(self, data):
        """Collect the words of what is open."""
        self._words.append(data)

    def handle_endtag(self, tag):
        """Keep a link or a button by its words."""
        if tag in {"a", "button"} and self._open:
            self.ways[" ".join("".join(self._words).split())] = self._open
            self._open = None


def tap(browser, page: str, words: str) -> str:
    """Tap once, and return the page it leads to."""
    address, sent = Taps(page).ways[words]
    answer = browser.get(address) if sent is None else browser.post(address, data=sent, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_a_balance_is_paid_in_two_taps(as_, alice, service, payments):
    for hours in (0, 2):
        a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(hours=hours))
    a_card(alice, payments)
    db.session.commit()
    browser = as_(alice)
    page = tap(browser, browser.get("/billing").text, "Pay everything")
    assert "Everything is paid" in tap(browser, page, "Pay $240.00")
    assert accounts() == {"clearing": 240_00, "income": -240_00}


def test_charging_by_itself_is_stopped_in_two_taps(as_, alice, service, payments):
    a_card(alice, payments)
    autopay.begin(alice, now=NOW)
    db.session.commit()
    browser = as_(alice)
    page = tap(browser, browser.get("/billing").text, "Cards")
    assert "Stopped." in tap(browser, page, "Stop automatic payments")
    assert db.session.scalars(select(Autopay).where(Autopay.stopped_at.is_(None))).all() == []


def test_a_series_is_stopped_in_two_taps(as_, alice, ines, clock):
    weekly = an_offer(ines, recurring_allowed=True)
    an_appointment(ines, alice, WEDNESDAY_AT_TEN - timedelta(weeks=1))
    booked(a_wish(weekly, alice, ines))
    db.session.commit()
    browser = as_(alice)
    page = tap(browser, browser.get("/appointments").text, "Stop it")
    tap(browser, page, "Cancel these sessions")
    standing = select(Appointment).where(Appointment.status == CONFIRMED, Appointment.starts_at > NOW)
    assert db.session.scalars(standing).all() == []
