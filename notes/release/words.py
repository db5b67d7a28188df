"""What is written in an authorisation and in the account of what was given out. Pure.

All of it is sealed: to whom and what for says as much about somebody as a note does.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

SESSIONS, NOTES, MEASURES, PLAN, SAFETY = "sessions", "notes", "measures", "plan", "safety"
PARTS = {
    SESSIONS: "Sessions: when, with whom, how long",
    NOTES: "Signed notes, with what was added",
    MEASURES: "Questionnaires: answers and scores",
    PLAN: "Treatment plan with diagnoses",
    SAFETY: "Safety plan",
}
"""What of a record can be given; psychotherapy notes are none of it, whatever was signed."""
RECIPIENTS = {
    "doctor": "Doctor or hospital",
    "therapist": "Another counselor or therapist",
    "insurer": "Insurer",
    "lawyer": "Lawyer or court",
    "work": "Employer or school",
    "family": "Family or a friend",
    "other": "Somebody else",
}
ON_DAY, ONCE, EVENT = ENDINGS = ("day", "once", "event")
BASES = {
    "authorised": "The client authorised it (45 CFR 164.508)",
    "apart": "The client signed for psychotherapy notes, on a paper of its own (164.508(b)(3)(ii))",
    "request": "The client asked for it themselves (164.524)",
    "law": "The law requires it (164.512(a))",
    "court": "Court order or subpoena (164.512(e))",
    "abuse": "Report of abuse or neglect (164.512(b) and (c))",
    "danger": "Serious and near danger (164.512(j))",
    "health": "Public health or oversight (164.512(b) and (d))",
    "emergency": "Medical emergency",
    "other": "Another reason that the law allows",
}
"""Why something may be given out; the first goes with an authorisation and is not chosen by hand."""
BASES_TO_CLIENT = {
    "authorised": "You authorised it",
    "apart": "You signed for it on a paper of its own",
    "request": "You asked for it",
    "law": "The law required it",
    "court": "A court ordered it",
    "abuse": "A report that the law asks for, to protect somebody",
    "danger": "To prevent serious and near danger",
    "health": "Public health or oversight",
    "emergency": "A medical emergency",
    "other": "The law allows it",
}
WAYS = {
    "hand": "Handed over",
    "post": "By post",
    "fax": "By fax",
    "message": "By encrypted mail or their portal",
    "spoken": "Spoken, nothing on paper",
}
SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives it."""

    name: str = field(repr=False)
    kind: str = field(repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """An authorisation as it was signed: to whom, what, what for, until when (45 CFR 164.508(c)(1))."""

    recipient: Recipient = field(repr=False)
    parts: tuple[str, ...]
    purpose: str = field(repr=False)
    signature: str = field(repr=False)
    signed_on: date
    first: date | None = None
    last: date | None = None
    ends_on: date | None = None
    event: str = field(default="", repr=False)
    substance_use: bool = field(default=False, repr=False)
    authority: str = field(default="", repr=False)
    statements: tuple[str, ...] = ()

    @property
    def is_for_once(self) -> bool:
        """Tell whether it ends as soon as something was sent."""
        return not (self.ends_on or self.event)

    def covers(self, part: str) -> bool:
        """Tell whether a part of the record is in it."""
        return part in self.parts

    def write(self) -> bytes:
        """Write it down."""
        return _written(self)

    @classmethod
    def read(cls, written: bytes) -> Self:
        """Read it back."""
        body = json.loads(written)
        days = {name: _day(body[name]) for name in ("signed_on", "first", "last", "ends_on")}
        listed = {"parts": tuple(body["parts"]), "statements": tuple(body["statements"])}
        return cls(**{**body, **days, **listed, "recipient": Recipient(**body["recipient"])})


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the account: to whom, what, what for, why one may, and how (45 CFR 164.528(b)(2))."""

    recipient: Recipient = field(repr=False)
    what: str = field(repr=False)
    purpose: str = field(repr=False)
    basis: str = field(repr=False)
    way: str

    def write(self) -> bytes:
        """Write it down."""
        return _written(self)

    @classmethod
    def read(cls, written: bytes) -> Self:
        """Read it back."""
        body = json.loads(written)
        return cls(**{**body, "recipient": Recipient(**body["recipient"])})


def period(first: date | None, last: date | None) -> str:
    """Say from which day to which."""
    begins, ends = (f"{day:%-d %B %Y}" if day else "" for day in (first, last))
    if begins and ends:
        return f"{begins} to {ends}"
    return f"from {begins}" if begins else f"until {ends}" if ends else "all of the time"


def what_of(parts: tuple[str, ...], first: date | None, last: date | None) -> str:
    """Name the parts of a record and the days they are of, for the account."""
    return f"{'; '.join(PARTS[part] for part in parts)}. Days: {period(first, last)}."


def _written(words: Signed | Told) -> bytes:
    body = asdict(words)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain).encode()


def _plain(value: date) -> str:
    return value.isoformat()


def _day(kept: Any) -> date | None:
    return date.fromisoformat(kept) if kept else None
