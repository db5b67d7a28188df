"""What is sent about questionnaires: answers, plans, what was done about an alert, and the practice's rules."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from notes.measures.alerts import DEEDS
from notes.measures.instruments import Instrument
from notes.measures.register import FREE
from notes.measures.rhythm import ONCE, RHYTHMS, WEEKS, Rhythm
from notes.measures.scoring import Answers
from practice.core.forms import Errors, Reader, blank, shown

SKIP = "skip"
SETTLED_MOST = 5_000


@dataclass(frozen=True, slots=True)
class OneAnswer:
    """The answer to one question; None when somebody would rather not say."""

    value: int | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], instrument: Instrument, number: int) -> Self | Errors:
        """Read a choice of this question."""
        choices = [str(points) for points, _ in enumerate(instrument.choices(number))]
        reader = Reader(data)
        value = reader.choice("answer", [*choices, SKIP], missing="Choose an answer, or “I would rather not say”.")
        return reader.errors or cls(None if value == SKIP else int(value))


def all_answers(data: MultiDict[str, str], instrument: Instrument) -> dict[int, int | None]:
    """Read the answers of a whole page; what was not chosen, or is no choice, is left out."""
    found: dict[int, int | None] = {}
    for number in range(1, instrument.last + 1):
        value = data.get(f"q{number}", "")
        if value.isascii() and value.isdigit() and int(value) < len(instrument.choices(number)):
            found[number] = int(value)
    return found


def shown_answers(answers: Answers) -> Errors:
    """Show answers again on a whole page."""
    return blank(**{f"q{number}": value for number, value in answers.items() if value is not None})


@dataclass(frozen=True, slots=True)
class PlanForm:
    """What to ask and how often."""

    instrument: str
    rhythm: Rhythm

    @classmethod
    def parse(cls, data: MultiDict[str, str], offered: Collection[str]) -> Self | Errors:
        """Read a plan."""
        reader = Reader(data)
        instrument = reader.choice("instrument", offered, missing="Choose what to ask.")
        kind = reader.choice("rhythm", RHYTHMS, missing="Choose how often.")
        unit = "weeks" if kind == WEEKS else "sessions"
        every = 1 if kind == ONCE else reader.integer("every", least=1, most=26, unit=unit)
        return reader.errors or cls(instrument, Rhythm(kind, every))


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was done about an alert."""

    deeds: tuple[str, ...]
    words: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read what was ticked and written; one of the two is not enough."""
        reader = Reader(data)
        deeds = reader.choices("deeds", [key for key, _ in DEEDS], missing="Tick what you did.")
        words = reader.text("words", most=SETTLED_MOST, missing="Write in a few words what you found and agreed.")
        return reader.errors or cls(tuple(deeds), words)


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What the practice offers, and how long an alert may stay unseen."""

    offered: frozenset[str]
    alert_minutes: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the practice's choices; what is not free is not among them."""
        reader = Reader(data)
        offered = frozenset(reader.choices("offered", FREE))
        minutes = reader.integer("alert_minutes", least=5, most=1440, unit="minutes")
        return reader.errors or cls(offered, minutes)


def rules_form(offered: Collection[str], alert_minutes: int) -> Errors:
    """Show the practice's choices as they are."""
    return blank(offered=list(offered), alert_minutes=alert_minutes)


def refused_plan(data: MultiDict[str, str], message: str) -> Errors:
    """Show a plan again with what stands in its way."""
    return Errors(shown(data), {"instrument": message})
