"""The six steps of a safety plan, in our own words, and what somebody wrote under each. Pure.

The order follows what helps before what helps only with others: noticing, oneself, distraction, people, professionals,
surroundings (Stanley & Brown 2012, Cognitive and Behavioral Practice 19, 256-264, describe it; their printed form is
theirs and not copied here).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from notes.words import Difference

_PHONE = re.compile(r"(?<![\w+])\+?\d[\d ()/.-]{1,18}\d(?!\w)|(?<![\w+])\d{3}(?!\w)")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name to the client, and what to write there."""

    key: str
    name: str
    hint: str


STEPS = (
    Step("signs", "How I notice that it is getting hard", "Thoughts, feelings, places or habits that come before."),
    Step("alone", "What I can do by myself", "Things that have helped before, even a little."),
    Step("around", "People and places that take my mind off it", "Nobody has to know why you are there."),
    Step("ask", "People I can ask for help", "Names and numbers of those you would tell how it is."),
    Step("professionals", "Professionals I can call", "Your counselor, a doctor, a line that answers at night."),
    Step("surroundings", "How I make my surroundings safer", "What to put out of reach, and who keeps it for you."),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a step; a number in it can be dialled."""

    before: str
    number: str = ""
    after: str = ""

    @property
    def href(self) -> str:
        """The link that dials the number."""
        return "tel:" + re.sub(r"[^\d+]", "", self.number)


@dataclass(frozen=True, slots=True)
class SafetyWords:
    """What stands under each step, one thought a line."""

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def blank(self) -> bool:
        """Tell whether nothing has been written."""
        return not any(text.strip() for text in self.texts.values())

    def text(self, key: str) -> str:
        """Return what was written under a step."""
        return self.texts.get(key, "")

    def lines(self, key: str) -> list[Line]:
        """Return what was written under a step, line by line."""
        return [_line(text.strip()) for text in self.text(key).splitlines() if text.strip()]


def differences(mine: SafetyWords, theirs: SafetyWords) -> list[Difference]:
    """List the steps that two versions have differently."""
    pairs = [Difference(step.key, step.name, mine.text(step.key), theirs.text(step.key)) for step in STEPS]
    return [pair for pair in pairs if pair.mine != pair.theirs]


def write(words: SafetyWords) -> bytes:
    """Write a plan down."""
    return json.dumps(dict(words.texts), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(written: bytes) -> SafetyWords:
    """Read a plan back."""
    return SafetyWords(json.loads(written))


def _line(text: str) -> Line:
    found = _PHONE.search(text)
    if found is None:
        return Line(text)
    return Line(text[: found.start()], found.group(), text[found.end() :])
