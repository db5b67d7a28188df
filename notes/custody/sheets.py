"""Read the recovery sheets as a drill without a browser does. Pure; the form is practice/static/js/recovery/sheets.js.

A sheet is 1 | number u8 | first 4 bytes of SHA-256 of the public half | its parts of 32 bytes, filled up with zeros, in
lines of 10 bytes, each as 16 letters of Crockford's base32 and 2 that check them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_USUAL = str.maketrans("OIL", "011")
_LINE, _BYTES, _HEAD, _KEY = 18, 10, 6, 32
_ONE, _OF_THREE = 4, 7


class SheetError(Exception):
    """What was typed is not a sheet, or not enough of them; the words say what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its number, 0 for the only one, and what it holds."""

    number: int
    tag: bytes
    parts: Sequence[bytes] = field(repr=False)


def private_half(typed: str) -> bytes:
    """Join the sheets in a text, one or two of them in any order, into the private half; raises SheetError."""
    letters = "".join(letter for letter in typed.upper().translate(_USUAL) if letter in _LETTERS)
    if len(letters) == _LINE * _ONE:
        return _sheet(letters).parts[0]
    if len(letters) != _LINE * _OF_THREE * 2:
        raise SheetError(
            f"One sheet of 4 lines is needed, or two of 7 lines, of 18 letters each. Here are {len(letters)} letters."
        )
    half = _LINE * _OF_THREE
    one, other = sorted((_sheet(letters[:half]), _sheet(letters[half:])), key=lambda sheet: sheet.number)
    if one.number == other.number:
        raise SheetError("Two different sheets are needed.")
    if one.tag != other.tag:
        raise SheetError("These sheets belong to different recovery keys.")
    return bytes(a ^ b for a, b in zip(one.parts[other.number - 2], other.parts[one.number - 1], strict=True))


def _sheet(letters: str) -> Sheet:
    raw = b""
    for row in range(len(letters) // _LINE):
        line = letters[row * _LINE : (row + 1) * _LINE]
        read = sum(_LETTERS.index(letter) << 5 * place for place, letter in enumerate(reversed(line[:-2])))
        found = read.to_bytes(_BYTES, "big")
        if _check(row, found) != line[-2:]:
            raise SheetError(f"Line {row + 1} is not as it is printed.")
        raw += found
    if raw[0] != 1 or raw[1] > 3:
        raise SheetError("This is not one of our sheets.")
    return Sheet(raw[1], raw[2:_HEAD], (raw[_HEAD : _HEAD + _KEY], raw[_HEAD + _KEY : _HEAD + 2 * _KEY]))


def _check(row: int, line: bytes) -> str:
    number = int.from_bytes(sha256(bytes((row,)) + line).digest()[:2], "big") >> 6
    return _LETTERS[number >> 5] + _LETTERS[number & 31]
