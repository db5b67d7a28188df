"""The reports: each figure is a sum of entries, opens to them, and is the same on the page and in the files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from billing import adjusting, invoicing, refunding
from billing.ledger.posting import Account
from billing.reports import accounts, adding, ageing, bank, sessions
from billing.reports.adding import By
from billing.reports.figures import FIGURES, IN_A_ROW
from billing.reports.periods import Period, month_of, months_up_to
from billing.reports.views.filters import read_period
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.money import Money
from practice.queries.people import the_practice
from tests.billing.builders import a_paid, send_refunds
from tests.billing.builders import accounts as standing
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW

HALF = Money(60_00, "USD")


@pytest.fixture
def period() -> Period:
    zone = the_practice().zone
    return month_of(Period(NOW.date(), NOW.date(), zone).day_of(NOW), zone)


@pytest.fixture
def books(ines, alice, ben, omar, payments) -> None:
    """Alice paid and got half back; Ben was billed, and half of it is written off."""
    paid = a_paid(a_hold(an_offer(ines), alice), payments)
    refunding.request(paid, HALF, reason="goodwill", now=NOW, by=omar, note="A kind word")
    db.session.commit()
    send_refunds()
    unpaid = invoicing.issue(an_appointment(ines, ben, WEDNESDAY_AT_TEN.replace(hour=20)), now=NOW)
    adjusting.adjust(
        unpaid, HALF, reason="uncollectable", seen=unpaid.total, by=omar, form_key=uuid4().hex, now=NOW, note="Moved on"
    )
    db.session.commit()


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("by", [By.COUNSELOR, By.SERVICE, By.MONTH, By.CLIENT])
def test_every_line_is_the_sum_of_the_entries_it_opens_to(books, period, by):
    found = adding.lines(by, period, IN_A_ROW)
    assert found
    for line in found:
        for name in IN_A_ROW:
            behind = adding.all_behind(name, period, currency=line.currency, by=by, key=line.key)
            assert sum(FIGURES[name].sign * entry.amount_cents for entry in behind) == line.figures[name].cents
    for name in IN_A_ROW:
        whole = adding.all_behind(name, period, currency="USD", by=None, key=0)
        assert sum(FIGURES[name].sign * entry.amount_cents for entry in whole) == sum(
            line.figures[name].cents for line in found
        )


def test_a_counselors_line(books, period, ines):
    (line,) = adding.lines(By.COUNSELOR, period, IN_A_ROW)
    assert line.key == ines.id
    assert {name: amount.cents for name, amount in line.figures.items()} == {
        "billed": 240_00,
        "taken_back": 60_00,
        "revenue": 180_00,
        "written_off": 60_00,
        "paid": 120_00,
        "given_back": 60_00,
    }


def test_what_was_booked_outside_the_period_does_not_count(books, period):
    before = Period(period.first - timedelta(days=31), period.first - timedelta(days=1), period.zone)
    assert adding.lines(By.COUNSELOR, before, IN_A_ROW) == []


def test_the_last_instant_of_a_month_is_its_own_and_the_next_is_not(app, period):
    year = months_up_to(period.last, "America/New_York", 12)
    assert len(year.months) == 12
    for month, following in zip(year.months, year.months[1:], strict=False):
        assert month.ends_at == following.span.starts_at
        assert month.day_of(month.ends_at - timedelta(microseconds=1)) == month.last


def test_a_month_over_a_clock_change_is_an_hour_longer_or_shorter():
    march, november = (month_of(date(2026, month, 5), "America/New_York").span for month in (3, 11))
    assert march.ends_at - march.starts_at == timedelta(days=31, hours=-1)
    assert november.ends_at - november.starts_at == timedelta(days=30, hours=1)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), "March 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2025, 1, 1), date(2026, 12, 31), "2025 to 2026"),
        (date(2026, 3, 2), date(2026, 3, 31), "2 March 2026 to 31 March 2026"),
    ],
)
def test_a_period_is_named_as_people_name_it(first, last, words):
    assert Period(first, last, "UTC").in_words == words


def test_ageing_adds_up_to_what_the_books_say_clients_owe(books):
    found = ageing.owing(NOW + timedelta(days=45))
    assert sum(one.amount.cents for one in found) == 60_00
    (debtor,) = ageing.debtors(found)
    assert [amount.cents for amount in debtor.buckets] == [0, 60_00, 0, 0]
    assert debtor.total == HALF


@pytest.mark.parametrize(("days", "bucket"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (400, 3)])
def test_the_age_of_an_invoice(books, days, bucket):
    assert [one.bucket for one in ageing.owing(NOW + timedelta(days=days, seconds=1))] == [bucket]


def test_a_day_alone_is_the_end_of_its_month_so_far(as_, books, omar, period):
    before = period.first - timedelta(days=3)
    chosen, form = read_period(MultiDict({"until": before.isoformat()}), period)
    assert (chosen.first, chosen.last, form.messages) == (before.replace(day=1), before, {})
    assert "owed nothing" in as_(omar).get(f"/reports/ageing/{omar.id}?until={before}").text
    assert "Nobody owed anything" in as_(omar).get(f"/reports/ageing?until={before}").text


def test_ageing_of_a_day_before_anything_was_billed_is_empty(books):
    assert ageing.owing(NOW - timedelta(days=1)) == []


def test_a_missed_session_costs_its_price_less_the_fee(ines, alice, period):
    missed = an_appointment(ines, alice)
    missed.status = "no_show"
    invoicing.issue(missed, now=NOW)
    invoicing.reduce(missed, to=HALF, now=NOW)
    db.session.commit()
    (found,) = sessions.missed(Period(missed.starts_at.date(), missed.starts_at.date(), "UTC"))
    assert (found.kept, found.cost) == (HALF, missed.price - HALF)


def test_a_session_without_an_invoice_is_found(ines, alice):
    over = an_appointment(ines, alice)
    billed = an_appointment(ines, alice, WEDNESDAY_AT_TEN.replace(hour=20))
    invoicing.issue(billed, now=NOW)
    db.session.commit()
    day = Period(over.starts_at.date(), over.starts_at.date(), "UTC")
    assert [one.id for one in sessions.unbilled(day, now=over.ends_at)] == [over.id]
    assert not sessions.unbilled(day, now=over.ends_at - timedelta(seconds=1))


def test_the_trial_balance_comes_to_nothing_and_agrees_with_the_books(books, period):
    found = accounts.trial_balance(period)
    assert sum(row.closing.cents for row in found) == 0
    assert {str(row.account): row.closing.cents for row in found if row.closing} == standing()
    after = Period(period.last + timedelta(days=1), period.last + timedelta(days=2), period.zone)
    assert [row.opening for row in accounts.trial_balance(after)] == [row.closing for row in found]


def test_every_account_has_a_number_of_its_own():
    assert {str(account) for account in Account} <= set(accounts.NUMBERS)
    assert len(set(accounts.NUMBERS.values())) == len(accounts.NUMBERS)


def test_nothing_was_paid_out_yet(books, period):
    assert bank.payouts(period) == []


@pytest.mark.parametrize(
    "name", ["counselors", "services", "months", "ageing", "missed", "unbilled", "payouts", "taxes", "balance"]
)
def test_a_report_says_the_same_on_the_page_and_in_the_files(as_, books, omar, name):
    office = as_(omar)
    page = office.get(f"/reports/{name}")
    assert page.status_code == 200
    sheet = office.get(f"/reports/{name}.csv")
    for row in rows(sheet):
        for value in row.values():
            if re.fullmatch(r"\d+\.\d\d", value):
                assert f"{float(value):,.2f}" in page.text
    workbook = office.get(f"/reports/{name}.xlsx")
    assert workbook.status_code == 200
    assert zipfile.ZipFile(io.BytesIO(workbook.data)).testzip() is None


def test_sessions_are_listed_with_what_became_of_them(as_, ines, alice, omar, clock):
    missed, over = an_appointment(ines, alice), an_appointment(ines, alice, WEDNESDAY_AT_TEN.replace(hour=20))
    missed.status = "no_show"
    late = an_appointment(ines, alice, WEDNESDAY_AT_TEN.replace(hour=22))
    late.status, late.cancelled_at, late.cancelled_late = "cancelled", NOW, True
    for each in (missed, late):
        invoicing.issue(each, now=NOW)
    db.session.commit()
    clock.jump(days=7)
    office, days = as_(omar), f"?since={missed.starts_at.date()}&until={over.ends_at.date() + timedelta(days=1)}"
    page = office.get(f"/reports/missed{days}").text
    assert "Did not come" in page
    assert "Cancelled late" in page
    assert "In all" in page
    assert f'href="/appointments/{missed.id}"' in page
    page = office.get(f"/reports/unbilled{days}").text
    assert f'href="/appointments/{over.id}"' in page
    assert f'href="/appointments/{missed.id}"' not in page


def test_the_figures_on_the_pages_lead_to_entries(as_, books, omar):
    office = as_(omar)
    page = office.get("/reports/counselors").text
    links = re.findall(r'href="(/reports/entries\?[^"]+)">([^<]+)<', page)
    assert len(links) >= len(IN_A_ROW)
    for address, amount in links:
        behind = office.get(address.replace("&amp;", "&")).text
        assert f": {amount}</h1>" in behind
        assert 'data-label="Posting"' in behind


def test_the_dashboard_shows_the_month_and_what_wants_looking_at(as_, books, omar):
    page = as_(omar).get("/reports").text
    for label, amount in (("Revenue", "$180.00"), ("Paid", "$120.00"), ("Outstanding today", "$60.00")):
        assert re.search(rf"{label}</span>\s*<span class=\"stat-value\">{re.escape(amount)}<", page)


def test_an_empty_practice_has_reports_too(as_, omar):
    office = as_(omar)
    assert "Nothing earned yet" in office.get("/reports").text
    assert "Nobody owed anything" in office.get("/reports/ageing").text


def test_a_wrong_period_is_said_and_loses_nothing(as_, books, omar):
    page = as_(omar).get("/reports/counselors?since=2026-05-01&until=2026-04-01").text
    assert "The last day comes before the first." in page
    assert 'value="2026-05-01"' in page
    assert "At most 36 months" in as_(omar).get("/reports/months?since=2010-01-01&until=2026-04-01").text


@pytest.mark.parametrize(
    "address",
    ["/reports/nothing", "/reports/nothing.csv", "/reports/entries?figure=x", "/reports/entries?figure=paid&by=x"],
)
def test_what_is_no_report_is_not_found(as_, omar, address):
    assert as_(omar).get(address).status_code == 404


@pytest.mark.parametrize("address", ["/reports", "/reports/months", "/reports/journal.xlsx", "/reports/entries"])
def test_nobody_else_opens_them(as_, alice, ines, address):
    assert as_(alice).get(address).status_code in {403, 404}
    assert as_(ines).get(address).status_code in {403, 404}


def test_the_accountant_gets_balanced_books_without_clients_names(as_, books, alice, omar):
    office = as_(omar)
    journal = rows(office.get("/reports/journal.csv"))
    debits, credits_ = (sum(float(row[side] or 0) for row in journal) for side in ("Debit", "Credit"))
    assert debits == credits_ > 0
    workbook = zipfile.ZipFile(io.BytesIO(office.get("/reports/journal.xlsx").data))
    words = workbook.read("xl/sharedStrings.xml").decode()
    assert "Trial balance" in workbook.read("xl/workbook.xml").decode()
    assert alice.name not in words + str(journal)
    noted = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "report.exported")).all()
    assert len(noted) == 2
