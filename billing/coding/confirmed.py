"""Codes as a counselor confirms them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from billing.coding.rules import ADD_ONS, CRISIS_MORE, MODIFIERS, PLACES, Line, misfit
from booking.forms_services import CPT_CODES
from notes.diagnoses.catalogue import published
from practice.core.forms import Errors, Reader

MOST_DIAGNOSES = 4
"""A line points at no more (CMS-1500 02/12, item 24E; X12 005010X222A1, SV107)."""
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Codes:
    """What a session comes to for insurers; no lines when it is not billed to any."""

    lines: tuple[Line, ...]
    modifier: str
    place: str
    diagnoses: tuple[str, ...]
    """By weight, the first one first, as ICD-10-CM writes them."""
    minutes: int

    @property
    def is_billed(self) -> bool:
        """Tell whether it stands on superbills and claims."""
        return bool(self.lines)

    @classmethod
    def kept(cls, said: dict[str, Any]) -> Self:
        """Read what was kept."""
        return cls(
            tuple(Line(*line) for line in said["lines"]),
            said["modifier"],
            said["place"],
            tuple(said["diagnoses"]),
            said["minutes"],
        )

    def as_kept(self) -> dict[str, Any]:
        """Write them down."""
        return {
            "lines": [[line.code, line.units, line.unit_cents] for line in self.lines],
            "modifier": self.modifier,
            "place": self.place,
            "diagnoses": list(self.diagnoses),
            "minutes": self.minutes,
        }

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form; codes must fit the minutes, and each other."""
        reader = Reader(data)
        code = reader.choice("code", {NOTHING, *CPT_CODES}, missing="Choose a code, or that it is not billed.")
        minutes = reader.integer("minutes", least=0, most=480, unit="minutes")
        if code == NOTHING:
            return reader.errors or cls((), "", "", (), minutes)
        lines = (Line(code), *_add_ons(reader, data, code))
        if "minutes" not in reader.messages and (words := misfit(lines, minutes)):
            reader.complain("code", words)
        found = cls(
            lines,
            reader.choice("modifier", MODIFIERS, missing="Choose how you met."),
            reader.choice("place", PLACES, missing="Choose where your client was."),
            _diagnoses(reader, data),
            minutes,
        )
        return reader.errors or found


def _add_ons(reader: Reader, data: MultiDict[str, str], code: str) -> list[Line]:
    units = reader.integer("further", least=0, most=12) if data.get("further") else 0
    if units and code != "90839":
        reader.complain("further", f"{CRISIS_MORE} stands beside 90839 alone.")
    found = [Line(CRISIS_MORE, units)] if units else []
    return [*found, *(Line(each) for each in ADD_ONS if each != CRISIS_MORE and reader.flag(f"add_{each}"))]


def _diagnoses(reader: Reader, data: MultiDict[str, str]) -> tuple[str, ...]:
    typed = reader.line("other_diagnosis", most=60, required=False).upper().replace(",", " ").split()
    found = tuple(dict.fromkeys([*data.getlist("diagnoses"), *map(_dotted, typed)]))
    unknown = [code for code in found if published().find(code) is None]
    if unknown:
        reader.complain("other_diagnosis", f"{unknown[0][:12]} is no billable code of ICD-10-CM.")
    elif not found:
        reader.complain("diagnoses", "Choose at least one diagnosis code; insurers take none without.")
    elif len(found) > MOST_DIAGNOSES:
        reader.complain("diagnoses", f"Choose at most {MOST_DIAGNOSES}: a line of a claim points at no more.")
    return found


def _dotted(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and "." not in code else code
