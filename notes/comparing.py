"""What changed between two texts, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]
_BY_WORDS = 32_000
_WORDS = re.compile(r"\s+|[.,;:!?]+\s*|[^\s.,;:!?]+\s*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that both texts have, that only the earlier has, or only the later."""

    kind: Kind
    text: str


def compared(before: str, after: str) -> list[Piece]:
    """Take two texts apart; what is `same` or `gone` is the earlier one whole, `same` or `new` the later.

    Long texts are compared line by line: word by word they would take too long.
    """
    unit = _LINES if max(len(before), len(after)) > _BY_WORDS else _WORDS
    old, new = unit.findall(before), unit.findall(after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, _bare(old), _bare(new)).get_opcodes():
        if tag == "equal":
            for was, became in zip(old[i1:i2], new[j1:j2], strict=True):
                _append(pieces, *_spaced(was, became))
        else:
            _append(pieces, Piece("gone", "".join(old[i1:i2])), Piece("new", "".join(new[j1:j2])))
    return pieces


def _bare(words: list[str]) -> list[str]:
    return [word.rstrip() for word in words]


def _spaced(was: str, became: str) -> list[Piece]:
    """Compare the space after a word that both texts have."""
    if was == became:
        return [Piece("same", was)]
    word = was.rstrip()
    return [Piece("same", word), Piece("gone", was[len(word) :]), Piece("new", became[len(word) :])]


def _append(pieces: list[Piece], *more: Piece) -> None:
    """Put pieces behind others, those of one kind together."""
    for piece in more:
        if pieces and pieces[-1].kind == piece.kind:
            pieces[-1] = Piece(piece.kind, pieces[-1].text + piece.text)
        elif piece.text:
            pieces.append(piece)
