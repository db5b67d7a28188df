"""Media servers show themselves to the web, and every room has one of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from booking import services as booking
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import FrozenClock
from tests.support.pages import PageClient
from tests.video.builders import an_arrival
from video import servers, services, tokens
from video.models import MediaServer, Placement, Room, RoomEvent
from video.reporting import SIGNATURE_HEADER, signature

ONE, TWO = "ws://127.0.0.1:8001/room", "ws://127.0.0.1:8001/room/two"


@pytest.fixture
def room(ines: Person, alice: Person, clock: FrozenClock) -> Room:
    """The room of a session that has begun."""
    clock.instant = WEDNESDAY_AT_TEN
    appointment = an_appointment(ines, alice)
    an_arrival(appointment)
    room = services.prepare(appointment, now=clock.now())
    db.session.commit()
    return room


class Beating:
    """The media servers of the practice, beating when told to."""

    def __init__(self, client: PageClient, settings: Settings, clock: FrozenClock) -> None:
        self._client, self._settings, self._clock = client, settings, clock

    def beat(self, url: str, *rooms: Room, key: str = "", **changes: object) -> tuple[int, dict[str, object]]:
        usual = {"url": url, "life": "s1", "started": 1, "lease": 4, "draining": False, "people": len(rooms)}
        body = json.dumps(usual | {"rooms": [room.uid for room in rooms]} | changes).encode()
        signed = signature(body, key or self._settings.media_key, int(self._clock.now().timestamp()))
        answer = self._client.post("/internal/media/beats", data=body, headers={SIGNATURE_HEADER: signed})
        return answer.status_code, answer.json

    def elsewhere(self, url: str, *rooms: Room, **changes: object) -> object:
        return self.beat(url, *rooms, **changes)[1]["elsewhere"]

    def wait(self, seconds: float) -> None:
        self._clock.instant += timedelta(seconds=seconds)


@pytest.fixture
def media(client: PageClient, settings: Settings, clock: FrozenClock) -> Beating:
    """The media servers."""
    return Beating(client, settings, clock)


def home(room: Room, clock: FrozenClock, person: Person, **more: str) -> str:
    """Ask for a token and read where it leads."""
    entry = services.enter(room.appointment, person, now=clock.now(), **more)
    db.session.commit()
    return entry.url


def test_both_are_sent_to_one_server_and_the_token_names_it(
    media: Beating, room: Room, ines: Person, alice: Person, clock: FrozenClock, settings: Settings
) -> None:
    media.beat(ONE)
    media.beat(TWO)
    entries = [services.enter(room.appointment, person, now=clock.now()) for person in (ines, alice)]
    assert {entry.url for entry in entries} == {ONE}
    assert tokens.read(entries[0].token, settings.media_key, now=clock.now()).server == ONE
    placed = db.session.get_one(Placement, room.id)
    assert placed.until == WEDNESDAY_AT_TEN + timedelta(minutes=80)


def test_a_dead_servers_room_moves_at_the_next_token(
    media: Beating, room: Room, ines: Person, alice: Person, clock: FrozenClock
) -> None:
    media.beat(ONE)
    assert home(room, clock, ines) == ONE
    media.wait(3)
    media.beat(TWO)
    assert home(room, clock, alice) == ONE
    assert home(room, clock, alice, unreachable=ONE) == TWO
    assert home(room, clock, ines) == TWO
    assert media.elsewhere(ONE, room) == [room.uid]


def test_the_token_names_who_else_is_in_while_the_log_speaks(
    media: Beating, room: Room, ines: Person, alice: Person, clock: FrozenClock, settings: Settings
) -> None:
    def company() -> list[tuple[str, str]]:
        entry = services.enter(room.appointment, ines, now=clock.now())
        token = tokens.read(entry.token, settings.media_key, now=clock.now())
        return [(each.person, each.name) for each in token.company]

    assert company() == []
    for number, person in enumerate((alice, ines), start=1):
        event = {"event": "joined", "server": "s1", "number": number, "received_at": clock.now(), "detail": {}}
        room.events.append(RoomEvent(person_id=person.id, at=clock.now(), **event))
    db.session.flush()
    media.wait(60)
    assert company() == [(str(alice.id), "Alice Moreau")]
    media.wait(150)
    assert company() == []


def test_the_path_is_tested_to_a_server_that_takes_rooms(media: Beating, clock: FrozenClock) -> None:
    def tested() -> str:
        return services.probe("7", now=clock.now()).url

    assert tested() == ONE
    media.beat(TWO)
    assert tested() == TWO


def test_without_any_server_the_room_is_where_the_settings_say(room: Room, ines: Person, clock: FrozenClock) -> None:
    assert home(room, clock, ines) == ONE
    assert db.session.get(Placement, room.id) is None


def test_a_room_without_a_living_server_lives_where_its_people_are(media: Beating, room: Room) -> None:
    assert media.elsewhere(TWO, room) == []
    assert db.session.get_one(Placement, room.id).server.url == TWO
    assert media.elsewhere(ONE, room) == [room.uid]
    media.wait(4)
    assert media.elsewhere(ONE, room) == []


def test_a_server_told_to_stop_gives_its_rooms_away(
    media: Beating, room: Room, ines: Person, clock: FrozenClock
) -> None:
    media.beat(ONE)
    assert home(room, clock, ines) == ONE
    assert media.elsewhere(ONE, room, draining=True) == []
    media.beat(TWO)
    assert media.elsewhere(ONE, room, draining=True) == [room.uid]
    assert home(room, clock, ines) == TWO
    assert media.elsewhere(TWO, room) == []


def test_the_media_server_learns_what_becomes_of_its_rooms(
    media: Beating, clock: FrozenClock, room: Room, ines: Person
) -> None:
    hours = [(WEDNESDAY_AT_TEN + timedelta(minutes=minutes)).timestamp() for minutes in (-15, 50, 80)]
    assert media.beat(ONE, room) == (200, {"elsewhere": [], "shut": [], "out": {}, "hours": {room.uid: hours}})
    booking.cancel(room.appointment, by=ines, now=clock.now())
    db.session.commit()
    assert media.beat(ONE, room) == (200, {"elsewhere": [], "shut": [room.uid], "out": {}, "hours": {}})


@pytest.mark.parametrize("changes", [{"started": None}, {"lease": "x"}, {"rooms": 7}, {"started": 1e99}])
def test_what_is_no_sign_of_life_is_refused(media: Beating, changes: dict[str, object]) -> None:
    assert media.beat(ONE, **changes)[0] == 403
    assert media.beat(ONE, key="another key")[0] == 403
    assert db.session.query(MediaServer).count() == 0


def test_pages_are_sent_to_no_address_their_policy_forbids(media: Beating) -> None:
    status, answer = media.beat("wss://elsewhere.example/room")
    assert status == 409
    assert "STILLPOINT_MEDIA_ORIGINS" in str(answer["words"])


def test_servers_that_are_gone_for_good_are_forgotten(media: Beating, room: Room, clock: FrozenClock) -> None:
    media.beat(ONE, room)
    media.wait(3600 * 60)
    media.beat(TWO)
    servers.forget_old(clock.now())
    assert [each.url for each in db.session.query(MediaServer)] == [TWO]
    assert db.session.query(Placement).count() == 0
