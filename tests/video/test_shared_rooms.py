"""People who share a session share its room, and the log knows each of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.groups import services as groups
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN
from tests.booking.group_builders import a_group, a_group_service
from tests.fakes import MONDAY_MORNING as NOW
from tests.fakes import FrozenClock
from tests.video.builders import an_arrival
from tests.video.test_reports import Reporting, a_report, media
from video import queries, services, tokens
from video.models import Room

__all__ = ["media"]


@pytest.fixture
def seats(ines: Person, alice: Person, ben: Person):
    """The places of Alice and Ben in a group of Ines's."""
    session = a_group(a_group_service(ines, price_cents=0))
    found = [groups.join(session, client, now=NOW) for client in (alice, ben)]
    db.session.commit()
    return found


def test_everybody_enters_one_room_by_first_name_only(
    seats, ines: Person, alice: Person, ben: Person, settings: Settings
) -> None:
    for seat in seats:
        an_arrival(seat)
    read = []
    for seat, person in ((seats[0], alice), (seats[1], ben), (seats[1], ines)):
        entry = services.enter(seat, person, now=WEDNESDAY_AT_TEN)
        read.append(tokens.read(entry.token, settings.media_key, now=WEDNESDAY_AT_TEN))
    assert len({token.room for token in read}) == db.session.query(Room).count() == 1
    assert [token.name for token in read] == ["Alice", "Ben", "Ines Calder"]


def test_the_log_and_the_waiting_room_know_each_of_them(
    media: Reporting, seats, ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    clock.instant = WEDNESDAY_AT_TEN
    room = queries.room_of(seats[1])
    assert room is not None
    media.tell(a_report(room, ines, "joined", 1), a_report(room, ben, "waiting", 2))
    db.session.expire_all()
    waiting = queries.people_waiting(WEDNESDAY_AT_TEN, counselor=ines)
    assert [(each.appointment.id, each.id) for each in waiting] == [(seats[1].id, ben.id)]
    media.tell(a_report(room, ben, "joined", 3, minute=5), a_report(room, ben, "left", 4, minute=25))
    db.session.expire_all()
    assert queries.room_of(seats[0]).together_seconds == 20 * 60
    assert queries.people_waiting(WEDNESDAY_AT_TEN) == []


def test_the_room_stays_when_the_first_of_them_cancels(seats, alice: Person, ben: Person) -> None:
    from booking.services import cancel

    cancel(seats[0], by=alice, now=NOW)
    room = queries.room_of(seats[1])
    assert services.prepare(seats[1], now=NOW + timedelta(hours=1)).id == room.id
    assert queries.called_off([room.uid]) == []
    assert queries.shown_out([room.uid]) == {room.uid: [str(alice.id)]}
    groups.add(seats[0].group_session, alice, payer=None, now=NOW)
    assert queries.shown_out([room.uid]) == {}
