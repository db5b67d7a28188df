"""Who stands in for a counselor handles releases where the chart stands open to them; letters say nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from notes.custody import access
from notes.custody.models import COVER
from notes.release import notices, services
from notes.release.models import Disclosure, Release
from practice.core import outbox
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import MONDAY_MORNING, FakePrinter, FrozenClock
from tests.notes.release.scenes import a_paper, a_release
from tests.notes.scenes import SLEEP, a_session, a_signed_note
from tests.notes.supervision.scenes import a_supervision
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
SENT = {"way": "post", "told_on": "2026-11-23", "told_clock": "03:00"}


@pytest.fixture
def release(ines: Person, alice: Person) -> Release:
    """Alice allowed something of what Ines wrote."""
    a_signed_note(a_session(ines, alice))
    return a_release(ines, alice)


def lend(release: Release, to: Person) -> None:
    """Lend the chart for a day."""
    ends_at = MONDAY_MORNING + timedelta(days=1)
    access.give(release.chart, to, kind=COVER, by=release.chart.counselor, now=MONDAY_MORNING, ends_at=ends_at)
    db.session.commit()


def test_who_covers_says_why_and_sends_it_until_the_cover_ends(
    as_: As, clara: Person, alice: Person, release: Release, printer: FakePrinter, clock: FrozenClock
) -> None:
    page = f"/releases/{release.id}"
    assert as_(clara).get(page).status_code == 404
    lend(release, clara)
    browser = as_(clara)
    assert "Alice Moreau" in browser.get("/today").text.partition("releases-panel")[2]
    listed = browser.get("/releases").text
    assert "with Ines Calder" in listed
    assert "Dr. Helen Marsh" not in listed
    assert "Alice Moreau, with Ines Calder" in browser.get(f"/releases?chart={release.chart_id}").text
    why = browser.get(page).location
    assert why == f"/charts/lent/{release.chart_id}/reason?next={page}"
    assert browser.post(f"{page}/disclosures", data=SENT).location == why
    assert browser.post(why, data={"reason": "cover"}).location == page
    assert "Dr. Helen Marsh" in browser.get(page).text
    assert browser.get(f"{page}/packet.pdf?parts=notes").mimetype == "application/pdf"
    (paper,) = printer.printed
    assert "for Ines Calder" in paper
    assert SLEEP.text("plan") in paper
    assert browser.post(f"{page}/disclosures", data=SENT).status_code == 303
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "release").order_by(AuditEntry.id))
    assert [(each.action, each.acting, each.reason) for each in kept][1:] == [
        ("release.viewed", "cover", "cover"),
        ("release.prepared", "cover", None),
    ]
    assert "by Clara Voss" in as_(alice).get(f"/account{page}").text
    clock.advance(days=2)
    assert as_(clara).get(page).status_code == 404
    assert as_(clara).get(f"/releases?chart={release.chart_id}").status_code == 404


def test_who_covers_writes_down_what_had_to_be_given(
    as_: As, clara: Person, ines: Person, alice: Person, release: Release
) -> None:
    address = f"/charts/shared/{release.chart_id}/disclosures/new"
    assert as_(clara).get(address).status_code == 404
    lend(release, clara)
    browser = as_(clara)
    why = browser.get(address).location
    assert browser.post(address, data={}).location == why
    browser.post(why, data={"reason": "emergency"})
    assert "Write down what was given out" in browser.get(address).text
    hospital = {"name": "Bellevue", "kind": "doctor", "what": "A telephone number", "purpose": "To find her"}
    words = {**hospital, **SENT, "basis": "emergency", "way": "spoken"}
    assert browser.post(address, data={**words, "what": ""}).status_code == 422
    account = browser.post(address, data=words).location
    assert account == f"/disclosures?chart={release.chart_id}"
    assert "A telephone number" in browser.get(account).text
    assert "A telephone number" not in browser.get("/disclosures").text
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("disclosure"))).all()
    assert [(each.acting, each.about_id) for each in kept] == [("cover", alice.id)] * 2
    for page in (as_(ines).get("/disclosures"), as_(alice).get("/account/disclosures")):
        assert "Bellevue" in page.text


def test_a_supervisor_opens_it_from_the_chart_and_is_not_called(
    as_: As, ines: Person, clara: Person, omar: Person, release: Release
) -> None:
    a_supervision(clara, ines, by=omar)
    browser = as_(clara)
    assert "releases-panel" not in browser.get("/today").text
    assert "Alice Moreau" not in browser.get("/releases").text
    listed = f"/releases?chart={release.chart_id}"
    assert listed in browser.get(f"/supervision/charts/{release.chart_id}").text
    assert f"/releases/{release.id}" in browser.get(listed).text
    assert "Dr. Helen Marsh" in browser.get(f"/releases/{release.id}").text
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "release.viewed")).one()
    assert (kept.acting, kept.reason) == ("supervisor", "supervision")


def told(kind: str, subject: tuple[str, int]) -> set[int | None]:
    """Name to whom letters of a kind go."""
    return {each.recipient_id for each in outbox.about(subject) if each.kind == kind and each.state == "planned"}


def test_a_letter_goes_to_who_is_to_send_and_to_the_client_once_it_went_out(
    as_: As, ines: Person, alice: Person, clara: Person, release: Release
) -> None:
    subject = (notices.RELEASE, release.id)
    assert told(notices.ALLOWED, subject) == {ines.id}
    lend(release, clara)
    another = a_release(ines, alice)
    assert told(notices.ALLOWED, (notices.RELEASE, another.id)) == {ines.id, clara.id}
    as_(ines).get(f"/releases/{release.id}/packet.pdf?parts=notes")
    as_(ines).post(f"/releases/{release.id}/disclosures", data=SENT)
    given = db.session.scalars(select(Disclosure)).one()
    assert told(notices.GIVEN, (notices.DISCLOSURE, given.id)) == {alice.id}
    messages = [*outbox.about(subject), *outbox.about((notices.DISCLOSURE, given.id))]
    letters = {each.kind: outbox.renderer_of(each.kind)(each, MONDAY_MORNING) for each in messages}
    assert letters[notices.ALLOWED] is None
    for hidden in ("Marsh", "release", "record", "packet"):
        assert hidden not in letters[notices.GIVEN].text


def test_what_is_taken_back_or_entered_is_told(as_: As, ines: Person, alice: Person, release: Release) -> None:
    as_(alice).post(f"/account/releases/{release.id}/revocation")
    subject = (notices.RELEASE, release.id)
    assert (told(notices.ALLOWED, subject), told(notices.TAKEN_BACK, subject)) == (set(), {ines.id})
    paper = services.authorise(release.chart, a_paper(), by=ines, on_paper=True, now=MONDAY_MORNING)
    assert told(notices.ENTERED, (notices.RELEASE, paper.id)) == {alice.id}
    services.revoke(paper, by=ines, now=MONDAY_MORNING)
    assert told(notices.TAKEN_BACK, (notices.RELEASE, paper.id)) == set()
