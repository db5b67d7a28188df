"""What a layout is, and how words move from one into another. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a note and what belongs in it."""

    key: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A named order of sections; `gathers` names the section that takes words no other section has a place for."""

    key: str
    name: str
    about: str
    sections: tuple[Section, ...]
    gathers: str = ""

    @property
    def gathering(self) -> str:
        """The section that takes words without a place of their own: the first one, unless another is named."""
        return self.gathers or self.sections[0].key

    @property
    def is_open(self) -> bool:
        """Tell whether it is one open page."""
        return len(self.sections) == 1

    @property
    def is_own(self) -> bool:
        """Tell whether a counselor built it: its notes then keep its sections with their words."""
        return self.key.startswith("own-")

    def label(self, key: str) -> str:
        """Return a section's label."""
        return next((section.label for section in self.sections if section.key == key), key)


def carry(sections: Mapping[str, str], *, was: Layout, becomes: Layout) -> dict[str, str]:
    """Move words into another layout without losing one.

    A section both layouts have stays where it is; the others are gathered, each
    under its own name, in the section of the new layout that holds what was said.
    """
    kept = {section.key: sections.get(section.key, "") for section in becomes.sections}
    homeless = [s for s in was.sections if s.key not in kept and sections.get(s.key, "").strip()]
    if homeless:
        moved = [_named(section, sections[section.key], was, becomes) for section in homeless]
        gather = becomes.gathering
        kept[gather] = "\n\n".join([*moved, *([kept[gather]] if kept[gather].strip() else [])])
    return kept


def _named(section: Section, text: str, was: Layout, becomes: Layout) -> str:
    plain = was.is_open or (not becomes.is_open and section.key == was.gathering)
    return text if plain else f"{section.label}:\n{text}"
