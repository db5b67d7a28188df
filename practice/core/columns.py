"""Column types: aware UTC instants and sealed personal data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from practice.core.sealing import Keyring
from practice.core.spans import NaiveInstantError


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware instant into UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveInstantError("Only aware instants are stored.")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SealedText(TypeDecorator[str]):
    """Text encrypted under the field keys; the context names the column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        self.context = context
        super().__init__()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else field_keys().seal(value.encode(), self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open."""
        return None if value is None else field_keys().open(bytes(value), self.context).decode()


class SealedJSON(TypeDecorator[dict[str, Any]]):
    """A JSON object encrypted under the field keys."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        self.context = context
        super().__init__()

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else field_keys().seal(json.dumps(value).encode(), self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, Any] | None:
        """Open."""
        if value is None:
            return None
        opened: dict[str, Any] = json.loads(field_keys().open(bytes(value), self.context))
        return opened


def field_keys() -> Keyring:
    """Return the app's keys for personal data."""
    keys: Keyring = current_app.extensions["stillpoint.field_keys"]
    return keys
