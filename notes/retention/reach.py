"""Which rows hang on a chart, found by the foreign keys there are, so that no table is ever forgotten."""

from collections.abc import Iterator

from sqlalchemy import Column, ColumnElement, Table, select

from notes.models import Chart
from practice.core.db import Model

KEPT = {
    "chart_accesses",
    "chart_keepings",
    "chart_openings",
    "erasures",
    "legal_holds",
    "papers",
    "record_requests",
}
"""What stays after an erasure: who had access and opened it, its time and holds, hashes of papers, and requests with
their days. None of it holds a word that keys of the chart would open."""
FIRST = ("ring_keys", "ring_epochs", "chart_keys")
"""Keys go before anything else: only then does the database let go of the rows they opened."""


def destroyed() -> list[Table]:
    """List the tables whose rows go with a chart: the keys first, then those that hang on others before those."""
    found = [table for table in reversed(Model.metadata.sorted_tables) if table.name not in KEPT and _way(table)]
    found = [table for table in found if table.name != "charts"]
    keys = [table for name in FIRST for table in found if table.name == name]
    return [*keys, *(table for table in found if table.name not in FIRST)]


def of_chart(table: Table, chart_id: int) -> ColumnElement[bool]:
    """Select the rows of a table that hang on one chart, over however many tables between."""
    way = _way(table)
    if way is None:
        raise LookupError(table.name)
    column, parent = way
    if parent.name == "charts":
        return column == chart_id
    return column.in_(select(parent.c.id).where(of_chart(parent, chart_id)))


def reached() -> set[str]:
    """Name every table that hangs on charts, kept or not."""
    return {table.name for table in Model.metadata.sorted_tables if table.name != "charts" and _way(table)}


def _way(table: Table, seen: frozenset[str] = frozenset()) -> tuple[Column[int], Table] | None:
    """Find the column by which a table's rows belong to a chart, and the table it leads to; the nearest one."""
    steps = list(_steps(table))
    for column, parent in steps:
        if parent.name == Chart.__tablename__:
            return column, parent
    for column, parent in steps:
        if parent.name not in seen | KEPT_AS_PARENTS and _way(parent, seen | {table.name}):
            return column, parent
    return None


KEPT_AS_PARENTS = {"people", "appointments"}


def _steps(table: Table) -> Iterator[tuple[Column[int], Table]]:
    for key in table.foreign_keys:
        if key.column.table.name != table.name:
            yield key.parent, key.column.table
