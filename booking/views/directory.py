"""The directory of counselors: who fits, and when each is next free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import directory as counselors
from booking.forms_booking import FEES, Filters
from booking.views.blueprint import bp
from booking.views.zones import asked_zone, shown_zone
from booking.zones import choices
from practice.core.money import SYMBOLS, Money
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import open_to_all

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class Page:
    """Where in a long list somebody is."""

    number: int
    pages: int
    previous_href: str | None
    next_href: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search with one wish less, and how many it finds."""

    words: str
    href: str
    count: int


@bp.get("/counselors")
@open_to_all
def directory() -> ResponseReturnValue:
    """Show the counselors that fit."""
    now, zone, filters = ports().clock.now(), shown_zone(), Filters.parse(request.args)
    found = counselors.find(_wanted(filters), now)
    page, shown = _paged(found, filters)
    facets = counselors.facets(now)
    return render_template(
        "booking/directory.html",
        listings=shown,
        count=len(found),
        page=page,
        filters=filters,
        specialties=_pairs(facets.specialties),
        languages=_pairs(facets.languages),
        places=_pairs(facets.places),
        fees=_fees(),
        photographed=counselors.photographed(each.counselor.id for each in shown),
        suggestions=[] if found else _suggestions(filters, now),
        zone=zone,
        zones=choices(now, besides=[zone]),
    )


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


def _wanted(filters: Filters) -> counselors.Wanted:
    most = Money(filters.fee_cents, the_practice().currency) if filters.fee_cents is not None else None
    return counselors.Wanted(
        specialty=filters.specialty or None, language=filters.language or None, place=filters.place or None, most=most
    )


def _paged(found: Sequence[counselors.Listing], filters: Filters) -> tuple[Page, Sequence[counselors.Listing]]:
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(filters.page, pages)
    page = Page(
        number,
        pages,
        _href(filters, page=number - 1) if number > 1 else None,
        _href(filters, page=number + 1) if number < pages else None,
    )
    return page, found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]


def _href(filters: Filters, page: int | None = None) -> str:
    return url_for("booking.directory", **filters.values, page=page, zone=asked_zone())


def _fees() -> list[tuple[str, str]]:
    currency = the_practice().currency
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return [(fee, f"Up to {symbol}{fee}") for fee in FEES]


def _suggestions(filters: Filters, now: datetime) -> list[Suggestion]:
    """Leave out one wish at a time and keep what then finds somebody."""
    found = []
    for name, value in filters.values.items():
        wider = filters.without(name)
        if count := len(counselors.find(_wanted(wider), now)):
            words = dict(_fees()).get(value, value) if name == "fee" else value
            found.append(Suggestion(words, _href(wider), count))
    return sorted(found, key=lambda each: -each.count)
