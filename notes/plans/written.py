"""How a plan is written down before it is sealed, and read back. Pure.

Form 1: a JSON object in one certain way: keys in order, no spaces, days as YYYY-MM-DD, days not set left out.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from notes.plans.document import Diagnosis, Line, Plan, Review

FORM = 1


class UnreadablePlanError(ValueError):
    """The plan was written by a later program than this one."""


def write(plan: Plan) -> bytes:
    """Write a plan down."""
    body = {
        "form": FORM,
        "diagnoses": [_told(diagnosis) for diagnosis in plan.diagnoses],
        "lines": [_told(line) | {"reviews": [_told(seen) for seen in line.reviews]} for line in plan.lines],
        "frame": {key: text for key, text in plan.frame.items() if text},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(written: bytes) -> Plan:
    """Read a plan back; raises UnreadablePlanError."""
    body = json.loads(written)
    if body["form"] != FORM:
        raise UnreadablePlanError("This plan was written by a later version of the program.")
    return Plan(
        tuple(Diagnosis(**_dated(told)) for told in body["diagnoses"]),
        tuple(_line(told) for told in body["lines"]),
        body["frame"],
    )


def _told(thing: Diagnosis | Line | Review) -> dict[str, Any]:
    told = {each.name: getattr(thing, each.name) for each in fields(thing) if each.name != "reviews"}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
        if value is not None
    }


def _line(told: Mapping[str, Any]) -> Line:
    reviews = tuple(Review(**_dated(seen)) for seen in told["reviews"])
    return Line(**_dated({name: value for name, value in told.items() if name != "reviews"}), reviews=reviews)


def _dated(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name == "on" or name.endswith("_on") else value
        for name, value in told.items()
    }
