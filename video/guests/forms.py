"""Whom a counselor asks into a session. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader
from video.guests.models import PARTS


@dataclass(frozen=True, slots=True)
class Invite:
    """Somebody's name, and as what they come."""

    name: str
    part: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        found = cls(
            name=reader.line("name", most=80, missing="Enter the name that everybody will read."),
            part=reader.choice("part", PARTS, missing="Choose as what they come."),
        )
        return reader.errors or found
