"""A counselor books for a client."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking import entering
from booking.models.services import Service
from booking.refusals import ClientBusyError, NotAllowedError, NotOfferedError, OutsideHoursError, SlotTakenError
from practice.core import outbox
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def service(ines: Person, alice: Person) -> Service:
    """Offer sessions, and have met Alice."""
    offer = an_offer(ines)
    an_appointment(ines, alice, WEDNESDAY_AT_TEN - timedelta(days=14), status="completed")
    return offer


def test_it_stands_at_once_and_the_client_is_told_and_owes_it(ines: Person, alice: Person, service: Service) -> None:
    booked = entering.enter(
        counselor=ines, client=alice, service=service, starts_at=WEDNESDAY_AT_TEN, now=MONDAY_MORNING
    )
    db.session.commit()
    assert booked.status == "confirmed"
    kinds = [(each.kind, each.recipient_id) for each in outbox.about(("appointment", booked.id))]
    assert ("booking.confirmed", alice.id) in kinds
    assert ("booking.reminder", alice.id) in kinds
    again = entering.enter(
        counselor=ines, client=alice, service=service, starts_at=WEDNESDAY_AT_TEN, now=MONDAY_MORNING
    )
    assert again is booked


def test_the_counselors_own_notice_does_not_bind_them(ines: Person, alice: Person, service: Service) -> None:
    soon = WEDNESDAY_AT_TEN
    booked = entering.enter(
        counselor=ines, client=alice, service=service, starts_at=soon, now=soon - timedelta(minutes=20)
    )
    assert booked.starts_at == soon


def test_what_the_client_holds_elsewhere_is_left_alone(ines: Person, alice: Person, service: Service) -> None:
    held = a_hold(service, alice, WEDNESDAY_AT_TEN + timedelta(hours=3))
    entering.enter(counselor=ines, client=alice, service=service, starts_at=WEDNESDAY_AT_TEN, now=MONDAY_MORNING)
    assert held.status == "held"


def test_only_ones_own_clients_and_services(
    ines: Person, clara: Person, alice: Person, ben: Person, service: Service
) -> None:
    for counselor, client in ((ines, ben), (ines, ines), (clara, alice)):
        with pytest.raises(NotAllowedError):
            entering.enter(
                counselor=counselor, client=client, service=service, starts_at=WEDNESDAY_AT_TEN, now=MONDAY_MORNING
            )


def test_a_time_that_is_taken_or_outside_the_hours_is_refused(
    ines: Person, clara: Person, alice: Person, ben: Person, service: Service
) -> None:
    a_booking(service, ben)
    an_appointment(clara, alice, WEDNESDAY_AT_TEN + timedelta(hours=2))
    for refusal, shift in (
        (SlotTakenError, timedelta()),
        (ClientBusyError, timedelta(hours=2)),
        (NotOfferedError, timedelta(hours=12)),
        (NotOfferedError, timedelta(days=-7)),
    ):
        with pytest.raises(refusal):
            entering.enter(
                counselor=ines,
                client=alice,
                service=service,
                starts_at=WEDNESDAY_AT_TEN + shift,
                now=MONDAY_MORNING,
            )


def test_a_counselor_may_say_that_they_mean_a_time_outside_their_hours_but_not_over_a_session(
    ines: Person, alice: Person, ben: Person, service: Service
) -> None:
    evening = WEDNESDAY_AT_TEN + timedelta(hours=12)
    wanted = {"counselor": ines, "client": alice, "service": service, "now": MONDAY_MORNING}
    with pytest.raises(OutsideHoursError, match="outside your hours"):
        entering.enter(starts_at=evening, **wanted)
    assert entering.enter(starts_at=evening, outside=True, **wanted).starts_at == evening
    a_booking(service, ben)
    with pytest.raises(SlotTakenError):
        entering.enter(starts_at=WEDNESDAY_AT_TEN + timedelta(minutes=5), outside=True, **wanted)
    db.session.rollback()
    with pytest.raises(NotOfferedError, match="has passed"):
        entering.enter(starts_at=WEDNESDAY_AT_TEN - timedelta(days=7), outside=True, **wanted)
