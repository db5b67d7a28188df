"""Seal personal data anew under the newest field key, table by table, in small transactions.

Put the new key first in `STILLPOINT_FIELD_KEYS`, keep the old one behind it, run
`flask rotate-field-keys`, then drop the old one. It may be stopped and run again.
"""

from __future__ import annotations

import click
from flask import Flask
from sqlalchemy import Column, LargeBinary, Table, bindparam, select, type_coerce, update

from practice.core.columns import SealedJSON, SealedText, field_keys
from practice.core.db import Model, db

BATCH = 500


def add_to(app: Flask) -> None:
    """Give the app its command."""
    app.cli.add_command(rotate_field_keys)


@click.command("rotate-field-keys")
def rotate_field_keys() -> None:
    """Seal personal data anew under the newest field key."""
    click.echo(f"{reseal()} values are now under key {field_keys().newest}.")


def reseal() -> int:
    """Seal every value that is under an older key; commit as it goes; return how many there were."""
    return sum(_reseal_column(table, column) for table, column in _sealed_columns())


def _sealed_columns() -> list[tuple[Table, Column[object]]]:
    return [
        (table, column)
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, SealedText | SealedJSON)
    ]


def _reseal_column(table: Table, column: Column[object]) -> int:
    [key] = table.primary_key.columns
    raw = type_coerce(column, LargeBinary)
    count, last = 0, None
    while True:
        query = select(key, raw).where(column.is_not(None)).order_by(key).limit(BATCH)
        rows = db.session.execute(query if last is None else query.where(key > last)).all()
        for identity, sealed in rows:
            count += _reseal_value(table, column, identity, bytes(sealed))
        db.session.commit()
        if len(rows) < BATCH:
            return count
        last = rows[-1][0]


def _reseal_value(table: Table, column: Column[object], identity: object, sealed: bytes) -> int:
    keys, kind = field_keys(), column.type
    if sealed[1] == keys.newest or not isinstance(kind, SealedText | SealedJSON):
        return 0
    [key] = table.primary_key.columns
    anew = keys.seal(keys.open(sealed, kind.context), kind.context)
    statement = update(table).where(key == identity, type_coerce(column, LargeBinary) == sealed)
    written = db.session.execute(statement.values({column: bindparam(None, anew, LargeBinary)}))
    return int(getattr(written, "rowcount", 0))
