"""Names and addresses in the letters that claims are written in. Pure.

Forms and files take A to Z (NUCC manual for 02/12; X12.6, basic character set). Letters of other Latin alphabets are
written as passports write them (ICAO Doc 9303-3, section 6.A); a word in another script is for people to spell.
"""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {
        "ß": "SS",
        "ẞ": "SS",
        "Æ": "AE",
        "æ": "AE",
        "Œ": "OE",
        "œ": "OE",
        "Ø": "OE",
        "ø": "OE",
        "Þ": "TH",
        "þ": "TH",
        "Ł": "L",
        "ł": "L",
        "Đ": "D",
        "đ": "D",
        "Ð": "D",
        "ð": "D",
        "Ħ": "H",
        "ħ": "H",
        "ı": "I",
        "Ŋ": "N",
        "ŋ": "N",
        "Ŧ": "T",
        "ŧ": "T",
    }
)


def capitals(text: str) -> str:
    """Write text in capitals without accents; what has no Latin letter is left out."""
    return _apart(text).encode("ascii", "ignore").decode().upper()


def is_spelled(text: str) -> bool:
    """Tell whether there is text, and every letter of it can be written."""
    letters = [sign for sign in _apart(text) if sign.isalnum()]
    return bool(letters) and all(sign.isascii() for sign in letters)


def _apart(text: str) -> str:
    return unicodedata.normalize("NFKD", text.translate(_LETTERS))
