"""Sessions that are asked for: they take no time, one of them is approved, and everybody is told kindly."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from booking import holds, services
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.refusals import NotAllowedError, NotOfferedError, SlotTakenError
from booking.requests import services as requests
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_service, an_offer, open_hours
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
HOUR = timedelta(hours=1)
WEDNESDAY = "2026-11-25T15:00Z"


@pytest.fixture
def on_request(ines: Person) -> Service:
    """A session with Ines that clients ask for."""
    return an_offer(ines, on_request=True)


def asked(service: Service, client: Person, **changes: object) -> Appointment:
    """Ask for Wednesday at ten, and commit."""
    usual = {"starts_at": WEDNESDAY_AT_TEN, "now": MONDAY_MORNING}
    found = requests.ask(counselor=service.counselor, client=client, service=service, **(usual | changes))
    db.session.commit()
    return found


def letters(mailer: RecordingMailer, name: str) -> list[str]:
    """Deliver what is due, and read the subjects that reached somebody."""
    db.session.commit()
    while deliver_due("worker"):
        pass
    return [mail.subject for mail in mailer.to(f"{name}@example.org")]


def test_two_people_ask_for_one_hour_and_only_one_is_approved(
    on_request: Service, ines: Person, alice: Person, ben: Person, mailer: RecordingMailer
) -> None:
    one, other = asked(on_request, alice), asked(on_request, ben)
    assert (one.status, other.status) == ("requested", "requested")
    requests.approve(one, by=ines, now=MONDAY_MORNING)
    assert (one.status, one.held_until) == ("held", MONDAY_MORNING + timedelta(hours=24))
    with pytest.raises(NotAllowedError, match="another session at this time"):
        requests.approve(other, by=ines, now=MONDAY_MORNING)
    assert other.status == "requested"
    assert "Ines said yes to Wednesday 25 November, 10:00" in letters(mailer, "alice")
    assert f"/appointments/{one.id}/payment" in mailer.to("alice@example.org")[-1].text


def test_what_costs_nothing_is_booked_by_approving(ines: Person, alice: Person) -> None:
    booked = asked(an_offer(ines, on_request=True, price_cents=0), alice)
    for _ in range(2):
        assert requests.approve(booked, by=ines, now=MONDAY_MORNING).status == "confirmed"


def test_an_approved_time_is_kept_while_the_client_pays_for_something_else(
    on_request: Service, ines: Person, alice: Person
) -> None:
    approved = requests.approve(asked(on_request, alice), by=ines, now=MONDAY_MORNING)
    later = WEDNESDAY_AT_TEN + 2 * HOUR
    services.hold(counselor=ines, client=alice, service=a_service(ines), starts_at=later, now=MONDAY_MORNING)
    assert approved.status == "held"


def test_a_request_cannot_jump_the_answer_nor_ask_for_a_taken_time(
    on_request: Service, ines: Person, alice: Person, ben: Person
) -> None:
    with pytest.raises(NotOfferedError, match="ask for the time"):
        services.hold(counselor=ines, client=ben, service=on_request, starts_at=WEDNESDAY_AT_TEN, now=MONDAY_MORNING)
    a_booking(a_service(ines), alice)
    with pytest.raises(SlotTakenError):
        asked(on_request, ben)


def test_a_client_asks_for_five_times_at_most_and_once_for_each(on_request: Service, alice: Person) -> None:
    first = asked(on_request, alice)
    assert asked(on_request, alice) is first
    for number in range(1, 5):
        asked(on_request, alice, starts_at=WEDNESDAY_AT_TEN + number * HOUR)
    with pytest.raises(NotAllowedError, match="5 times already"):
        asked(on_request, alice, starts_at=WEDNESDAY_AT_TEN + 5 * HOUR)


def test_nobody_answers_and_the_request_lapses(
    on_request: Service, ines: Person, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    wanted = asked(on_request, alice, starts_at=WEDNESDAY_AT_TEN - 24 * HOUR)
    assert wanted.answer_by == wanted.starts_at
    with pytest.raises(NotAllowedError, match="lapsed"):
        requests.approve(wanted, by=ines, now=wanted.starts_at)
    assert (requests.lapse(wanted.starts_at - HOUR), requests.lapse(wanted.starts_at)) == (0, 1)
    assert wanted.status == "expired"
    clock.instant = wanted.starts_at
    assert letters(mailer, "alice")[-1].startswith("No answer yet")


def test_a_long_way_off_an_answer_is_due_within_two_days(on_request: Service, alice: Person) -> None:
    wanted = asked(on_request, alice, starts_at=WEDNESDAY_AT_TEN + timedelta(days=7))
    assert wanted.answer_by == MONDAY_MORNING + timedelta(hours=48)


def test_a_client_asks_and_takes_it_back(as_: As, on_request: Service, alice: Person, ben: Person) -> None:
    browser = as_(alice)
    page = browser.get(
        f"/counselors/{on_request.counselor_id}/appointments/new?service_id={on_request.id}&starts_at={WEDNESDAY}"
    )
    assert "Ask for this time" in page.text
    form = {"service_id": on_request.id, "starts_at": WEDNESDAY}
    path = browser.post(f"/counselors/{on_request.counselor_id}/appointments", data=form).location
    assert "You asked for this time" in browser.get(path).text
    assert "Requested" in browser.get("/appointments").text
    assert as_(ben).post(f"{path}/withdrawal").status_code == 404
    assert browser.post(f"{path}/withdrawal").location == "/appointments"
    assert "Cancelled" in browser.get(path).text


def test_the_counselor_answers_from_the_day(as_: As, on_request: Service, ines: Person, alice: Person) -> None:
    wanted = asked(on_request, alice)
    browser, path = as_(ines), f"/appointments/{wanted.id}"
    assert "Approve" in browser.get("/today").text
    assert "Decline" in browser.get(path).text
    assert "Requested" in browser.get(path).text
    assert browser.get(f"{path}/refusal").status_code == 200
    refused = browser.post(f"{path}/refusal", data={"reason": ""})
    assert refused.status_code == 422
    assert browser.post(f"{path}/refusal", data={"reason": "I am away then."}).location == "/today"
    assert "I am away then." in as_(alice).get(path).text
    assert "already been answered" in browser.post(f"{path}/approval", follow_redirects=True).text


def test_approving_by_page_leads_the_client_to_payment(
    as_: As, on_request: Service, ines: Person, alice: Person, clara: Person
) -> None:
    wanted = asked(on_request, alice)
    path = f"/appointments/{wanted.id}"
    assert as_(clara).post(f"{path}/approval").status_code == 404
    assert "gets an e-mail with the way to pay" in as_(ines).post(f"{path}/approval", follow_redirects=True).text
    assert as_(alice).get(f"{path}/payment").status_code == 200


def test_the_terms_a_client_accepted_stay_with_the_session(as_: As, ines: Person, alice: Person, ben: Person) -> None:
    open_hours(ines)
    service = a_service(ines)
    one = a_booking(service, alice)
    other = a_booking(service, ben, WEDNESDAY_AT_TEN + HOUR)
    assert one.policy_id == other.policy_id
    assert one.accepted_at == MONDAY_MORNING
    page = as_(alice).get(f"/appointments/{one.id}").text
    assert "The terms you accepted" in page
    assert "free of charge until 24 hours before it starts" in page


def test_an_approved_time_that_is_not_paid_is_freed_with_a_letter_to_both(
    on_request: Service, ines: Person, alice: Person, clock: FrozenClock, mailer: RecordingMailer
) -> None:
    approved = requests.approve(asked(on_request, alice), by=ines, now=MONDAY_MORNING)
    db.session.commit()
    clock.instant = MONDAY_MORNING + timedelta(hours=25)
    assert holds.expire_overdue(clock.instant) == 1
    assert approved.status == "expired"
    assert letters(mailer, "alice") == ["No longer kept: Wednesday 25 November, 10:00"]
    assert letters(mailer, "ines") == ["Free again: Wednesday 25 November, 10:00"]
