"""What clients and staff send about requests."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from notes.models import Chart, Note
from notes.requests.clocks import CORRECTION, ERASURE, KINDS, RESTRICTION
from notes.requests.models import DENIED, GRANTED
from notes.requests.wording import GROUNDS, WAYS
from practice.core.forms import Errors, Reader

WORDS_MOST = 5000
WORDED = (CORRECTION, RESTRICTION)
"""Kinds that say nothing without words."""
WHAT = {CORRECTION: "Say what is not right, and how it should read.", RESTRICTION: "Say what should not be passed on."}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks, and about whose charts; none where nothing was written about them yet."""

    kind: str
    text: str
    charts: Sequence[Chart]

    @classmethod
    def parse(cls, data: MultiDict[str, str], kind: str, charts: Sequence[Chart]) -> Self | Errors:
        """Read the words and the choice of counselor; without a choice it is about every chart, or the only one."""
        reader = Reader(data)
        text = reader.text("text", most=WORDS_MOST, required=kind in WORDED, missing=WHAT.get(kind, ""))
        chosen = [chart for chart in charts if str(chart.id) == data.get("chart", "")]
        if kind in WORDED and len(charts) > 1 and not chosen:
            reader.complain("chart", "Choose whose notes it is about.")
        return reader.errors or cls(kind, text, chosen or charts)


@dataclass(frozen=True, slots=True)
class Letter:
    """A request that came by letter, by telephone or in a session, as it is put down."""

    kind: str
    text: str
    came_on: date

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date) -> Self | Errors:
        """Read the kind, the day it came and the words."""
        reader = Reader(data)
        kind = reader.choice("kind", KINDS, missing="Choose what is asked.")
        text = reader.text("text", most=WORDS_MOST, required=kind in WORDED, missing="Write down what is asked.")
        came_on = reader.day("came_on")
        if came_on != date.min and (came_on > today or (today - came_on).days > 366):
            reader.complain("came_on", "Choose the day it came: today or a day of the last year.")
        return reader.errors or cls(kind, text, came_on)


@dataclass(frozen=True, slots=True)
class Reason:
    """Words that must not be empty: a reason for more time, a statement, a reply."""

    text: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], name: str, missing: str) -> Self | Errors:
        """Read the words from the field of this name."""
        reader = Reader(data)
        text = reader.text(name, most=WORDS_MOST, missing=missing)
        return reader.errors or cls(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in writing; a refusal, whole or in part, stands on a ground."""

    state: str
    ground: str
    text: str
    note: Note | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], kind: str, notes: Collection[Note] = ()) -> Self | Errors:
        """Read the answer; what is corrected may name the note it is added to."""
        reader = Reader(data)
        state = reader.choice("state", ways(kind), missing="Choose an answer.")
        text = reader.text("answer", most=WORDS_MOST, missing="Write the answer as the client is to read it.")
        ground = data.get("ground", "")
        if state in WAYS and state != GRANTED and ground not in GROUNDS[kind]:
            reader.complain("ground", "Choose the ground the law knows for it.")
        note = next((each for each in notes if str(each.id) == data.get("note", "")), None)
        added = note if kind == CORRECTION and state != DENIED else None
        return reader.errors or cls(state, "" if state == GRANTED else ground, text, added)


def ways(kind: str) -> Sequence[str]:
    """Name the answers a kind of request can have in words: a record is erased by erasing it, not by saying so."""
    return (DENIED,) if kind == ERASURE else tuple(WAYS)
