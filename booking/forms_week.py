"""What a counselor sends from the calendar: a new session for a client. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.forms_booking import instant
from booking.policy import MODES
from practice.core.forms import Errors, Reader


@dataclass(frozen=True, slots=True)
class NewSession:
    """A client, a service and the instant at which it should begin."""

    client_id: int
    service_id: int
    mode: str | None
    starts_at: datetime

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, clients: Collection[int], services: Collection[int]) -> Self | Errors:
        """Read the form; only these clients and services may be chosen."""
        reader = Reader(data)
        client = reader.choice("client_id", [str(each) for each in clients], missing="Choose a client.")
        service = reader.choice("service_id", [str(each) for each in services], missing="Choose a kind of session.")
        mode = data.get("mode", "")
        if mode and mode not in MODES:
            reader.complain("mode", "Choose how you meet.")
        starts_at = instant(data.get("starts_at", ""))
        if starts_at is None:
            reader.complain("starts_at", "Choose a time.")
        errors = reader.errors
        if errors is not None or starts_at is None:
            return errors or Errors({})
        return cls(int(client), int(service), mode or None, starts_at)
