"""The doors to the outside world: what each must do, and the ones this app was given."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import current_app

from practice.core.clock import Clock
from practice.core.mail import Mailer
from practice.core.payments import Payments
from practice.core.printing import Printer
from practice.core.texts import NoTexter, Texter


@dataclass(frozen=True, slots=True)
class Ports:
    """One implementation of each door, wired in the composition root."""

    clock: Clock
    mailer: Mailer
    printer: Printer
    payments: Payments
    texter: Texter = field(default_factory=NoTexter)


def ports() -> Ports:
    """Return the doors of the running app."""
    found: Ports = current_app.extensions["stillpoint.ports"]
    return found
