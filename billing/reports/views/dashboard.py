"""What the dashboard of the reports shows: how the practice does, and what wants looking at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import url_for

from billing import queries
from billing.reports import adding, ageing, sessions
from billing.reports.adding import By
from billing.reports.figures import IN_A_ROW
from billing.reports.periods import Period, month_of, months_up_to
from billing.reports.views import links
from practice.core.money import Money
from practice.core.ports import ports
from practice.queries.people import the_practice

MONTHS = 12
LOOK_BACK = timedelta(days=90)


def shown(today: date, zone: str) -> dict[str, Any]:
    """Return everything the page shows, in the practice's own currency."""
    code, month, year = the_practice().currency, month_of(today, zone), months_up_to(today, zone, MONTHS)
    course = _course(year, code)
    owing = [one for one in ageing.owing(Period(today, today, zone).ends_at) if one.amount.currency == code]
    recent = Period(today - LOOK_BACK, today, zone)
    return {
        "month": month,
        "currency": code,
        "others": [one for one in adding.currencies() if one != code],
        "figures": _figures(month, code),
        "before": course[-2][1],
        "course": course,
        "best": max(course, key=lambda row: row[1].cents),
        "owing": sum((one.amount for one in owing), Money.zero(code)),
        "ages": _ages(owing, code),
        "debtors": ageing.debtors(owing)[:1],
        "missed": _cost(sessions.missed(month), code),
        "unbilled": len(sessions.unbilled(recent, now=ports().clock.now())),
        "unbilled_href": url_for(".report", name="unbilled", **links.days(recent)),
        "troubled": queries.troubled_refunds(),
        "entries": links.entries,
    }


def _figures(month: Period, code: str) -> dict[str, Money]:
    found = [line.figures for line in adding.lines(By.MONTH, month, IN_A_ROW) if line.currency == code]
    return dict(found[0]) if found else {name: Money.zero(code) for name in IN_A_ROW}


def _course(year: Period, code: str) -> list[tuple[Period, Money]]:
    lines = adding.lines(By.MONTH, year, ("revenue",))
    known = {line.key: line.figures["revenue"] for line in lines if line.currency == code}
    return [(month, known.get(at, Money.zero(code))) for at, month in enumerate(year.months, 1)]


def _ages(owing: list[ageing.Owing], code: str) -> list[tuple[str, Money]]:
    cents = [sum(one.amount.cents for one in owing if one.bucket == at) for at in range(len(ageing.BUCKETS))]
    return [(name, Money(each, code)) for (_, name), each in zip(ageing.BUCKETS, cents, strict=True)]


def _cost(missed: list[sessions.Missed], code: str) -> Money:
    return sum((one.cost for one in missed if one.appointment.currency == code), Money.zero(code))
