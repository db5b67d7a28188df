"""The billable codes of ICD-10-CM, read once from the file beside this module. Pure."""

import gzip
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

FILE = Path(__file__).with_name("icd10cm.tsv.gz")
NEAR = ("F", "R4", "T14.91", "T74", "T76", "X7", "X8", "Z55", "Z56", "Z57", "Z58", "Z59", "Z6", "Z7", "Z86.5", "Z91")
"""Where codes stand that counselors use: behaviour first (chapter 5), then signs, harm and life's circumstances."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code that may be put on a claim, its official words, and what else it includes."""

    code: str
    name: str
    also: tuple[str, ...] = ()

    @property
    def tier(self) -> int:
        """How near the code is to counseling: 0 behavioural, 1 close to it, 2 the rest of medicine."""
        return 0 if self.code.startswith("F") else 1 if self.code.startswith(NEAR) else 2


class Catalogue:
    """All codes of one release, each on a line of its own; those nearest to counseling stand first."""

    def __init__(self, release: str, rows: list[str]) -> None:
        self.release, self._rows = release, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> Code:
        code, name, also = self._rows[place].split("\t")
        return Code(code, name, tuple(also.split("|")) if also else ())

    def find(self, code: str) -> Code | None:
        """Return the code as written, dot and all."""
        place = self._places.get(code)
        return None if place is None else self[place]

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Return what codes are called, without those that are in no release."""
        return {code: entry.name for code in codes if (entry := self.find(code))}

    @property
    def rows(self) -> list[str]:
        """The lines as they stand in the file: code, words and included terms, apart by tabs."""
        return self._rows

    @property
    def near(self) -> "Catalogue":
        """The part of it that stands near to counseling."""
        first = bisect_left(range(len(self)), 2, key=lambda place: self[place].tier)
        return Catalogue(self.release, self._rows[:first])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {row[: row.index("\t")]: place for place, row in enumerate(self._rows)}


@cache
def published() -> Catalogue:
    """Read the release that came with this program."""
    head, *rows = gzip.decompress(FILE.read_bytes()).decode().split("\n")
    return Catalogue(head.split("\t")[0], rows)
