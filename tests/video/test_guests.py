"""Guests: a link of their own that opens once, a part that everybody reads, and the counselor's hand on the door."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask

from booking.models.appointments import Appointment
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import FrozenClock
from tests.support.pages import PageClient
from video import services as rooms
from video import tokens
from video.guests import queries, services
from video.guests.forms import Invite
from video.guests.models import Guest
from video.guests.services import LinkGoneError
from video.models import RoomEvent
from video.reporting import Reported
from video.tokens import Role

As = Callable[[Person], PageClient]


@pytest.fixture
def session_now(ines: Person, alice: Person, clock: FrozenClock) -> Appointment:
    """Alice's session with Ines, which begins in ten minutes."""
    clock.instant = WEDNESDAY_AT_TEN
    clock.advance(minutes=-10)
    return an_appointment(ines, alice)


def listing(appointment: Appointment) -> str:
    return f"/appointments/{appointment.id}/room/guests"


def a_link(browser: PageClient, appointment: Appointment, name: str = "Sam Lee", part: str = "interpreter") -> str:
    page = browser.post(listing(appointment), data={"name": name, "part": part})
    assert page.status_code == 200, page.text
    found = re.search(r"/guests/[\w-]{30,}", page.text)
    assert found is not None
    return found.group()


def a_seat(client: PageClient, link: str) -> str:
    answer = client.post(link)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def the_guest() -> Guest:
    return db.session.query(Guest).one()


def logged(appointment: Appointment, guest: Guest, event: str, number: int, clock: FrozenClock, **detail: str) -> None:
    room = rooms.prepare(appointment, now=clock.now())
    report = Reported("s1", number, room.uid, guest.key, event, clock.now(), dict(detail))
    rooms.take([report], now=clock.now())
    db.session.commit()
    clock.advance(minutes=1)


def test_a_guest_comes_by_a_link_to_the_waiting_room(
    as_: As, ines: Person, client: PageClient, session_now: Appointment, settings: Settings, clock: FrozenClock
) -> None:
    link = a_link(as_(ines), session_now)
    looked_at = client.get(link)
    assert "Ines Calder asks you into a video session, as interpreter" in looked_at.text
    room = a_seat(client, link)
    page = client.get(room)
    assert "Session with Ines Calder" in page.text
    assert "Where are you right now?" not in page.text
    token = tokens.read(client.post(f"{room}/token").json["token"], settings.media_key, now=clock.now())
    assert (token.role, token.powers, token.admitted) == (Role.GUEST, frozenset(), False)
    assert (token.person, token.name) == (the_guest().key, "Sam Lee (interpreter)")
    assert client.post(f"{room}/probe").status_code == 200
    assert {each.action for each in db.session.query(AuditEntry)} >= {"guest.invited", "guest.arrived"}


def test_a_link_opens_once(as_: As, ines: Person, app: Flask, client: PageClient, session_now: Appointment) -> None:
    link = a_link(as_(ines), session_now)
    room = a_seat(client, link)
    other = as_(ines)
    for answer in (other.get(link), other.post(link)):
        assert answer.status_code == 410
        assert "opens once only" in answer.text
    assert other.get(room).status_code == 404
    assert other.post(f"{room}/token").status_code == 404
    assert client.get(room).status_code == 200
    assert client.get("/guests/nonsense").status_code == 410


def test_of_two_who_open_it_at_once_one_comes_in(app: Flask, ines: Person, session_now: Appointment, clock) -> None:
    guest, _ = services.invite(session_now, ines, Invite("Sam", "partner"), now=clock.now())
    guest_id, now = guest.id, clock.now()
    db.session.commit()
    db.session.remove()
    came: list[str] = []
    start = threading.Barrier(4)

    def open_it() -> None:
        with app.app_context():
            start.wait()
            try:
                services.take_seat(db.session.get_one(Guest, guest_id), now=now)
                db.session.commit()
                came.append("in")
            except LinkGoneError:
                db.session.rollback()
                came.append("gone")

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["gone", "gone", "gone", "in"]


def test_an_invitation_can_be_taken_back(
    as_: As, ines: Person, client: PageClient, session_now: Appointment, clock: FrozenClock
) -> None:
    browser = as_(ines)
    link = a_link(browser, session_now)
    room = a_seat(client, link)
    guest = the_guest()
    uid = rooms.prepare(session_now, now=clock.now()).uid
    assert queries.withdrawn_from([uid]) == {}
    assert browser.post(f"{listing(session_now)}/{guest.id}/withdrawal").status_code == 303
    assert "Sam Lee" not in browser.get(listing(session_now)).text
    refused = client.post(f"{room}/token")
    assert (refused.status_code, refused.json["words"]) == (409, "Your invitation was taken back.")
    assert client.get(room).status_code == 409
    assert queries.withdrawn_from([uid]) == {uid: [guest.key]}


def test_a_guest_who_was_let_in_need_not_wait_again_unless_shown_out(
    as_: As, ines: Person, client: PageClient, session_now: Appointment, settings: Settings, clock: FrozenClock
) -> None:
    room = a_seat(client, a_link(as_(ines), session_now))
    guest = the_guest()

    def is_admitted() -> bool:
        text = client.post(f"{room}/token").json["token"]
        return tokens.read(text, settings.media_key, now=clock.now()).admitted

    def company() -> list[tuple[str, str, Role]]:
        text = rooms.enter(session_now, ines, now=clock.now()).token
        others = tokens.read(text, settings.media_key, now=clock.now()).company
        return [(each.person, each.name, each.role) for each in others]

    logged(session_now, guest, "waiting", 1, clock)
    waiting = as_(ines).get("/rooms/waiting").text
    assert "Sam Lee (interpreter)" in waiting
    assert ">SL<" in waiting
    assert (is_admitted(), company()) == (False, [])
    logged(session_now, guest, "joined", 2, clock)
    assert is_admitted()
    assert company() == [(guest.key, "Sam Lee (interpreter)", Role.GUEST)]
    logged(session_now, guest, "left", 3, clock, reason="left")
    assert is_admitted()
    logged(session_now, guest, "left", 4, clock, reason="removed")
    assert not is_admitted()
    assert {(each.person_id, each.detail["guest"]) for each in db.session.query(RoomEvent)} == {(None, guest.id)}


@pytest.mark.parametrize(
    ("data", "words"),
    [({"name": " ", "part": "partner"}, "Enter the name"), ({"name": "Sam", "part": "ghost"}, "Choose as what")],
)
def test_a_guest_has_a_name_and_a_part(
    as_: As, ines: Person, session_now: Appointment, data: dict[str, str], words: str
) -> None:
    page = as_(ines).post(listing(session_now), data=data)
    assert page.status_code == 422
    assert words in page.text


def test_only_the_sessions_counselor_asks_guests_in(
    as_: As, ines: Person, alice: Person, clara: Person, omar: Person, session_now: Appointment, clock: FrozenClock
) -> None:
    a_link(as_(ines), session_now)
    for stranger in (alice, clara, omar):
        assert as_(stranger).get(listing(session_now)).status_code == 404
        assert as_(stranger).post(listing(session_now), data={"name": "X", "part": "guest"}).status_code == 404
        assert as_(stranger).post(f"{listing(session_now)}/{the_guest().id}/withdrawal").status_code == 404
    clock.advance(days=1)
    assert as_(ines).get(listing(session_now)).status_code == 404


def test_the_session_page_names_the_guests_to_both(
    as_: As, ines: Person, alice: Person, session_now: Appointment
) -> None:
    page = f"/appointments/{session_now.id}"
    assert "Ask somebody in" in as_(ines).get(page).text
    assert "Guests" not in as_(alice).get(page).text
    a_link(as_(ines), session_now)
    for person in (ines, alice):
        assert "Sam Lee (interpreter)" in as_(person).get(page).text
    assert "Ask somebody in" not in as_(alice).get(page).text


def test_a_cancelled_session_takes_no_guests(
    as_: As, ines: Person, client: PageClient, session_now: Appointment, clock: FrozenClock
) -> None:
    link = a_link(as_(ines), session_now)
    session_now.status, session_now.cancelled_at = "cancelled", clock.now()
    db.session.commit()
    answer = client.get(link)
    assert answer.status_code == 410
    assert "over or was cancelled" in answer.text
