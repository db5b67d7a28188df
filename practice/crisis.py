"""Who helps right now, country by country. Pure.

Each number, and each "day and night", was compared in November 2026 with copies of public
pages: the service's own, a government's, or at least two that do not depend on each other.
Some copies were years old, nobody dialled, and what could not be confirmed was left out.
Numbers and hours change: check every line again before each release, at its `source`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One service and the ways to reach it."""

    name: str
    call: str = ""
    text: str = ""
    text_word: str = ""
    hours: str = "Day and night"
    source: str = ""

    @property
    def call_href(self) -> str:
        """Return the link that dials it."""
        return f"tel:{dialled(self.call)}"

    @property
    def text_href(self) -> str:
        """Return the link that begins a text message to it."""
        return f"sms:{dialled(self.text)}"


@dataclass(frozen=True, slots=True)
class Country:
    """Where to turn in one country: the emergency number first, then people to talk to."""

    code: str
    name: str
    emergency: str
    lines: tuple[Line, ...]

    @property
    def emergency_href(self) -> str:
        """Return the link that dials the emergency number."""
        return f"tel:{dialled(self.emergency)}"


def dialled(number: str) -> str:
    """Write a number as a `tel:` or `sms:` link takes it: digits only (RFC 3966)."""
    return "".join(character for character in number if character.isdigit())


def ordered(code: str) -> tuple[Country, ...]:
    """List the countries with this one first; the others stay in order of their names."""
    return tuple(sorted(COUNTRIES, key=lambda country: (country.code != code.upper(), country.name)))


COUNTRIES = (
    Country(
        "US",
        "United States",
        "911",
        (
            Line("988 Suicide & Crisis Lifeline", call="988", text="988", source="988lifeline.org"),
            Line("Crisis Text Line", text="741741", text_word="HOME", source="crisistextline.org"),
        ),
    ),
    Country(
        "CA",
        "Canada",
        "911",
        (
            Line("9-8-8: Suicide Crisis Helpline", call="988", text="988", source="988.ca"),
            Line(
                "Kids Help Phone", call="1 800 668 6868", text="686868", text_word="CONNECT", source="kidshelpphone.ca"
            ),
        ),
    ),
    Country(
        "GB",
        "United Kingdom",
        "999",
        (
            Line("Samaritans", call="116 123", source="samaritans.org"),
            Line("Shout", text="85258", text_word="SHOUT", source="giveusashout.org"),
        ),
    ),
    Country(
        "IE",
        "Ireland",
        "112",
        (
            Line("Samaritans", call="116 123", source="samaritans.org/ireland"),
            Line("50808 crisis text service", text="50808", source="merrionstreet.ie"),
        ),
    ),
    Country(
        "AU",
        "Australia",
        "000",
        (Line("Lifeline", call="13 11 14", text="0477 13 11 14", source="lifeline.org.au"),),
    ),
    Country(
        "NZ",
        "New Zealand",
        "111",
        (
            Line("Need to talk? 1737", call="1737", text="1737", source="1737.org.nz"),
            Line("Lifeline Aotearoa", call="0800 543 354", text="4357", source="lifeline.org.nz"),
        ),
    ),
    Country("AT", "Austria", "112", (Line("Telefonseelsorge", call="142", source="telefonseelsorge.at"),)),
    Country(
        "BE",
        "Belgium",
        "112",
        (
            Line("Zelfmoordlijn", call="1813", source="zelfmoord1813.be"),
            Line("Centre de prévention du suicide", call="0800 32 123", source="preventionsuicide.be"),
        ),
    ),
    Country(
        "DK",
        "Denmark",
        "112",
        (Line("Livslinien", call="70 201 201", hours="Hours: see livslinien.dk", source="livslinien.dk"),),
    ),
    Country("FI", "Finland", "112", (Line("MIELI Kriisipuhelin", call="09 2525 0111", source="mieli.fi"),)),
    Country("FR", "France", "112", (Line("3114, prévention du suicide", call="3114", source="3114.fr"),)),
    Country(
        "DE",
        "Germany",
        "112",
        (Line("TelefonSeelsorge", call="0800 111 0 111", source="telefonseelsorge.de"),),
    ),
    Country(
        "IT",
        "Italy",
        "112",
        (
            Line(
                "Telefono Amico Italia",
                call="02 2327 2327",
                hours="Every day, 9:00 to midnight",
                source="telefonoamico.it",
            ),
        ),
    ),
    Country("NL", "Netherlands", "112", (Line("113 Zelfmoordpreventie", call="113", source="113.nl"),)),
    Country("NO", "Norway", "113", (Line("Mental Helse Hjelpetelefonen", call="116 123", source="mentalhelse.no"),)),
    Country("PL", "Poland", "112", (Line("Kryzysowy Telefon Zaufania", call="116 123", source="116sos.pl"),)),
    Country("ES", "Spain", "112", (Line("Línea 024", call="024", source="sanidad.gob.es"),)),
    Country("SE", "Sweden", "112", (Line("Mind Självmordslinjen", call="90101", source="mind.se"),)),
    Country("CH", "Switzerland", "112", (Line("Die Dargebotene Hand", call="143", source="143.ch"),)),
    Country("IN", "India", "112", (Line("Tele-MANAS", call="14416", source="telemanas.mohfw.gov.in"),)),
    Country(
        "ZA", "South Africa", "112", (Line("SADAG Suicide Crisis Helpline", call="0800 567 567", source="sadag.org"),)
    ),
)
