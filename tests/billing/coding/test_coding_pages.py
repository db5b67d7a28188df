"""A counselor confirms what sessions come to; nobody else sees or changes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.coding import services
from billing.coding.confirmed import Codes
from billing.parties import services as parties
from notes import keys
from notes.plans import services as plans
from notes.plans.document import PROVISIONAL, Diagnosis, diagnose
from practice.core.db import db
from tests.billing.papers.scenes import ALICE, CODES, THURSDAY, a_past_session, coded
from tests.booking.builders import audited
from tests.builders import saved
from tests.fakes import MONDAY_MORNING as NOW
from video.arrivals.models import Arrival
from video.models import Room, RoomEvent

FORM = {"code": "90834", "minutes": "50", "modifier": "95", "place": "10", "diagnoses": "F41.1"}


@pytest.fixture
def session(service, ines, alice):
    return a_past_session(ines, alice)


def a_log(appointment, minutes: int) -> None:
    """Let both be in the room for so many minutes."""
    room = saved(Room(appointment_id=appointment.id, created_at=appointment.starts_at))
    people = (appointment.client_id, appointment.counselor_id)
    moments = [("joined", appointment.starts_at), ("left", appointment.starts_at + timedelta(minutes=minutes))]
    for number, (event, at, person) in enumerate(((e, a, p) for e, a in moments for p in people), start=1):
        saved(
            RoomEvent(
                room_id=room.id,
                person_id=person,
                event=event,
                at=at,
                server="s",
                number=number,
                detail={},
                received_at=at,
            )
        )


def planned(counselor, client) -> None:
    chart = keys.chart_of(counselor=counselor, client=client, now=NOW)
    for id_, code, standing in (("aaaaaaaa", "F41.1", "confirmed"), ("bbbbbbbb", "F33.1", PROVISIONAL)):
        entry = Diagnosis(id_, code, "As published", "2026", standing)
        plans.save(chart, lambda plan, entry=entry: diagnose(plan, entry), author=counselor, now=NOW)
    db.session.commit()


def test_codes_are_proposed_from_the_log_the_place_and_the_plan(as_, session, ines, alice):
    a_log(session, 53)
    planned(ines, alice)
    parties.keep(alice, ALICE, by=alice, now=NOW)
    said = {"address": "12 Alder street, New York", "country": "US", "region": "New York"}
    saved(
        Arrival(
            appointment_id=session.id,
            person_id=alice.id,
            told_at=session.starts_at,
            said=said,
            privacy="alone",
            licensed="covered",
        )
    )
    browser = as_(ines)
    row = browser.get("/coding").text
    assert "90837 · 95 · 10" in row
    page = browser.get(f"/coding/{session.id}").text
    assert "53 minutes together, as the session log counted." in page
    assert "You met by video, and your client was at home." in page
    assert 'value="90837" selected' in page
    assert 'value="F41.1" checked' in page
    assert "F33.1" not in page  # provisional


def test_without_a_log_or_a_place_nothing_is_guessed(as_, session, ines):
    page = as_(ines).get(f"/coding/{session.id}").text
    assert "50 minutes as booked: no log counted them." in page
    assert "where your client was is for you to say" in page
    assert "No confirmed diagnosis in your plan" in page
    assert 'name="place" value="10" checked' not in page


def test_what_is_confirmed_leads_on_to_the_next(as_, session, ines, alice):
    later = a_past_session(ines, alice, THURSDAY + timedelta(days=1))
    browser = as_(ines)
    answer = browser.post(f"/coding/{session.id}", data={**FORM, "then": "next"})
    assert answer.location.endswith(f"/coding/{later.id}")
    row = services.codes_of(session)
    assert row is not None
    assert Codes.kept(row.said) == CODES
    assert "codes.confirmed" in audited()
    answer = browser.post(f"/coding/{later.id}", data={"code": "none", "minutes": "10", "then": "next"})
    assert answer.location.endswith("/coding")
    done = browser.get("/coding?show=done").text
    assert "90834 · 95 · 10" in done
    assert "Not billed" in done
    assert "Every session has its codes" in browser.get("/coding").text


def test_what_does_not_fit_is_said_and_nothing_is_lost(as_, session, ines):
    answer = as_(ines).post(f"/coding/{session.id}", data={**FORM, "code": "90837", "other_diagnosis": "XYZ"})
    assert answer.status_code == 422
    for words in ("90837 is for 53 minutes or more; this session had 50.", "XYZ is no billable code", 'value="XYZ"'):
        assert words in answer.text
    assert services.codes_of(session) is None


def test_codes_are_the_counselors_alone(as_, client, session, alice, omar, clara):
    coded(session)
    for person in (alice, omar, clara):
        assert as_(person).get(f"/coding/{session.id}").status_code == 404
        assert as_(person).post(f"/coding/{session.id}", data=FORM).status_code == 404
    assert client.get("/coding").status_code == 303
    assert "Alice" not in as_(clara).get("/coding").text


def test_a_session_leads_to_its_codes(as_, session, ines, alice):
    link = f'href="/coding/{session.id}"'
    here = f"/appointments/{session.id}"
    page = as_(ines).get(here).text
    assert link in page
    assert "Confirm what it comes to" in page
    coded(session)
    assert "Look at the codes" in as_(ines).get(here).text
    assert link not in as_(alice).get(here).text


def test_only_sessions_that_took_place_are_coded(as_, service, ines, alice):
    missed = a_past_session(ines, alice, status="no_show")
    browser = as_(ines)
    assert browser.get(f"/coding/{missed.id}").status_code == 404
    assert "Every session has its codes" in browser.get("/coding").text
