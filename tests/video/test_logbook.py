"""The session log as people read it, and what it does to the appointment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking import services as booking
from booking.policy import COMPLETED, CONFIRMED, NO_SHOW
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import FrozenClock
from video import services
from video.jobs import note_who_came
from video.logbook import queries
from video.logbook.words import line
from video.models import MediaServer, Room, RoomEvent


@pytest.fixture
def room(ines: Person, alice: Person, clock: FrozenClock) -> Room:
    """The room of a session."""
    clock.instant = WEDNESDAY_AT_TEN
    room = services.prepare(an_appointment(ines, alice), now=clock.now())
    db.session.commit()
    return room


def seen(room: Room, *lines: tuple[Person, str, float], **detail: object) -> None:
    """Write lines into the log: who, what, at which minute."""
    number = len(room.events)
    for person, event, minute in lines:
        number += 1
        at = WEDNESDAY_AT_TEN + timedelta(minutes=minute)
        room.events.append(
            RoomEvent(
                person_id=person.id, event=event, at=at, server="s1", number=number, detail=detail, received_at=at
            )
        )
    db.session.commit()
    db.session.expire_all()


def met(room: Room, ines: Person, alice: Person, minutes: float) -> None:
    """Let the two meet for so many minutes."""
    seen(room, (ines, "joined", 0), (alice, "waiting", 1), (alice, "admitted", 2), (alice, "joined", 2))
    seen(room, (alice, "quality", 3), lost_percent=1.5, round_trip_ms=42, height=720)
    seen(room, (alice, "dropped", minutes), (alice, "left", minutes + 1), (ines, "left", minutes + 2))


def test_the_log_is_read_by_the_counselor_and_the_practice_only(
    as_, room: Room, ines: Person, alice: Person, clara: Person, omar: Person
) -> None:
    url = f"/appointments/{room.appointment_id}/room/log"
    assert as_(ines).get(url).status_code == 404
    met(room, ines, alice, 40)
    for person in (ines, omar):
        page = as_(person).get(url).text
        assert "42 ms there and back" in page
        assert "Alice Moreau was let in" in page
        assert "38 minutes" in page
    for stranger in (alice, clara):
        assert as_(stranger).get(url).status_code == 404


def test_the_appointment_shows_what_the_room_saw(
    as_, room: Room, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    url = f"/appointments/{room.appointment_id}"
    assert "What the room saw" not in as_(ines).get(url).text
    seen(room, (alice, "waiting", 3))
    clock.instant += timedelta(minutes=60)
    assert "has Alice there at" in as_(ines).get(url).text
    assert "What the room saw" not in as_(alice).get(url).text


def test_the_practice_sees_its_servers_and_its_sessions(
    as_, room: Room, ines: Person, alice: Person, omar: Person, clock: FrozenClock
) -> None:
    assert "No media server yet" in as_(omar).get("/rooms").text
    for number, (lease, draining) in enumerate([(5, False), (5, True), (-5, False)]):
        until = clock.now() + timedelta(seconds=lease)
        times = {"started_at": clock.now(), "seen_at": clock.now(), "leased_until": until}
        db.session.add(MediaServer(url=f"ws://{number}/room", life="s", draining=draining, rooms=1, people=2, **times))
    met(room, ines, alice, 5)
    page = as_(omar).get("/rooms").text
    assert [page.count(words) for words in ("Open<", "Stopping<", "Silent<")] == [1, 1, 1]
    clock.instant += timedelta(minutes=90)
    page = as_(omar).get("/rooms").text
    assert page.count("Silent<") == 3
    assert "3 minutes" in page
    assert "Hardly met" in page
    assert "Nobody met by video" in as_(omar).get("/rooms?date=2026-01-01").text
    assert as_(ines).get("/rooms").status_code == 404


def test_a_long_day_is_searched_and_turned_page_by_page(
    as_, room: Room, ines: Person, alice: Person, omar: Person, clock: FrozenClock
) -> None:
    met(room, ines, alice, 40)
    for who in ("alice", "Calder mor"):
        page = as_(omar).get("/rooms", query_string={"who": who}).text
        assert "1 session with" in page
        assert "38 minutes" in page
    assert "Nobody of that name" in as_(omar).get("/rooms?who=Ben").text
    assert "There is no such page" in as_(omar).get("/rooms?page=2").text
    since, until = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    assert queries.rooms_between(since, until, who="50%", most=1) == (0, [])
    count, (log,) = queries.rooms_between(since, until, most=1)
    assert (count, [part.person for part in log.parts]) == (1, [ines, alice])
    assert queries.rooms_between(since, until, most=1, offset=1) == (1, [])


@pytest.mark.parametrize(("minutes", "status"), [(40, COMPLETED), (5, CONFIRMED)])
def test_a_session_that_took_place_is_marked_once_its_room_is_closed(
    room: Room, ines: Person, alice: Person, minutes: float, status: str
) -> None:
    met(room, ines, alice, minutes)
    note_who_came(WEDNESDAY_AT_TEN + timedelta(minutes=79))
    assert room.appointment.status == CONFIRMED
    note_who_came(WEDNESDAY_AT_TEN + timedelta(minutes=81))
    assert room.appointment.status == status


def test_what_the_counselor_marked_stays(room: Room, ines: Person, alice: Person) -> None:
    met(room, ines, alice, 40)
    later = WEDNESDAY_AT_TEN + timedelta(minutes=81)
    booking.mark_attended(room.appointment, attended=False, by=ines, now=later)
    note_who_came(later)
    assert room.appointment.status == NO_SHOW


def test_guests_go_by_what_they_were_invited_as() -> None:
    came = RoomEvent(person_id=None, event="joined", at=WEDNESDAY_AT_TEN, detail={"guest": 7})
    assert line(came, {}, {7: "Sam Lee (interpreter)"}).title == "Sam Lee (interpreter) went in"
    assert line(came, {}, {}).title == "A guest went in"
