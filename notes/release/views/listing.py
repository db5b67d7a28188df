"""Long lists of sealed rows: a page of them is opened, or all when one looks for words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from werkzeug.datastructures import MultiDict

from notes.folding import plain
from notes.release import services
from practice.core import forms
from practice.core.forms import Errors

PER_PAGE = 20

Row = TypeVar("Row")
Words = TypeVar("Words")


@dataclass(frozen=True, slots=True)
class Found(Generic[Row, Words]):
    """One page of a list with its words, and how many rows there are in all."""

    rows: Sequence[tuple[Row, Words | None]]
    number: int
    total: int
    wanted: str
    form: Errors

    @property
    def pages(self) -> int:
        """Count the pages, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def listed(
    rows: Sequence[Row],
    opens: Callable[[Row, services.Opens], Words],
    asked: MultiDict[str, str],
    said: Callable[[Row, Words | None], str],
) -> Found[Row, Words]:
    """Open one page of rows; those in which every word of `q` stands, when that is asked for."""
    wanted = " ".join(asked.get("q", "")[:200].split())
    form, words = forms.blank(q=wanted), plain(wanted).split()
    if words:
        opened = services.opened(rows, opens)
        hits = [(row, each) for row, each in opened if all(word in plain(said(row, each)) for word in words)]
        number = _number(asked, len(hits))
        return Found(hits[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(hits), wanted, form)
    number = _number(asked, len(rows))
    page = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Found(services.opened(page, opens), number, len(rows), wanted, form)


def _number(asked: MultiDict[str, str], total: int) -> int:
    last = max(1, -(-total // PER_PAGE))
    return min(max(1, asked.get("page", 1, type=int)), last)
