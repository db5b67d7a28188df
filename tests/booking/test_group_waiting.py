"""A full group leads to a line; a place that comes free is offered in order, and is nobody else's meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking import services
from booking.groups import moving
from booking.groups import services as groups
from booking.holds import expire_overdue
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.models.services import Service
from booking.models.waitlist import Offer, Wish
from booking.refusals import FullError, NotAllowedError
from booking.waitlist import answering, group_lines, places, queries
from booking.waitlist.jobs import offer_waitlist
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, open_hours, overlaps
from tests.booking.group_builders import a_group, a_group_service, overfull
from tests.booking.racers import OK, Deed, race
from tests.builders import a_client
from tests.fakes import FrozenClock, RecordingMailer
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

NOW = datetime.fromisoformat("2026-11-23T10:00-05:00")
"""Monday at ten where everybody is: nobody sleeps."""
LATER = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def awake(clock: FrozenClock) -> None:
    """Begin at an hour at which people may be written to."""
    clock.instant = NOW


@pytest.fixture
def service(ines: Person) -> Service:
    open_hours(ines)
    return a_group_service(ines, price_cents=0)


@pytest.fixture
def full(service: Service, clara: Person) -> GroupSession:
    """A session for two, taken by Greta and Hugo."""
    session = a_group(service, now=NOW, capacity=2)
    for name in ("Greta Holm", "Hugo Lind"):
        groups.join(session, a_client(name), now=NOW)
    db.session.commit()
    return session


def waits(session: GroupSession, *clients: Person) -> list[Wish]:
    wishes = [
        group_lines.wait(session, client, now=NOW + timedelta(seconds=number)) for number, client in enumerate(clients)
    ]
    db.session.commit()
    return wishes


def free_one(session: GroupSession, now: datetime = NOW) -> None:
    seat = next(each for each in session.seats if each.status == "confirmed")
    services.cancel(seat, by=seat.client, now=now)
    db.session.commit()


def offered(status: str = "open") -> list[str]:
    return [
        each.client.first_name
        for each in db.session.scalars(select(Offer).where(Offer.status == status).order_by(Offer.id))
    ]


def test_a_freed_place_is_offered_to_the_first_and_to_nobody_else(
    full: GroupSession, alice: Person, ben: Person, mailer: RecordingMailer
) -> None:
    first, _ = waits(full, alice, ben)
    offer_waitlist(NOW)
    assert offered() == []
    free_one(full)
    chloe = a_client("Chloe Lin")
    for _ in ("before it is offered", "while it is"):
        with pytest.raises(FullError):
            group_lines.join(full, chloe, now=NOW)
        db.session.rollback()
        offer_waitlist(NOW)
    assert offered() == ["Alice"]
    while deliver_due("tests"):
        pass
    letter = mailer.to(alice.email)[-1]
    assert letter.subject == "A place has come free: Wednesday 25 November, 10:00"
    [offer] = queries.offers_open()
    answering.accept(offer, now=NOW)
    assert (offer.appointment.status, first.status) == ("confirmed", "booked")
    assert offer.appointment.accepted_policy is not None
    assert overfull() == overlaps() == []


def test_without_an_answer_it_goes_on_and_the_place_in_line_is_paused(
    full: GroupSession, alice: Person, ben: Person
) -> None:
    first, second = waits(full, alice, ben)
    free_one(full)
    offer_waitlist(NOW)
    expire_overdue(LATER)
    db.session.commit()
    assert first.status == "paused"
    offer_waitlist(LATER)
    assert (offered("lapsed"), offered()) == (["Alice"], ["Ben"])
    answering.decline(queries.offers_open()[0], now=LATER)
    assert second.status == "left"
    db.session.commit()
    group_lines.join(full, a_client("Chloe Lin"), now=LATER)
    places.resume(first, LATER)
    free_one(full, LATER)
    offer_waitlist(LATER)
    assert offered() == ["Alice"]


def test_more_places_go_to_the_line_before_anybody_else(
    as_: As, full: GroupSession, ines: Person, alice: Person, ben: Person
) -> None:
    waits(full, alice, ben)
    as_(ines).post(f"/groups/{full.id}/places", data={"capacity": "5", "listed": "1"})
    offer_waitlist(NOW)
    assert offered() == ["Alice", "Ben"]
    group_lines.join(full, a_client("Chloe Lin"), now=NOW)
    with pytest.raises(FullError):
        group_lines.join(full, a_client("Iris Lin"), now=NOW)
    db.session.rollback()
    assert overfull() == []


def test_a_place_is_not_kept_for_somebody_who_cannot_come_or_could_not_answer(
    full: GroupSession, service: Service, alice: Person, ben: Person
) -> None:
    alice.zone = "Asia/Tokyo"
    waits(full, alice)
    short = full.starts_at - timedelta(hours=3)
    free_one(full, short)
    group_lines.join(full, ben, now=short)
    assert overfull() == []


def test_whoever_needs_no_line_is_not_put_in_one(
    full: GroupSession, service: Service, alice: Person, ben: Person
) -> None:
    roomy = a_group(service, WEDNESDAY_AT_TEN + timedelta(hours=3), now=NOW)
    with pytest.raises(NotAllowedError):
        group_lines.wait(roomy, alice, now=NOW)
    with pytest.raises(NotAllowedError):
        group_lines.wait(full, full.seats[0].client, now=NOW)
    (wish,) = waits(full, ben)
    assert group_lines.wait(full, ben, now=NOW) is wish
    groups.change_places(full, capacity=3, listed=True, now=NOW)
    groups.add(full, ben, payer=None, now=NOW)
    assert wish.status == "booked"


def test_a_session_that_moves_offers_its_place_anew_and_one_that_is_off_ends_the_line(
    full: GroupSession, ines: Person, alice: Person, ben: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    first, second = waits(full, alice, ben)
    free_one(full)
    offer_waitlist(NOW)
    moving.move(full, starts_at=WEDNESDAY_AT_TEN + timedelta(hours=2), by=ines, now=NOW)
    db.session.commit()
    assert (offered("withdrawn"), first.status) == (["Alice"], "waiting")
    clock.instant = later = NOW + timedelta(minutes=4)
    offer_waitlist(later)
    [offer] = queries.offers_open()
    assert offer.starts_at == WEDNESDAY_AT_TEN + timedelta(hours=2)
    groups.call_off(full, by=ines, now=later)
    db.session.commit()
    places.end_past(later)
    assert (first.status, second.status, offered()) == ("ended", "ended", [])
    db.session.commit()
    while deliver_due("tests"):
        pass
    assert mailer.to(ben.email)[-1].subject == "The session you wait for is off"


def test_one_press_waits_and_both_sides_see_the_line(
    as_: As, full: GroupSession, service: Service, ines: Person, alice: Person, ben: Person
) -> None:
    listing, page = f"/counselors/{ines.id}?service_id={service.id}", f"/groups/{full.id}/joining"
    assert "Wait for a place" in as_(alice).get(listing).text
    for client in (alice, ben):
        assert as_(client).post(f"/groups/{full.id}/waiting").location == page
    assert "One person is ahead of you." in as_(ben).get(page).text
    assert "You are waiting" in as_(ben).get(listing).text
    assert "Evening group, Wednesday 25 November, 09:00" in as_(ben).get("/waiting").text
    theirs = as_(ines)
    assert "Waiting for a place" in (roster := theirs.get(f"/groups/{full.id}").text)
    assert roster.index("Alice Moreau") < roster.index("Ben Okafor")
    wishes = {each.client_id: each.id for each in db.session.scalars(select(Wish))}
    back = theirs.post(f"/waitlist/{wishes[ben.id]}/place", data={"place": "0", "session_id": str(full.id)})
    assert back.location == f"/groups/{full.id}#line"
    assert "Open the session" in theirs.get("/waitlist").text
    free_one(full)
    assert "kept for people who waited" in as_(a_client("Chloe Lin")).get(page).text
    offer_waitlist(NOW)
    assert "Take this place" in as_(ben).get(page).text
    assert "Has until" in theirs.get(f"/groups/{full.id}").text
    assert as_(alice).post(f"/groups/{full.id}/waiting").status_code == 303
    [offer] = queries.offers_open()
    assert as_(ben).post(f"/waiting/offers/{offer.id}/acceptance").location.endswith("/confirmation")


def test_a_counselor_who_offers_by_hand_keeps_no_place_by_itself(
    as_: As, full: GroupSession, ines: Person, clara: Person, alice: Person
) -> None:
    (wish,) = waits(full, alice)
    places.set_rules(ines, active=False, offer_minutes=30)
    free_one(full)
    offer_waitlist(NOW)
    assert offered() == []
    assert as_(clara).post(f"/groups/{full.id}/waiting/{wish.id}/offer").status_code == 404
    as_(ines).post(f"/groups/{full.id}/waiting/{wish.id}/offer")
    assert offered() == ["Alice"]


@pytest.mark.race
def test_a_freed_place_goes_to_the_line_whoever_presses_at_the_same_instant(
    app: Flask, settings: Settings, full: GroupSession, ines: Person, alice: Person, tmp_path: object
) -> None:
    waits(full, alice)
    free_one(full)
    rival = a_client("Chloe Lin")
    deeds = [Deed("offer", NOW, person_id=ines.id)] * 2 + [Deed("join", NOW, full.id, rival.id)]
    db.session.commit()
    [outcomes] = race(settings.database_url, tmp_path, [deeds])  # type: ignore[arg-type]  # pytest's own path
    db.session.expire_all()
    assert outcomes == [OK, OK, "FullError"]
    assert offered() == ["Alice"]
    assert db.session.scalars(select(Appointment.status).where(Appointment.client_id == alice.id)).all() == ["held"]
    assert overfull() == overlaps() == []
