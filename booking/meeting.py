"""The ways in which two people meet, in words. Pure."""

from __future__ import annotations

from booking.policy import IN_PERSON, PHONE, VIDEO

WORDS = {VIDEO: "By video", PHONE: "By phone", IN_PERSON: "In person"}
ICONS = {VIDEO: "video", PHONE: "phone", IN_PERSON: "pin"}
MODE_CHOICES = [
    (VIDEO, "By video", "In the browser, in a room of your own."),
    (PHONE, "By phone", "You call the number in your client’s account."),
    (IN_PERSON, "In person", "At one of your places."),
]
"""What a counselor ticks for a service."""


def mode_words(mode: str) -> str:
    """Say how people meet."""
    return WORDS.get(mode, mode)


def mode_icon(mode: str) -> str:
    """Name the picture for it."""
    return ICONS.get(mode, "dot")
