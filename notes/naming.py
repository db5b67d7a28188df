"""Names of other people of a group, found in words that go into one person's chart. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from notes.folding import plain

LEAST = 2


@dataclass(frozen=True, slots=True)
class Mention:
    """A person whose name stands in a part of somebody else's note."""

    part: str
    person: str


def mentions(parts: Mapping[str, str], others: Iterable[str]) -> list[Mention]:
    """Find other people's names, whole or in part, in the parts of a note, whatever the case and accents."""
    found = []
    for name in others:
        wanted = [each for each in plain(name).split() if len(each) >= LEAST]
        if not wanted:
            continue
        said = re.compile(rf"\b(?:{'|'.join(map(re.escape, wanted))})(?:'s|’s|s)?\b")
        found += [Mention(label, name) for label, text in parts.items() if said.search(plain(text))]
    return found
