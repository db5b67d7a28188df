"""The pure rules of money, at their edges."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from billing import fees, problems, states
from billing.ledger.posting import GIVES_BACK, PAYS, Kind
from billing.stripe.gateway import TEST_KEY, StripeGateway
from billing.testpay.server import TestPay
from practice.core.money import Money
from practice.core.payments import Checkout, GatewayRefusedError, PaymentState, RefundRequest
from tests.billing.test_gateway import a_request
from tests.support.apps import settings_for
from tests.support.stripe_servers import post

FEE, NOTHING = Money(120_00, "USD"), Money.zero("USD")
PAGE = Checkout("cs", "k", "", "open", paid=False)


@pytest.mark.parametrize(
    ("by_client", "late", "back"), [(True, False, FEE), (True, True, NOTHING), (False, False, FEE), (False, True, FEE)]
)
def test_only_a_client_who_cancels_late_gets_nothing_back(by_client, late, back):
    assert fees.refund_on_cancelling(FEE, by_client=by_client, late=late) == back


@pytest.mark.parametrize(
    ("hours", "words"), [(0, "at any time before"), (1, "at least 1 hour before"), (48, "at least 48 hours before")]
)
def test_the_policy_reads_well(hours, words):
    assert words in fees.policy_in_words(FEE, hours)


@pytest.mark.parametrize(
    ("paid", "late", "words"),
    [
        (FEE, False, "$120.00 will go back"),
        (FEE, True, "A fee of $120.00 may be kept"),
        (NOTHING, True, "Nothing has been paid"),
    ],
)
def test_cancelling_says_what_it_does(paid, late, words):
    assert words in fees.cancelling_in_words(paid, FEE, by_client=True, late=late, notice_hours=24)


def payment(stage: str) -> PaymentState:
    return PaymentState("pi", "k", stage, NOTHING)


@pytest.mark.parametrize(
    ("page", "paid", "status"),
    [
        (PAGE, None, "open"),
        (PAGE, payment("waiting"), "open"),
        (PAGE, payment("processing"), "processing"),
        (PAGE, payment("succeeded"), "succeeded"),
        (replace(PAGE, stage="expired"), None, "closed"),
        (replace(PAGE, stage="complete"), None, "processing"),
        (replace(PAGE, stage="complete", paid=True), None, "succeeded"),
        (None, payment("waiting"), "open"),
        (None, payment("cancelled"), "closed"),
        (None, payment("succeeded"), "succeeded"),
    ],
)
def test_a_status_is_read_off_what_the_provider_says(page, paid, status):
    assert states.status_of(page, paid) == status


@pytest.mark.parametrize("old", states.PAYMENT_STATUSES)
def test_what_succeeded_stays_so(old):
    assert states.further("succeeded", old) == states.further(old, "succeeded") == "succeeded"


def test_a_refund_may_still_come_back_after_it_succeeded():
    assert states.refund_further("succeeded", "failed") == "failed"
    assert states.refund_further("succeeded", "pending") == "succeeded"


@pytest.mark.parametrize(("code", "words"), [("", ""), ("expired_card", "expired"), ("never_heard_of", "declined")])
def test_codes_become_words(code, words):
    assert words in problems.in_words(code)


def test_a_page_the_provider_refuses_is_given_up_and_tried_afresh(as_, app, alice, ines, payments):
    from billing.models import Payment
    from practice.core.db import db
    from tests.booking.builders import a_hold, an_offer

    address = f"/appointments/{a_hold(an_offer(ines), alice).id}/payment"
    db.session.commit()
    browser, payments.refusal = as_(alice), GatewayRefusedError("No such price.", "resource_missing")
    assert browser.post(address).status_code == 503
    payments.refusal = None
    assert browser.post(address).status_code == 303
    assert [one.status for one in db.session.query(Payment).order_by(Payment.id)] == ["closed", "open"]


def test_the_test_page_speaks_enough_of_stripe_in_this_process_too(tmp_path):
    page = TestPay(settings_for("sqlite://", tmp_path), port=0)
    serving = threading.Thread(target=page.serve)
    serving.start()
    gateway = StripeGateway(TEST_KEY, "whsec", api_base=page.url, retries=0)
    try:
        asked = a_request()
        opened = gateway.open_checkout(asked)
        with pytest.raises(GatewayRefusedError):
            gateway.open_checkout(replace(asked, detail="something else under the same key"))
        assert post(f"{page.url}/pay/{opened.id}", {"outcome": "succeed", "news": "never"}) == 303
        paid = gateway.checkout(opened.id).payment
        assert paid is not None
        made = gateway.refund(RefundRequest("r", paid.id, Money(1_00, "USD")))
        assert gateway.refunds(paid.id) == [made]
        assert gateway.close_checkout(opened.id).paid
        with pytest.raises(GatewayRefusedError):
            gateway.payment("pi_none")
    finally:
        page.stop()
        serving.join()
        page.close()


def test_sessions_sold_ahead_are_billed_and_neither_paid_nor_given_back():
    assert not {Kind.CREDIT_SOLD, Kind.CREDIT_UNSOLD} & (PAYS | GIVES_BACK)
    assert {Kind.MANUAL_PAYMENT, Kind.MANUAL_UNDONE, Kind.CREDIT_USED, Kind.CREDIT_RESTORED} <= PAYS
    assert {Kind.REFUND_TO_CREDIT, Kind.CREDIT_TAKEN_BACK} <= GIVES_BACK
