"""An account that closes keeps nobody waiting: what was ahead is called off, told and given back."""

from billing.models import Refund
from booking import services
from booking.requests import services as requests
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.services import people
from tests.billing.builders import a_paid
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, a_service, an_offer
from tests.fakes import MONDAY_MORNING as NOW


def test_closing_a_clients_account_calls_everything_off_and_gives_back(as_, ines, alice, omar, payments, mailer):
    service = an_offer(ines)
    paid = a_paid(a_hold(service, alice), payments).appointment
    asked = requests.ask(
        counselor=ines,
        client=alice,
        service=a_service(ines, on_request=True),
        starts_at=WEDNESDAY_AT_TEN.replace(hour=17),
        now=NOW,
    )
    db.session.commit()
    assert "2 sessions ahead will be called off" in as_(omar).get(f"/people/{alice.id}").text
    people.close(alice, by=omar, now=NOW)
    db.session.commit()
    while deliver_due("worker"):
        pass
    assert (paid.status, paid.cancelled_late, asked.status) == ("cancelled", False, "cancelled")
    assert [refund.amount_cents for refund in db.session.query(Refund)] == [12000]
    for name in ("alice", "ines"):
        assert any(mail.subject.startswith("Cancelled: ") for mail in mailer.to(f"{name}@example.org"))


def test_closing_a_counselors_account_frees_their_clients_at_any_hour(ines, alice, ben, omar, payments):
    service = an_offer(ines)
    paid = a_paid(a_hold(service, alice), payments).appointment
    held = a_hold(service, ben, WEDNESDAY_AT_TEN.replace(hour=17))
    people.close(ines, by=omar, now=paid.starts_at)
    db.session.commit()
    assert (paid.status, held.status) == ("cancelled", "expired")
    assert db.session.query(Refund).count() == 1


def test_what_is_over_stays_as_it_was(ines, alice, omar):
    over = services.confirm(a_hold(an_offer(ines), alice), now=NOW)
    people.close(alice, by=omar, now=over.ends_at)
    assert over.status == "confirmed"
