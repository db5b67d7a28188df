"""The way to the room: who is let near it, when it opens, and what is refused in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from booking.models.appointments import Appointment
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_appointment, an_offer
from tests.fakes import FrozenClock
from tests.support.pages import PageClient
from tests.video.builders import an_arrival
from video import passes, services, tokens
from video.models import Room, RoomEvent
from video.tokens import Power, Role

As = Callable[[Person], PageClient]


@pytest.fixture
def session_now(ines: Person, alice: Person, clock: FrozenClock) -> Appointment:
    """Alice's session with Ines, which begins in ten minutes."""
    clock.instant = WEDNESDAY_AT_TEN
    clock.advance(minutes=-10)
    appointment = an_appointment(ines, alice)
    an_arrival(appointment)
    return appointment


def address(appointment: Appointment) -> str:
    return f"/appointments/{appointment.id}/room"


def a_token(browser: PageClient, appointment: Appointment) -> dict[str, str]:
    answer = browser.post(f"{address(appointment)}/token")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def log(
    appointment: Appointment, person: Person, event: str, number: int, clock: FrozenClock, **detail: object
) -> None:
    room = services.prepare(appointment, now=clock.now())
    row = RoomEvent(room_id=room.id, person_id=person.id, event=event, at=clock.now(), server="s1", number=number)
    row.detail, row.received_at = detail, clock.now()
    db.session.add(row)
    db.session.commit()


def test_both_reach_the_device_check(as_: As, ines: Person, alice: Person, session_now: Appointment) -> None:
    for person, other in ((ines, "Alice Moreau"), (alice, "Ines Calder")):
        page = as_(person).get(address(session_now))
        assert page.status_code == 200
        assert f"Session with {other}" in page.text
        assert "Enter the room" in page.text


def test_only_the_counselor_finds_the_note_and_the_end_for_both(
    as_: As, ines: Person, alice: Person, session_now: Appointment
) -> None:
    assert "End for both" in as_(ines).get(address(session_now)).text
    page = as_(alice).get(address(session_now)).text
    assert "End for both" not in page
    assert "data-notes-url" not in page


def test_nobody_else_finds_the_room(
    as_: As, ben: Person, clara: Person, omar: Person, session_now: Appointment
) -> None:
    for stranger in (ben, clara, omar):
        assert as_(stranger).get(address(session_now)).status_code == 404
        assert as_(stranger).post(f"{address(session_now)}/token").status_code == 404


def test_somebody_signed_out_is_asked_to_sign_in(client: PageClient, session_now: Appointment) -> None:
    assert client.get(address(session_now)).status_code == 303
    assert client.post(f"{address(session_now)}/token").status_code == 401


def test_the_token_is_one_persons_for_one_room(
    as_: As, ines: Person, alice: Person, session_now: Appointment, settings: Settings, clock: FrozenClock
) -> None:
    given = [a_token(as_(person), session_now) for person in (ines, alice)]
    hers, theirs = (tokens.read(each["token"], settings.media_key, now=clock.now()) for each in given)
    assert (hers.role, hers.powers, hers.person) == (
        Role.COUNSELOR,
        {Power.ADMIT, Power.END, Power.MODERATE},
        str(ines.id),
    )
    assert (theirs.role, theirs.powers, theirs.admitted) == (Role.CLIENT, frozenset(), False)
    assert hers.room == theirs.room == db.session.query(Room).one().uid
    assert (hers.expires_at - clock.now()).total_seconds() == 120
    assert hers.nonce != theirs.nonce


def test_entering_is_audited(as_: As, alice: Person, session_now: Appointment) -> None:
    a_token(as_(alice), session_now)
    entry = db.session.query(AuditEntry).filter_by(action="room.entered").one()
    assert (entry.person_id, entry.subject_kind, entry.subject_id) == (alice.id, "appointment", session_now.id)


@pytest.mark.parametrize(
    ("minutes", "code", "words"),
    [(-16, "early", "opens 15 minutes before"), (-15, "", ""), (79, "", ""), (80, "late", "is over")],
)
def test_the_room_opens_before_and_closes_after(
    as_: As, alice: Person, session_now: Appointment, clock: FrozenClock, minutes: int, code: str, words: str
) -> None:
    clock.instant = WEDNESDAY_AT_TEN
    clock.advance(minutes=minutes)
    answer = as_(alice).post(f"{address(session_now)}/token")
    assert answer.status_code == (409 if code else 200)
    assert answer.get_json().get("code", "") == code
    assert words in answer.get_json().get("words", "")


def test_before_it_opens_the_devices_can_be_checked(
    as_: As, alice: Person, session_now: Appointment, clock: FrozenClock
) -> None:
    clock.advance(days=-1)
    page = as_(alice).get(address(session_now))
    assert page.status_code == 200
    assert "The room opens at 09:45 (New York time (UTC\u22125))" in page.text


@pytest.mark.parametrize(("status", "words"), [("cancelled", "was cancelled"), ("held", "not confirmed")])
def test_a_session_that_does_not_stand_has_no_room(
    as_: As, ines: Person, alice: Person, clock: FrozenClock, status: str, words: str
) -> None:
    clock.instant = WEDNESDAY_AT_TEN
    appointment = an_appointment(ines, alice, status=status, cancelled_at=clock.now(), held_until=clock.now())
    answer = as_(alice).post(f"{address(appointment)}/token")
    assert answer.status_code == 409
    assert words in answer.get_json()["words"]
    page = as_(alice).get(address(appointment))
    assert page.status_code == 409
    assert words in page.text


@pytest.mark.parametrize("status", ["completed", "no_show"])
def test_marking_a_session_does_not_lock_people_out_of_it(
    as_: As, ines: Person, alice: Person, clock: FrozenClock, status: str
) -> None:
    clock.instant = WEDNESDAY_AT_TEN
    appointment = an_appointment(ines, alice, status=status)
    an_arrival(appointment)
    assert a_token(as_(alice), appointment)


def test_a_confirmed_appointment_has_its_room_at_once(ines: Person, alice: Person) -> None:
    appointment = a_booking(an_offer(ines), alice)
    assert db.session.query(Room).one().appointment_id == appointment.id


def test_the_room_follows_a_moved_appointment(
    as_: As, alice: Person, session_now: Appointment, settings: Settings, clock: FrozenClock
) -> None:
    first = tokens.read(a_token(as_(alice), session_now)["token"], settings.media_key, now=clock.now())
    clock.advance(days=1)
    for name in ("starts_at", "ends_at", "blocked_from", "blocked_until"):
        setattr(session_now, name, getattr(session_now, name).replace(day=26))
    an_arrival(session_now)
    second = tokens.read(a_token(as_(alice), session_now)["token"], settings.media_key, now=clock.now())
    assert second.room == first.room
    assert (second.closes_at - first.closes_at).days == 1


def test_whoever_was_admitted_need_not_wait_again(
    as_: As, alice: Person, ines: Person, session_now: Appointment, settings: Settings, clock: FrozenClock
) -> None:
    log(session_now, alice, "admitted", 1, clock)
    token = tokens.read(a_token(as_(alice), session_now)["token"], settings.media_key, now=clock.now())
    assert token.admitted
    clock.advance(minutes=1)
    log(session_now, ines, "ended", 2, clock)
    token = tokens.read(a_token(as_(alice), session_now)["token"], settings.media_key, now=clock.now())
    assert not token.admitted


def test_the_session_page_leads_to_the_room(
    as_: As, alice: Person, omar: Person, session_now: Appointment, clock: FrozenClock
) -> None:
    assert f'href="{address(session_now)}"' in as_(alice).get(f"/appointments/{session_now.id}").text
    assert address(session_now) not in as_(omar).get(f"/appointments/{session_now.id}").text
    clock.advance(days=-1)
    assert "The room opens on Wednesday 25 November, 09:45" in as_(alice).get(f"/appointments/{session_now.id}").text


def test_a_counselor_sees_who_waits(
    as_: As, ines: Person, alice: Person, session_now: Appointment, clock: FrozenClock
) -> None:
    assert "Waiting now" not in as_(ines).get("/today").text
    log(session_now, alice, "waiting", 1, clock)
    clock.advance(minutes=3)
    page = as_(ines).get("/today").text
    assert "In the waiting room, 3 minutes ago" in page
    assert "Alice Moreau" in as_(ines).get("/rooms/waiting").text
    log(session_now, alice, "left", 2, clock)
    assert "Waiting now" not in as_(ines).get("/today").text
    assert as_(ines).get("/rooms/waiting").status_code == 204


def test_another_counselor_sees_nobody_waiting(
    as_: As, alice: Person, clara: Person, session_now: Appointment, clock: FrozenClock
) -> None:
    log(session_now, alice, "waiting", 1, clock)
    assert "Waiting now" not in as_(clara).get("/today").text
    assert as_(clara).get("/rooms/waiting").status_code == 204
    assert as_(alice).get("/rooms/waiting").status_code == 404


def test_the_path_can_be_tested_before_the_room_opens(
    as_: As, alice: Person, ben: Person, session_now: Appointment, settings: Settings, clock: FrozenClock
) -> None:
    clock.advance(days=-1)
    answer = as_(alice).post(f"{address(session_now)}/probe")
    claims = passes.read(passes.PROBE, answer.json["token"], settings.media_key, now=clock.now())
    assert (claims, answer.json["url"]) == ({"person": str(alice.id)}, settings.media_url)
    assert as_(ben).post(f"{address(session_now)}/probe").status_code == 404
