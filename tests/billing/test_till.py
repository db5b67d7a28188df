"""Cash and cheques lie in the till until they are counted and carried to the bank; what is missing is booked."""

from __future__ import annotations

import pytest

from billing.manual import services as manual
from billing.manual.models import CHEQUE
from billing.till import queries, services
from practice.core.db import db
from tests.billing.builders import accounts, unbalanced
from tests.billing.by_hand import dollars, paid_by_hand
from tests.fakes import MONDAY_MORNING as NOW


@pytest.fixture
def filled(alice, ben, omar):
    """A till with $100 in cash and two cheques of $40 and $60."""
    paid_by_hand(alice, dollars(100), omar)
    return [paid_by_hand(person, dollars(each), omar, way=CHEQUE) for person, each in ((alice, 40), (ben, 60))]


def carried(omar, *, counted=100, cash=80, cheques=(), key="k" * 32):
    return services.bank(
        expected=queries.till("USD").cash,
        counted=dollars(counted),
        cash=dollars(cash),
        cheques=[each.id for each in cheques],
        banked_on=NOW.date(),
        note="",
        by=omar,
        form_key=key,
        now=NOW,
    )


def test_what_was_carried_is_in_the_bank_and_the_rest_in_the_till(filled, omar):
    found = queries.till("USD")
    assert (found.cash, found.in_cheques) == (dollars(100), dollars(100))
    for _ in range(2):
        made = carried(omar, cheques=filled[:1])
    assert (made.carried, made.left, made.difference) == (dollars(120), dollars(20), dollars(0))
    assert accounts() == {"cash": 80_00, "bank": 120_00, "credit": -200_00}
    assert [each.id for each in queries.till("USD").cheques] == [filled[1].id]


@pytest.mark.parametrize(("counted", "found"), [(95, 5_00), (103, -3_00)])
def test_a_difference_is_booked_and_undone_with_the_count(filled, omar, counted, found):
    made = carried(omar, counted=counted, cash=90)
    assert accounts()["till_difference"] == found
    assert queries.till("USD").cash == dollars(counted - 90)
    for _ in range(2):
        services.undo(made, by=omar, now=NOW)
    assert accounts() == {"cash": 200_00, "credit": -200_00}
    assert unbalanced() == []


def test_a_banked_cheque_that_bounces_comes_back_from_the_bank(filled, omar):
    made = carried(omar, cheques=filled)
    manual.undo(filled[1], reason="bounced", by=omar, now=NOW)
    assert accounts() == {"cash": 20_00, "bank": 120_00, "credit": -140_00}
    with pytest.raises(services.CannotBankError, match="did reach the bank"):
        services.undo(made, by=omar, now=NOW)


def test_a_cheque_in_the_till_that_is_undone_leaves_the_till(filled, omar):
    manual.undo(filled[1], reason="mistake", by=omar, now=NOW)
    assert queries.till("USD").in_cheques == dollars(40)
    assert accounts() == {"cash": 140_00, "credit": -140_00}


def test_only_the_latest_count_is_undone_and_what_changed_meanwhile_is_said(filled, alice, omar):
    first = carried(omar, cash=50)
    carried(omar, counted=50, cash=10, key="l" * 32)
    with pytest.raises(services.CannotBankError, match="later count first"):
        services.undo(first, by=omar, now=NOW)
    with pytest.raises(services.CannotBankError, match="meanwhile"):
        services.bank(
            expected=dollars(7),
            counted=dollars(7),
            cash=dollars(7),
            cheques=[],
            banked_on=NOW.date(),
            note="",
            by=omar,
            form_key="m" * 32,
            now=NOW,
        )


def test_the_office_counts_the_till_and_means_the_difference(as_, filled, omar, ines):
    db.session.commit()
    office = as_(omar)
    page = office.get("/till").text
    for words in ("Cash by the books", "$100.00", "2 cheques", "Alice Moreau"):
        assert words in page
    form = {"key": "k" * 32, "seen": "10000", "counted": "97", "cash": "120", "banked_on": "2026-11-23"}
    assert "no more can be carried" in office.post("/till", data=form).text
    form |= {"cash": "80", "cheques": str(filled[0].id)}
    refused = office.post("/till", data=form)
    assert refused.status_code == 422
    assert "$3.00 is missing" in refused.text
    assert "meanwhile" in office.post("/till", data=form | {"seen": "9000"}).text
    for _ in range(2):
        made = office.post("/till", data=form | {"difference": "1"})
        assert made.status_code == 303
    shown = office.get(made.location).text
    for words in ("Missing", "$3.00", "$120.00", "Left in the till", "Undo this count"):
        assert words in shown
    assert accounts() == {"cash": 77_00, "bank": 120_00, "till_difference": 3_00, "credit": -200_00}
    assert (
        "agrees with the books"
        in office.post(
            "/till", data={"key": "l" * 32, "seen": "1700", "counted": "17", "cash": "", "banked_on": "2026-11-23"}
        ).text
    )
    assert office.post(f"{made.location}/undoing", follow_redirects=True).status_code == 200
    for address in ("/till", made.location):
        assert as_(ines).get(address).status_code == 404
