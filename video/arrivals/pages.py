"""What the pages show of arrivals: the form with the remembered answers, and a client's words for the counselor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from practice.core.forms import Errors, blank
from practice.countries import COUNTRIES, in_a_sentence
from practice.crisis import Country, ordered
from practice.models import Person
from practice.queries.people import the_practice
from video.arrivals import queries
from video.arrivals.forms import NOWHERE
from video.arrivals.models import Arrival
from video.arrivals.places import ALONE, NOT_ALONE, REGIONS, Licensed

EMERGENCY_ELSEWHERE = "112"
"""Reaches help from mobile telephones nearly everywhere (3GPP TS 22.101, section 10.1)."""

_PRIVACY = {ALONE: "alone and free to talk", NOT_ALONE: "not alone: somebody may hear"}


@dataclass(frozen=True, slots=True)
class ArrivalForm:
    """The form, filled with what is known, and the answers of last time if there are any."""

    form: Errors
    last: Arrival | None
    countries: tuple[tuple[str, str], ...]
    regions: dict[str, dict[str, str]]


def arrival_form(client: Person, wrong: Errors | None = None) -> ArrivalForm:
    """Lay out the form for one client; `wrong` is a form that needs changes."""
    last = queries.remembered(client)
    known = last.said if last else NOWHERE | {"country": the_practice().country, "phone": client.phone or ""}
    countries = tuple(sorted(COUNTRIES.items(), key=lambda pair: pair[1]))
    return ArrivalForm(wrong or blank(**known), last if wrong is None else None, countries, REGIONS)


def told_words(arrival: Arrival) -> dict[str, Any]:
    """Put one client's arrival into words for the counselor's list of who waits."""
    return {
        "id": arrival.id,
        "name": arrival.person.name,
        "line": "; ".join(part for part in (_where(arrival), _PRIVACY.get(arrival.privacy, "")) if part),
        "alone": arrival.privacy != NOT_ALONE,
        "warning": _warning(arrival),
        "needs_reason": arrival.needs_reason,
        "phone": call_back(arrival.person, arrival),
    }


@dataclass(frozen=True, slots=True)
class InDanger:
    """One client as the emergency panel shows them: the last place and numbers known, and who helps there."""

    name: str
    first_name: str
    place: str
    address: str
    told_at: datetime | None
    phone: str
    contact_name: str
    contact_phone: str
    country: Country
    nation: str


def emergency(clients: Iterable[Person], arrivals: Iterable[Arrival]) -> list[InDanger]:
    """Lay out whom to call for each client; without a place of theirs, in the practice's country."""
    told = {each.person_id: each for each in arrivals}
    return [_in_danger(client, told.get(client.id)) for client in clients]


def call_back(client: Person, arrival: Arrival | None) -> str:
    """Give the number a client is called at: the one they gave on arriving, else that of their account."""
    return (arrival.said["phone"] if arrival else "") or client.phone or ""


def _in_danger(client: Person, arrival: Arrival | None) -> InDanger:
    said = arrival.said if arrival else NOWHERE
    country = said["country"] or the_practice().country
    return InDanger(
        name=client.name,
        first_name=client.first_name,
        place=arrival.place if arrival else "",
        address=said["address"],
        told_at=arrival.told_at if arrival else None,
        phone=call_back(client, arrival),
        contact_name=said["contact_name"],
        contact_phone=said["contact_phone"],
        country=_helping(country),
        nation=in_a_sentence(country),
    )


def _helping(code: str) -> Country:
    found = ordered(code)[0]
    if found.code == code:
        return found
    return Country(code, COUNTRIES.get(code, code), EMERGENCY_ELSEWHERE, ())


def _where(arrival: Arrival) -> str:
    return f"In {arrival.place}" if arrival.place else "Where: not said yet"


def _warning(arrival: Arrival) -> str:
    if arrival.overridden_at is not None:
        return "You gave a reason to meet."
    if arrival.licensed == Licensed.ELSEWHERE:
        return f"None of your licences names {arrival.place}."
    if arrival.licensed == Licensed.UNTOLD:
        return "Ask where they are before you begin."
    return ""
