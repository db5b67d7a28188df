"""Whoever can tell that the technology failed, asked before a fee is proposed: features above booking sign up here."""

from __future__ import annotations

from collections.abc import Callable

from booking.models.appointments import Appointment

Witness = Callable[[Appointment], str | None]
_witnesses: dict[str, Witness] = {}


def testifies(witness: Witness) -> Witness:
    """Sign up a witness, who says in words how the technology failed, or None; signing up twice counts once."""
    _witnesses[f"{witness.__module__}.{witness.__qualname__}"] = witness
    return witness


def fault_in(appointment: Appointment) -> str | None:
    """Return how the technology failed, in the words of the first witness who saw it."""
    return next((words for witness in _witnesses.values() if (words := witness(appointment))), None)
