"""Where words stand in notes that lie open: no index, nothing kept. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from notes.folding import folded, plain

AROUND = 70
"""Letters shown on either side of a find."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it is what was looked for."""

    text: str
    is_found: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The part in which the words stand, with a little around the first of them, and how often they stand there."""

    part: str
    pieces: tuple[Piece, ...]
    times: int


def passages(parts: Mapping[str, str], wanted: str) -> list[Passage]:
    """Find the parts that words stand in; none at all unless every word stands somewhere in the note."""
    words = list(dict.fromkeys(plain(wanted).split()))
    texts = {label: plain(text) for label, text in parts.items()}
    if not words or not all(any(word in text for text in texts.values()) for word in words):
        return []
    any_word = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    return [_passage(label, parts[label], any_word) for label, text in texts.items() if any_word.search(text)]


def _passage(label: str, text: str, wanted: re.Pattern[str]) -> Passage:
    letters, places = folded(text)
    places.append(len(text))
    spans = [(places[found.start()], places[found.end() - 1] + 1) for found in wanted.finditer(letters)]
    begin, end = max(0, spans[0][0] - AROUND), min(len(text), spans[0][1] + AROUND)
    pieces, at = [Piece("…")] if begin else [], begin
    for start, stop in spans:
        if start < at or stop > end:
            continue
        pieces += [Piece(text[at:start]), Piece(text[start:stop], is_found=True)]
        at = stop
    pieces += [Piece(text[at:end]), *([Piece("…")] if end < len(text) else [])]
    return Passage(label, tuple(piece for piece in pieces if piece.text), len(spans))
