"""The pages of shared sessions: plan, join, add, invite, note who came, move, call off; and what stays unseen."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.models.appointments import Appointment
from booking.models.groups import GroupInvitation, GroupSession
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, FAMILY, GROUP, NO_SHOW
from booking.services import confirm
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment, open_hours
from tests.booking.group_builders import a_group, a_group_service
from tests.builders import a_client
from tests.fakes import MONDAY_MORNING as NOW
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

TEN = "2026-11-25T15:00Z"


@pytest.fixture
def service(ines):
    open_hours(ines)
    return a_group_service(ines, price_cents=0)


def sessions() -> list[GroupSession]:
    db.session.rollback()
    return list(db.session.scalars(select(GroupSession)))


def seats() -> list[Appointment]:
    db.session.rollback()
    return list(db.session.scalars(select(Appointment).order_by(Appointment.id)))


def test_a_counselor_plans_a_group_and_is_told_of_a_clash(as_: As, ines: Person, alice: Person, service) -> None:
    browser = as_(ines)
    assert "Nothing planned" in browser.get("/groups").text
    data = {"service_id": service.id, "title": "Grief", "day": "2026-11-25", "at": "10:00", "capacity": "4"}
    answer = browser.post("/groups", data=data)
    (session,) = sessions()
    assert (answer.status_code, answer.location) == (303, f"/groups/{session.id}")
    assert (session.starts_at, session.capacity, session.listed) == (WEDNESDAY_AT_TEN, 4, False)
    clash = browser.post("/groups", data=data | {"at": "11:00"})
    assert clash.status_code == 409
    assert "You have something else at that time" in clash.text
    assert 'value="Grief"' in clash.text
    wrong = browser.post("/groups", data={"title": "", "day": "2027-03-14", "at": "02:30", "capacity": "40"})
    assert wrong.status_code == 422
    for words in ("Choose a service", "clocks go forward", "from 2 to 11", "Give the session a name"):
        assert words in wrong.text
    assert "Grief" in browser.get("/groups").text


def test_a_client_joins_from_the_counselors_page_until_it_is_full(as_: As, ines, alice, ben, clara, service) -> None:
    session = a_group(service, capacity=2)
    page = as_(alice).get(f"/counselors/{ines.id}?service_id={service.id}").text
    assert "2 places left" in page
    assert f"/groups/{session.id}/joining" in page
    for client in (alice, ben):
        answer = as_(client).post(f"/groups/{session.id}/joining")
        assert answer.status_code == 303
        assert answer.location.endswith("/confirmation")
    chloe = as_(a_client("Chloe Lin"))
    assert "This session is full" in chloe.get(f"/groups/{session.id}/joining").text
    refused = chloe.post(f"/groups/{session.id}/joining")
    assert (refused.status_code, "Every place is taken" in refused.text) == (409, True)
    assert "Full" in chloe.get(f"/counselors/{ines.id}?service_id={service.id}").text
    assert [seat.status for seat in seats()] == [CONFIRMED] * 2


def test_members_of_a_group_learn_nothing_of_each_other(as_: As, ines, alice, ben, clara, service) -> None:
    session = a_group(service)
    for client in (alice, ben):
        as_(client).post(f"/groups/{session.id}/joining")
    mine = next(seat for seat in seats() if seat.client_id == alice.id)
    browser = as_(alice)
    for path in (
        f"/appointments/{mine.id}",
        f"/groups/{session.id}/joining",
        "/appointments",
        f"/counselors/{ines.id}",
    ):
        page = browser.get(path).text
        assert "Okafor" not in page
        assert ben.email not in page
    assert "1 other person comes" in browser.get(f"/appointments/{mine.id}").text
    theirs = next(seat for seat in seats() if seat.client_id == ben.id)
    assert browser.get(f"/appointments/{theirs.id}").status_code == 404
    for stranger in (as_(clara), browser):
        assert stranger.get(f"/groups/{session.id}").status_code == 404


def test_the_roster_adds_bills_and_takes_note(as_: As, ines, alice, ben, service, clock: FrozenClock) -> None:
    for client, hour in ((alice, 0), (ben, 1)):
        an_appointment(ines, client, NOW.replace(day=10, hour=15 + hour * 3), status=COMPLETED)
    service.price_cents = 4000
    session = a_group(service)
    browser = as_(ines)
    data = {"client_id": ben.id, "payer_id": alice.id}
    assert browser.post(f"/groups/{session.id}/people", data=data).status_code == 303
    page = browser.get(f"/groups/{session.id}").text
    assert "Alice Moreau, $40.00" in page
    again = browser.post(f"/groups/{session.id}/people", data=data)
    assert (again.status_code, "Ben is already on the list" in again.text) == (409, True)
    assert browser.post(f"/groups/{session.id}/people", data={"client_id": "999"}).status_code == 422
    assert browser.post(f"/groups/{session.id}/places", data={"capacity": "1"}).status_code == 422
    due = as_(alice).get("/billing").text
    assert "$40.00" in due
    seat = seats()[-1]
    assert as_(alice).get(f"/appointments/{seat.id}/payment").status_code == 200
    clock.instant = session.starts_at
    browser = as_(ines)
    browser.post(f"/groups/{session.id}/attendance", data={"seat_id": seat.id, "attended": "no"})
    assert seats()[-1].status == NO_SHOW
    browser.post(f"/groups/{session.id}/attendance", data={"seat_id": seat.id, "attended": "yes"})
    assert seats()[-1].status == COMPLETED


def test_moving_and_calling_off_say_who_is_told(as_: As, ines, alice, service) -> None:
    session = a_group(service)
    as_(alice).post(f"/groups/{session.id}/joining")
    browser = as_(ines)
    assert "1 person moves along" in browser.get(f"/groups/{session.id}/move").text
    gone = browser.post(f"/groups/{session.id}/move", data={"day": "2026-11-20", "at": "10:00"})
    assert (gone.status_code, "This time has passed" in gone.text) == (409, True)
    browser.post(f"/groups/{session.id}/move", data={"day": "2026-11-26", "at": "10:00"})
    assert seats()[0].starts_at == sessions()[0].starts_at > WEDNESDAY_AT_TEN
    assert "1 person gets an e-mail" in browser.get(f"/groups/{session.id}/cancellation").text
    browser.post(f"/groups/{session.id}/cancellation", data={"reason": ""})
    assert (seats()[0].status, sessions()[0].status) == (CANCELLED, CANCELLED)


def test_a_couple_books_and_the_partner_comes_by_the_link(as_: As, ines, alice, ben) -> None:
    open_hours(ines)
    couples = a_group_service(ines, name="Couples", kind=FAMILY, capacity=3, minutes=50, price_cents=10001)
    browser = as_(alice)
    chosen = {"service_id": couples.id, "starts_at": TEN}
    assert browser.get(f"/counselors/{ines.id}/appointments/new", query_string=chosen).status_code == 303
    assert "Who comes along?" in browser.get(f"/counselors/{ines.id}/families/new", query_string=chosen).text
    direct = browser.post(f"/counselors/{ines.id}/appointments", data=chosen)
    assert (direct.status_code, "another way" in direct.text) == (409, True)
    own = {"name_1": "", "email_1": alice.email, "payer_1": "self"}
    wrong = browser.post(f"/counselors/{ines.id}/families", data=chosen | own)
    assert wrong.status_code == 422
    assert "Enter a first name" in wrong.text
    assert "of their own" in wrong.text
    unsaid = browser.post(f"/counselors/{ines.id}/families", data=chosen | {"name_1": "Ben", "email_1": ben.email})
    assert (unsaid.status_code, "Choose who pays" in unsaid.text) == (422, True)
    data = chosen | {
        "name_1": "Ben",
        "email_1": ben.email,
        "payer_1": "self",
        "name_2": "Chloe",
        "email_2": "chloe@example.org",
        "payer_2": "booker",
    }
    answer = browser.post(f"/counselors/{ines.id}/families", data=data)
    (seat,) = seats()
    assert answer.location == f"/appointments/{seat.id}/payment"
    confirm(seat, now=NOW)
    db.session.commit()
    panel = browser.get(f"/appointments/{seat.id}").text
    for words in (ben.email, "You pay $66.67", "Ben would pay $33.34", "Chloe would pay nothing", "cannot be changed"):
        assert words in panel
    secret = (
        db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == "booking.group_invitation").order_by(OutboxMessage.id)
        )
        .first()
        .payload["secret"]
    )
    page = as_(ben).get(f"/companions/{secret}").text
    assert "$33.34" in page
    assert "Moreau" not in page
    assert as_(ben).get("/companions/nonsense").status_code == 404
    assert as_(ben).post(f"/companions/{secret}", data={"answer": "yes"}).location.endswith("/payment")
    assert [each.price_cents for each in seats()] == [6667, 3334]
    late = as_(a_client("Chloe Lin")).post(f"/companions/{secret}", data={"answer": "yes"})
    assert (late.status_code, "already come in" in late.text) == (409, True)
    assert "Ben Okafor" in browser.get(f"/appointments/{seat.id}").text


def test_an_invitation_can_be_declined_sent_again_and_withdrawn(as_: As, ines, alice, ben, service) -> None:
    session = a_group(service)
    browser = as_(ines)
    browser.post(f"/groups/{session.id}/invitations", data={"name": "Ben", "email": ben.email})
    assert ben.email in browser.get(f"/groups/{session.id}").text
    assert browser.post(f"/groups/{session.id}/invitations", data={"name": "", "email": "?"}).status_code == 422
    letter = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "booking.group_invitation")).one()
    path = f"/companions/{letter.payload['secret']}"
    as_(ben).post(path, data={"answer": "no"})
    assert "no longer stands" in as_(ben).get(path).text
    assert as_(ben).post(path, data={"answer": "yes"}).status_code == 409
    assert ben.email not in browser.get(f"/groups/{session.id}").text
    browser.post(f"/groups/{session.id}/invitations", data={"name": "Ben", "email": ben.email})
    waiting = db.session.scalars(select(GroupInvitation).where(GroupInvitation.declined_at.is_(None))).one()
    assert as_(alice).post(f"/companions/{waiting.id}/letters").status_code == 404
    browser.post(f"/groups/{session.id}/invitations/{waiting.id}/withdrawal")
    assert browser.post(f"/groups/{session.id}/invitations/{waiting.id}/withdrawal").status_code == 404


def test_a_service_says_for_how_many_it_is(as_: As, ines) -> None:
    browser = as_(ines)
    data = {"name": "Group", "minutes": "90", "price": "40", "buffer_before": "0", "buffer_after": "0", "cpt_code": ""}
    wrong = browser.post("/services", data=data | {"kind": "group", "capacity": "1", "by_video": "1", "modes": "video"})
    assert (wrong.status_code, "from 2 to 11" in wrong.text) == (422, True)
    browser.post("/services", data=data | {"kind": "group", "capacity": "8", "by_video": "1", "modes": "video"})
    assert "Group, up to 8" in browser.get("/services").text
    assert {GROUP} == set(db.session.scalars(select(a_group_service(ines).__class__.kind)))


def test_the_day_the_week_and_the_month_show_one_entry_with_its_count(as_: As, ines, alice, ben, service) -> None:
    session = a_group(service)
    for client in (alice, ben):
        as_(client).post(f"/groups/{session.id}/joining")
    browser = as_(ines)
    for path in ("/today?day=2026-11-25", "/week?day=2026-11-25", "/month?day=2026-11-25", "/today?day=2026-11-24"):
        page = browser.get(path).text
        assert page.count(f'href="/groups/{session.id}"') == 1, path
        assert "2 of 3" in page
        assert "Okafor" not in page
