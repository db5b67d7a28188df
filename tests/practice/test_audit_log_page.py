"""The audit log, page by page."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from practice import deeds, sheets
from practice.core import audit
from practice.core.db import db
from practice.models import Person
from practice.queries import audit_log
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


def deeds_of(person: Person, clock: FrozenClock, action: str, *, times: int = 1) -> None:
    for _ in range(times):
        clock.advance(minutes=1)
        audit.record(action, person_id=person.id, subject=("person", person.id))
        db.session.flush()
    db.session.commit()


def test_entries_read_as_sentences(as_: As, omar: Person, alice: Person, clock: FrozenClock) -> None:
    deeds_of(alice, clock, "password.changed")
    page = as_(omar).get("/audit-log").text
    assert "Changed the password" in page
    assert "Alice Moreau" in page


def test_pages_go_back_and_forth_by_key(omar: Person, alice: Person, clock: FrozenClock) -> None:
    deeds_of(alice, clock, "person.changed", times=120)
    everything = audit_log.Filter(action="person.changed")
    first = audit_log.page(everything)
    second = audit_log.page(everything, before=first.older)
    third = audit_log.page(everything, before=second.older)
    assert [len(page.entries) for page in (first, second, third)] == [50, 50, 20]
    assert first.newer is None
    assert third.older is None
    ids = [entry.id for page in (first, second, third) for entry in page.entries]
    assert ids == sorted(ids, reverse=True)
    back = audit_log.page(everything, after=third.newer)
    assert [entry.id for entry in back.entries] == [entry.id for entry in second.entries]


def test_a_new_entry_moves_no_page(omar: Person, alice: Person, clock: FrozenClock) -> None:
    deeds_of(alice, clock, "person.changed", times=60)
    first = audit_log.page(audit_log.Filter())
    before = [entry.id for entry in audit_log.page(audit_log.Filter(), before=first.older).entries]
    deeds_of(alice, clock, "person.changed")
    assert [entry.id for entry in audit_log.page(audit_log.Filter(), before=first.older).entries] == before


def test_entries_are_filtered(as_: As, omar: Person, alice: Person, ben: Person, clock: FrozenClock) -> None:
    deeds_of(alice, clock, "password.changed")
    deeds_of(ben, clock, "licence.added")
    browser = as_(omar)
    assert "Ben Okafor" not in browser.get("/audit-log?who=moreau").text
    assert "Alice Moreau" not in browser.get("/audit-log?action=licence.added").text
    assert "Nothing like that happened" in browser.get("/audit-log?who=nobody-here").text


def test_days_begin_and_end_on_the_clock_of_the_practice(
    as_: As, omar: Person, alice: Person, clock: FrozenClock
) -> None:
    clock.instant = clock.instant.replace(hour=3, minute=0)  # still Sunday 22:00 in New York
    deeds_of(alice, clock, "password.changed")
    browser = as_(omar)
    assert (
        "Changed the password"
        in browser.get("/audit-log?since=2026-11-22&until=2026-11-22").text.partition("<tbody>")[2]
    )
    assert "Nothing like that happened" in browser.get("/audit-log?action=password.changed&since=2026-11-23").text


@pytest.mark.parametrize("query", ["since=yesterday", "until=9999-12-31", "since=2026-11-24&until=2026-11-23"])
def test_odd_days_are_answered_in_words(as_: As, omar: Person, query: str) -> None:
    answer = as_(omar).get(f"/audit-log?{query}")
    assert answer.status_code == 200
    assert "notice-wait" in answer.text


def test_the_download_holds_what_the_page_shows_and_is_noted(
    as_: As, omar: Person, alice: Person, clock: FrozenClock
) -> None:
    alice.name = "=HYPERLINK(1)"
    deeds_of(alice, clock, "password.changed", times=60)
    browser = as_(omar)
    answer = browser.get("/audit-log.csv?action=password.changed")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 60
    assert rows[0]["Person"] == "'=HYPERLINK(1)"
    assert rows[0]["When"].endswith("-05:00")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-log-2026-11-23.csv"'
    assert "entries: 60" in browser.get("/audit-log").text


def test_nobody_takes_a_line_out(omar: Person, clock: FrozenClock) -> None:
    deeds_of(omar, clock, "password.changed")
    for statement in ("DELETE FROM audit_entries", "UPDATE audit_entries SET action = 'x'"):
        with pytest.raises(DBAPIError, match="only grows"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_nobody_else_reads_it(as_: As, ines: Person, alice: Person) -> None:
    assert as_(ines).get("/audit-log").status_code == as_(alice).get("/audit-log.csv").status_code == 404


def test_an_action_nobody_named_is_still_readable() -> None:
    assert deeds.words("chart.opened_late") == "Chart opened late"
    assert deeds.detail({"notes": [162, 156]}) == "notes: 162, 156"
    assert deeds.detail({"zone": ["UTC", None], "role": "client"}) == "zone: UTC → none; role: client"


@pytest.mark.parametrize(
    ("value", "kept"), [("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("fine", "fine"), (-5, -5)]
)
def test_a_spreadsheet_computes_nothing(value: object, kept: object) -> None:
    assert sheets.harmless(value) == kept


def test_the_day_after_is_another_page(as_: As, omar: Person, clock: FrozenClock) -> None:
    browser = as_(omar)
    assert ">Today</h1>" in browser.get("/day").text
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    assert "Tuesday 24 November" in browser.get(f"/day?date={tomorrow}").text
    assert ">Today</h1>" in browser.get("/day?date=some-day").text
