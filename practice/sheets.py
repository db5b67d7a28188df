"""Tables as downloads that a spreadsheet reads as words and never as formulas: CSV (RFC 4180) and workbooks.

A workbook is Office Open XML (ECMA-376), written by XlsxWriter.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import xlsxwriter
from flask import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {"num_format": "#,##0.00"}, {"num_format": "yyyy-mm-dd"}, {"bold": True, "bottom": 1}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name of at most 31 letters, headings, and rows of plain values."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def csv_response(filename: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def workbook_response(filename: str, sheets: Sequence[Sheet]) -> Response:
    """Answer with a workbook; amounts are numbers, days are days, and everything else is words."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        amount, day, heading = (book.add_format(values) for values in _FORMATS)
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, sheet.columns, heading)
            for at, row in enumerate(sheet.rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, Decimal):
                        page.write_number(at, column, float(value), amount)
                    elif isinstance(value, int):
                        page.write_number(at, column, value)
                    elif isinstance(value, date):
                        page.write_datetime(at, column, value, day)
                    elif value:
                        page.write_string(at, column, str(value))
            page.autofit()
    answer = Response(file.getvalue(), mimetype=WORKBOOK)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def harmless(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would compute; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
