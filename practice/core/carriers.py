"""What can happen between us and whoever carries a message: mail server or text provider. Pure.

The difference that matters is what we know afterwards. A message that was certainly not
taken may be sent again; one whose fate is unknown is asked about first, by our own id.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar

M_contra = TypeVar("M_contra", contravariant=True)


class RefusedError(Exception):
    """The carrier will never take this message; `code` is what it calls the reason."""

    def __init__(self, words: str, code: str = "") -> None:
        self.code = code
        super().__init__(words)


class CarrierDownError(Exception):
    """The message was not taken, and may be later."""


class OutcomeUnknownError(CarrierDownError):
    """The line broke while the carrier had the message: it may have been taken or not."""


class LineDownError(CarrierDownError):
    """Nothing gets through at the moment, so the messages behind this one may as well wait."""


class Line(Protocol[M_contra]):
    """An open connection to a carrier, for as many messages as there are."""

    def send(self, message: M_contra, *, now: datetime) -> str:
        """Hand it over; return the carrier's own id, if it gives one.

        Raises RefusedError, CarrierDownError, OutcomeUnknownError or LineDownError.
        """
        ...

    def found(self, message: M_contra) -> str | None:
        """Ask whether an earlier attempt was taken: the carrier's id ("" when it gives none), or None."""
        ...


class NoLine:
    """The line of a carrier that is not set up."""

    def __init__(self, words: str) -> None:
        self._words = words

    def send(self, message: object, *, now: datetime) -> str:
        """Refuse."""
        raise RefusedError(self._words, "not-set-up")

    def found(self, message: object) -> str | None:
        """Know nothing."""
        return None

    @contextmanager
    def line(self) -> Iterator[NoLine]:
        """Be one's own line."""
        yield self
