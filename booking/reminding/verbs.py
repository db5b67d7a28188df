"""What people mean by a text they send back. Pure."""

from __future__ import annotations

import re

CONFIRM, CANCEL, MOVE = "confirm", "cancel", "move"
STOP, START, HELP, OTHER = "stop", "start", "help", "other"

_MEANT = {
    "c": CONFIRM,
    "confirm": CONFIRM,
    "yes": CONFIRM,
    "y": CONFIRM,
    "ok": CONFIRM,
    "x": CANCEL,
    "m": MOVE,
    "move": MOVE,
    "stop": STOP,
    "stopall": STOP,
    "unsubscribe": STOP,
    "end": STOP,
    "quit": STOP,
    "revoke": STOP,
    "optout": STOP,
    "start": START,
    "unstop": START,
    "help": HELP,
    "info": HELP,
}


def verb_of(body: str, handled: str = "") -> str:
    """Read a text's one word, however it is written; `handled` is what the provider took it for.

    “Cancel” is left to the person: carriers take it for STOP, and people mean the appointment.
    """
    if handled.lower() in {STOP, START, HELP}:
        return handled.lower()
    words = re.findall(r"[a-z]+", body.casefold())
    return _MEANT.get(words[0], OTHER) if len(words) == 1 else OTHER
