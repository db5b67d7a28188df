"""What somebody asks an estimate for. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader

MOST_SESSIONS = 104
"""Twice a week for a year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """So many sessions of one service within twelve months."""

    service_id: int
    count: int

    @classmethod
    def parse(cls, data: MultiDict[str, str], services: Collection[int]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        service = reader.choice("service", {str(each) for each in services}, missing="Choose the kind of session.")
        count = reader.integer("count", least=1, most=MOST_SESSIONS, unit="sessions")
        return reader.errors or cls(int(service), count)
