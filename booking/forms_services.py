"""What a counselor may write about a service. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.policy import IN_PERSON, INDIVIDUAL, KINDS, MODES, VIDEO
from practice.core.forms import Errors, Reader, blank
from practice.core.money import Money

CPT_CODES = {
    "90791": "First evaluation",
    "90832": "Therapy, 16 to 37 minutes",
    "90834": "Therapy, 38 to 52 minutes",
    "90837": "Therapy, 53 minutes or more",
    "90839": "Crisis, first hour",
    "90846": "Family, without the client",
    "90847": "Family, with the client",
    "90853": "Group",
}
"""The codes counselors bill under, in our own words: the official descriptors are copyright."""

CPT_MINUTES = {"90832": (16, 37), "90834": (38, 52), "90837": (53, 480)}
"""The face-to-face minutes that three of the codes stand for."""


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A service as its counselor wants it."""

    name: str
    description: str
    minutes: int
    price: Money
    buffer_before: int
    buffer_after: int
    cpt_code: str
    recurring_allowed: bool
    on_request: bool = False
    modes: tuple[str, ...] = (VIDEO,)
    location_id: int | None = None
    kind: str = INDIVIDUAL
    capacity: int = 1

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, currency: str, places: Collection[int] = ()) -> Self | Errors:
        """Read the form; amounts are in the practice's currency, places are the counselor's own."""
        reader = Reader(data)
        terms = cls(
            name=reader.text("name", most=80, missing="Give the service a name, such as “Individual session”."),
            description=reader.text("description", most=500, required=False),
            minutes=reader.integer("minutes", least=10, most=240, unit="minutes"),
            price=reader.money("price", currency, most=2_000_00),
            buffer_before=reader.integer("buffer_before", least=0, most=120, unit="minutes"),
            buffer_after=reader.integer("buffer_after", least=0, most=120, unit="minutes"),
            cpt_code=reader.choice("cpt_code", {"", *CPT_CODES}, missing="Choose a code from the list, or none."),
            recurring_allowed=reader.flag("recurring_allowed"),
            on_request=reader.flag("on_request"),
            modes=tuple(reader.choices("modes", MODES, missing="Choose at least one way to meet.")),
            location_id=_place(reader, data, places),
            kind=(kind := _kind(reader, data)),
            capacity=1 if kind == INDIVIDUAL else reader.integer("capacity", least=2, most=11, unit="people"),
        )
        if terms.kind != INDIVIDUAL and (terms.on_request or terms.recurring_allowed):
            reader.complain("kind", "Requests and series are for one person. Untick them, or let one person come.")
        if "minutes" not in reader.messages and (words := _wrong_length(terms)):
            reader.complain("cpt_code", words)
        return reader.errors or terms


def blank_service() -> Errors:
    """Return the form for a new service, with the usual hour filled in."""
    return blank(
        modes=[VIDEO],
        minutes="50",
        buffer_before="0",
        buffer_after="10",
        cpt_code="90834",
        kind=INDIVIDUAL,
        capacity="2",
    )


def _place(reader: Reader, data: MultiDict[str, str], places: Collection[int]) -> int | None:
    """Read where people meet in person; it is needed only then."""
    if IN_PERSON not in data.getlist("modes"):
        return None
    if not places:
        reader.complain("modes", "To meet in person, first add the place under Hours, Places.")
        return None
    chosen = reader.choice("location_id", {str(each) for each in places}, missing="Choose where you meet in person.")
    return int(chosen) if "location_id" not in reader.messages else None


def _kind(reader: Reader, data: MultiDict[str, str]) -> str:
    """Read who meets the counselor: one person, unless said otherwise."""
    return reader.choice("kind", KINDS, missing="Choose who comes.") if "kind" in data else INDIVIDUAL


def _wrong_length(terms: ServiceTerms) -> str | None:
    least, most = CPT_MINUTES.get(terms.cpt_code, (0, 480))
    if least <= terms.minutes <= most:
        return None
    stands_for = f"{least} to {most} minutes" if most < 480 else f"{least} minutes or more"
    return f"{terms.cpt_code} stands for {stands_for}; this service lasts {terms.minutes}."
