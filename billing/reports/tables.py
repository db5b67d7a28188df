"""A report as a table, the same for the page, the CSV and the workbook. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from practice.core.money import Money

Kind = Literal["text", "money", "count", "day"]
Value = str | int | Money | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading and what stands in it."""

    label: str
    kind: Kind = "text"

    @property
    def is_number(self) -> bool:
        """Tell whether it lines up at the right."""
        return self.kind in {"money", "count"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value; a figure leads to what it is made of."""

    value: Value
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, with what the columns come to by currency."""

    name: str
    columns: tuple[Column, ...]
    rows: list[list[Cell]]
    totals: list[list[Cell]] = field(default_factory=list)

    @property
    def with_currencies(self) -> tuple[Column, ...]:
        """The columns of a file: amounts stand bare there, so their currency gets a column of its own."""
        has_money = any(column.kind == "money" for column in self.columns)
        return (*self.columns, Column("Currency")) if has_money else self.columns


def total(columns: tuple[Column, ...], rows: list[list[Cell]], label: str = "In all") -> list[list[Cell]]:
    """Add up the amounts and counts of the columns, a line for each currency; one row needs no sum."""
    found = []
    for code in sorted({_currency(row) for row in rows}):
        of_code = [row for row in rows if _currency(row) == code]
        if len(of_code) > 1:
            sums = [Cell(_sum(column, [row[at] for row in of_code], code)) for at, column in enumerate(columns)]
            found.append([Cell(label), *sums[1:]])
    return found


def currency_of(row: list[Cell]) -> str:
    """Name the currency of a row's amounts; nothing where it has none."""
    return _currency(row)


def _currency(row: list[Cell]) -> str:
    return next((cell.value.currency for cell in row if isinstance(cell.value, Money)), "")


def _sum(column: Column, cells: list[Cell], code: str) -> Value:
    if column.kind == "money":
        return Money(sum(cell.value.cents for cell in cells if isinstance(cell.value, Money)), code)
    if column.kind == "count":
        return sum(cell.value for cell in cells if isinstance(cell.value, int))
    return None
