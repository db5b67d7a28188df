"""From nothing to a visit, in real browsers, with real processes, mail and payments.

The administrator invites a counselor, who publishes hours; a client signs up, books and
pays; they meet, write, part; the note is signed and printed; the reminder comes; the
invoice stands; the money goes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import visit, visit_papers, visit_room
from tests.browser.films import CLAY, MOSS, film
from tests.support.browsers import PHONE, chromium_showing, complaints, window
from tests.support.servers import Mailbox, RunningPractice, running_practice, smtp_server, until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def post() -> Iterator[tuple[str, Mailbox]]:
    """A real mail server."""
    with smtp_server() as server:
        yield server


@pytest.fixture(scope="module")
def practice(
    post: tuple[str, Mailbox], demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPractice]:
    """The whole practice in its own processes, with mail that really leaves."""
    with running_practice(tmp_path_factory.mktemp("visit"), like=demo, STILLPOINT_SMTP_URL=post[0]) as running:
        running.wait_until_open()
        yield running


@pytest.fixture(scope="module")
def desks(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Browser]]:
    """Two Chromiums: the counselor's camera shows moss, the client's clay."""
    folder = tmp_path_factory.mktemp("films")
    films = film(folder / "moss.y4m", MOSS), film(folder / "clay.y4m", CLAY)
    with chromium_showing(browser, *films) as (one, other):
        yield one, other


def test_the_whole_visit(practice: RunningPractice, post: tuple[str, Mailbox], desks: tuple[Browser, Browser]) -> None:
    mailbox = post[1]
    with ExitStack() as stack:
        phone = {"viewport": PHONE, "has_touch": True, "timezone_id": visit.where_it_is_day()}
        pages = [
            stack.enter_context(window(desk, practice.url, **options)).new_page()
            for desk, options in ((desks[0], {}), (desks[0], {}), (desks[1], phone))
        ]
        omar, noor, alma = pages
        heard = [complaints(page) for page in pages]

        visit.sign_in(omar, "omar@example.org")
        visit.invite(omar)
        visit.join(noor, visit_papers.link_in(mailbox, visit.NOOR, "/invitation/"))
        visit.sign_up(alma)
        alma.goto(visit_papers.link_in(mailbox, visit.ALMA, "/confirm/"))
        alma.get_by_role("main").get_by_role("button").first.click()

        visit.offer_a_service(noor)
        visit.publish_profile(noor)
        soon, later = visit.publish_hours(noor)

        visit.book(alma, later)
        visit.pay(alma)
        visit.book(alma, soon)
        visit.decline_then_pay(alma)
        visit_papers.expect_confirmation(mailbox)

        visit_room.enter_and_wait(alma)
        visit_room.enter_and_admit(noor)
        visit_room.they_see_each_other(noor, alma)
        visit_room.they_chat(noor, alma)
        visit_room.write_beside(noor)
        visit_room.leave(alma)
        visit_room.leave(noor)

        until(lambda: datetime.now(UTC) > soon, seconds=150, what="the hour itself")
        visit_papers.sign_and_print(noor)
        visit_papers.see_the_invoice(alma)
        visit_papers.refund(omar)
        visit_papers.expect_refund(mailbox, alma)
        visit_papers.expect_reminder(mailbox)
        assert [words for each in heard for words in each] == []
