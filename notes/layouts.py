"""How a progress note may be laid out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a note and what belongs in it."""

    key: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A named order of sections."""

    key: str
    name: str
    about: str
    sections: tuple[Section, ...]


SOAP = Layout(
    "soap",
    "SOAP",
    "Subjective, objective, assessment, plan",
    (
        Section("subjective", "Subjective", "What your client told you, in their words where you can."),
        Section("objective", "Objective", "What you saw and heard: mood, affect, measures."),
        Section("assessment", "Assessment", "How you understand it, and what has changed."),
        Section("plan", "Plan", "What happens next, and who does it."),
    ),
)
DAP = Layout(
    "dap",
    "DAP",
    "Data, assessment, plan",
    (
        Section("data", "Data", "What was said and what you saw."),
        Section("assessment", "Assessment", "How you understand it, and what has changed."),
        Section("plan", "Plan", "What happens next, and who does it."),
    ),
)
FREE = Layout(
    "free",
    "Free text",
    "One open page",
    (Section("text", "Note", "Write as you would on paper."),),
)
LAYOUTS = {layout.key: layout for layout in (SOAP, DAP, FREE)}
_GATHERS = {"soap": "subjective", "dap": "data", "free": "text"}


def carry(sections: Mapping[str, str], *, was: Layout, becomes: Layout) -> dict[str, str]:
    """Move words into another layout without losing one.

    A section both layouts have stays where it is; the others are gathered, each
    under its own name, in the section of the new layout that holds what was said.
    """
    kept = {section.key: sections.get(section.key, "") for section in becomes.sections}
    homeless = [s for s in was.sections if s.key not in kept and sections.get(s.key, "").strip()]
    if homeless:
        moved = [_named(section, sections[section.key], was, becomes) for section in homeless]
        gather = _GATHERS[becomes.key]
        kept[gather] = "\n\n".join([*moved, *([kept[gather]] if kept[gather].strip() else [])])
    return kept


def _named(section: Section, text: str, was: Layout, becomes: Layout) -> str:
    plain = was is FREE or (becomes is not FREE and section.key == _GATHERS[was.key])
    return text if plain else f"{section.label}:\n{text}"
