"""What changed between two texts, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]
_BY_WORDS = 32_000
_WORDS = re.compile(r"\s+|\S+\s*")
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
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        gone, came = "".join(old[i1:i2]), "".join(new[j1:j2])
        if gone == came:
            pieces.append(Piece("same", gone))
            continue
        pieces += [piece for piece in (Piece("gone", gone), Piece("new", came)) if piece.text]
    return pieces
