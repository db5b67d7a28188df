"""What is written in a safety plan, kept exactly as typed."""

from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from notes.safety.steps import STEPS, SafetyWords
from practice.core.forms import Errors, Reader, blank

STEP_MOST = 4_000


@dataclass(frozen=True, slots=True)
class PlanForm:
    """A plan as typed, and the version it was typed on top of."""

    words: SafetyWords
    base_version: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read every step; none has to be filled."""
        reader = Reader(data)
        texts = {step.key: reader.text(step.key, most=STEP_MOST, required=False) for step in STEPS}
        base_version = reader.integer("base_version", least=0, most=1_000_000)
        return reader.errors or cls(SafetyWords(texts), base_version)


def shown_plan(words: SafetyWords, version: int) -> Errors:
    """Show a plan for writing on."""
    return blank(base_version=version, **{step.key: words.text(step.key) for step in STEPS})
