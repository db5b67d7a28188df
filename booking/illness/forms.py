"""What a counselor decides about a day they cannot work. Pure."""

from __future__ import annotations

from datetime import datetime

from werkzeug.datastructures import MultiDict

from booking.forms_booking import instant
from booking.illness.days import IllDay
from booking.illness.services import Decision
from practice.core.forms import Errors, Reader, blank

USUAL_WORDS = "I am sorry, I cannot be there that day. I look forward to seeing you soon."
CHOICES = ("move", "cancel", "leave")


def shown(day: IllDay) -> Errors:
    """Return the form as it is first shown: whatever can move moves."""
    values: dict[str, str] = {"words": USUAL_WORDS}
    for each in day.sessions:
        values[f"deed-{each.appointment.id}"] = "move" if each.alternatives else "cancel"
    values |= {f"group-{each.id}": "cancel" for each in day.groups}
    return blank(**values)


def decided(data: MultiDict[str, str], day: IllDay) -> Decision | Errors:
    """Read the form."""
    reader = Reader(data)
    words = reader.text("words", most=400, missing="Write a few words to your clients.")
    moves: dict[int, datetime] = {}
    cancelled = set()
    for each in day.sessions:
        number = each.appointment.id
        deed = reader.choice(f"deed-{number}", CHOICES, missing="Choose what becomes of this session.")
        if deed == "cancel":
            cancelled.add(number)
        elif deed == "move":
            chosen = instant(data.get(f"at-{number}", ""))
            if chosen is None:
                reader.complain(f"at-{number}", "Choose the new time.")
            else:
                moves[number] = chosen
    groups = frozenset(each.id for each in day.groups if data.get(f"group-{each.id}") == "cancel")
    return reader.errors or Decision(moves, frozenset(cancelled), groups, words)
