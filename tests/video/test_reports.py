"""What the media server reports is written once, whatever happens on the way."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import FrozenClock
from tests.support.pages import PageClient
from video import attendance, services
from video.models import Room, RoomEvent
from video.reporting import SIGNATURE_HEADER, signature


@pytest.fixture
def room(ines: Person, alice: Person, clock: FrozenClock) -> Room:
    """The room of a session that has begun."""
    clock.instant = WEDNESDAY_AT_TEN
    room = services.prepare(an_appointment(ines, alice), now=clock.now())
    db.session.commit()
    return room


class Reporting:
    """The media server, telling what happened minute by minute."""

    def __init__(self, client: PageClient, settings: Settings, clock: FrozenClock) -> None:
        self._client, self._settings, self._clock = client, settings, clock

    def tell(self, *reports: dict[str, object], key: str = "") -> int:
        body = json.dumps({"reports": reports}).encode()
        signed = signature(body, key or self._settings.media_key, int(self._clock.now().timestamp()))
        headers = {SIGNATURE_HEADER: signed, "Content-Type": "application/json"}
        return self._client.post("/internal/media/reports", data=body, headers=headers).status_code


@pytest.fixture
def media(client: PageClient, settings: Settings, clock: FrozenClock) -> Reporting:
    """The media server."""
    return Reporting(client, settings, clock)


def a_report(
    room: Room, person: Person, event: str, number: int, minute: float = 0, **more: object
) -> dict[str, object]:
    at = (WEDNESDAY_AT_TEN + timedelta(minutes=minute)).timestamp()
    usual = {
        "server": "s1",
        "number": number,
        "room": room.uid,
        "person": str(person.id),
        "event": event,
        "at": at,
        "detail": {},
    }
    return usual | more


def test_a_report_is_written_once(media: Reporting, room: Room, alice: Person) -> None:
    for _ in range(3):
        assert media.tell(a_report(room, alice, "waiting", 1)) == 204
    row = db.session.query(RoomEvent).one()
    assert (row.event, row.person_id, row.at) == ("waiting", alice.id, WEDNESDAY_AT_TEN)


def test_what_is_not_signed_by_the_media_server_is_refused(
    media: Reporting, client: PageClient, room: Room, alice: Person
) -> None:
    assert media.tell(a_report(room, alice, "joined", 1), key="another key") == 403
    assert client.post("/internal/media/reports").status_code == 403
    assert db.session.query(RoomEvent).count() == 0


def test_reports_of_rooms_and_deeds_we_do_not_know_are_taken_and_forgotten(
    media: Reporting, room: Room, alice: Person
) -> None:
    elsewhere = a_report(room, alice, "joined", 1) | {"room": "nowhere"}
    assert media.tell(elsewhere, a_report(room, alice, "danced", 2)) == 204
    assert db.session.query(RoomEvent).count() == 0


def test_minutes_together_are_counted_however_the_reports_come(
    media: Reporting, room: Room, ines: Person, alice: Person
) -> None:
    told = [
        a_report(room, ines, "joined", 1, 0),
        a_report(room, alice, "waiting", 2, 1),
        a_report(room, alice, "joined", 3, 2),
        a_report(room, alice, "dropped", 4, 12),
        a_report(room, alice, "returned", 5, 13, detail={"stage": "in"}),
        a_report(room, ines, "left", 6, 50),
        a_report(room, alice, "left", 7, 51),
    ]
    assert media.tell(*told[3:]) == 204
    assert media.tell(*told) == 204
    db.session.expire_all()
    assert room.together_seconds == 47 * 60


def test_who_waited_at_a_server_that_died_is_not_waiting(
    media: Reporting, room: Room, ines: Person, alice: Person
) -> None:
    media.tell(a_report(room, alice, "waiting", 1))
    assert [guest.person for guest in attendance.waiting(room.events)] == [str(alice.id)]
    media.tell(a_report(room, ines, "joined", 1, 1, server="s2"))
    db.session.expire_all()
    assert attendance.waiting(room.events) == []


def test_too_much_at_once_is_refused(client: PageClient, room: Room) -> None:
    assert client.post("/internal/media/reports", data=b"x" * 300_000).status_code == 413
