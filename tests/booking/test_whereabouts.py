"""Every letter, reminder and calendar entry says how and where people meet, also after a move to another place."""

from datetime import timedelta

import icalendar
import pytest

from booking import services
from booking.models.hours import HoursPlan, PlanHours
from booking.models.locations import Location
from booking.policy import IN_PERSON, PHONE, VIDEO
from practice.core.db import db
from practice.core.delivery import deliver_due
from tests.booking.builders import WEDNESDAY_AT_TEN, an_offer
from tests.builders import saved
from tests.fakes import MONDAY_MORNING

HOUR = timedelta(hours=1)


@pytest.fixture
def offer(ines):
    return an_offer(ines, by_video=True, by_phone=True, in_person=True)


@pytest.fixture
def send(clock):
    def _send(now):
        db.session.commit()
        clock.instant = now
        while deliver_due("tests"):
            pass

    return _send


def booked(service, client, mode):
    held = services.hold(
        counselor=service.counselor,
        client=client,
        service=service,
        starts_at=WEDNESDAY_AT_TEN,
        now=MONDAY_MORNING,
        mode=mode,
    )
    return services.confirm(held, now=MONDAY_MORNING)


def entry_in(letter):
    (attachment,) = letter.attachments
    return icalendar.Calendar.from_ical(attachment.content).events[0]


def where_in(letter):
    assert letter.text.count("Where: ") == 1
    return letter.text.partition("Where: ")[2].partition("\n")[0]


def test_a_call_names_who_calls_whom_and_hides_the_number(offer, ben, send, mailer):
    ben.phone = "+1 312 555 0187"
    booked(offer, ben, PHONE)
    send(MONDAY_MORNING)
    send(WEDNESDAY_AT_TEN - HOUR)
    told, reminded = mailer.to("ben@example.org")[0], mailer.to("ben@example.org")[-1]
    assert {where_in(each) for each in (told, reminded)} == {"By phone: Ines calls you on the number ending in 87"}
    assert {where_in(each) for each in mailer.to("ines@example.org")} == {
        "By phone: you call Ben on the number ending in 87"
    }
    assert (entry_in(told)["LOCATION"], "ending in 87" in entry_in(told)["DESCRIPTION"]) == ("By phone", True)
    assert "camera" not in reminded.text + reminded.html
    assert "join" not in told.text
    assert not any("0187" in each.text + each.html for each in mailer.sent)


def test_a_call_without_a_number_says_what_is_missing(offer, ben, send, mailer):
    ben.phone = None
    booked(offer, ben, PHONE)
    send(MONDAY_MORNING)
    assert "put your number in your account" in mailer.to("ben@example.org")[0].html
    assert "has given no number yet" in mailer.to("ines@example.org")[0].text


def test_a_video_entry_leads_to_the_room(offer, ben, send, mailer):
    appointment = booked(offer, ben, VIDEO)
    send(MONDAY_MORNING)
    told = mailer.to("ben@example.org")[0]
    assert where_in(told) == "By video, in your browser"
    assert entry_in(told)["LOCATION"].endswith(f"/appointments/{appointment.id}/room")


def test_a_move_to_hours_elsewhere_names_the_other_address(offer, ines, ben, send, mailer):
    rooms = [Location(counselor_id=ines.id, name=name, address=f"{name} Street 1") for name in ("North", "South")]
    north, south = (saved(each) for each in rooms)
    offer.location_id = north.id
    thursday = PlanHours(weekday=3, opens=18 * 60, closes=20 * 60)
    saved(HoursPlan(counselor_id=ines.id, name="South", location_id=south.id, mode=IN_PERSON, hours=[thursday]))
    appointment = booked(offer, ben, IN_PERSON)
    send(MONDAY_MORNING)
    services.move(appointment, starts_at=WEDNESDAY_AT_TEN + 32 * HOUR, by=ben, now=MONDAY_MORNING)
    send(MONDAY_MORNING + timedelta(minutes=4))
    send(appointment.starts_at - HOUR)
    told, moved, *reminded = mailer.to("ben@example.org")
    assert where_in(told) == "In person: North, North Street 1"
    assert entry_in(told)["LOCATION"] == "North, North Street 1"
    assert {where_in(each) for each in (moved, *reminded)} == {"In person: South, South Street 1"}
    assert entry_in(moved)["LOCATION"] == "South, South Street 1"
    assert "camera" not in reminded[0].text


def test_what_is_off_names_no_place(offer, ben, send, mailer):
    appointment = booked(offer, ben, PHONE)
    send(MONDAY_MORNING)
    services.cancel(appointment, by=ben, now=MONDAY_MORNING)
    send(MONDAY_MORNING)
    assert "Where" not in mailer.to("ben@example.org")[-1].text


@pytest.mark.parametrize(("mode", "words"), [(PHONE, "By phone: Ines calls you"), (IN_PERSON, "In person")])
def test_what_is_not_by_video_has_no_room(offer, ben, as_, clock, mode, words):
    appointment = booked(offer, ben, mode)
    db.session.commit()
    clock.instant = WEDNESDAY_AT_TEN
    shut = as_(ben).get(f"/appointments/{appointment.id}/room")
    assert (shut.status_code, "No room for this session" in shut.text, words in shut.text) == (409, True, True)
    refused = as_(ben).post(f"/appointments/{appointment.id}/room/token")
    assert (refused.status_code, refused.json["code"]) == (409, "elsewhere")
    assert f"/appointments/{appointment.id}/room" not in as_(ben).get("/").text
