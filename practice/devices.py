"""Tell people which of their devices a sign-in is on. Pure; a guess from the User-Agent header."""

from __future__ import annotations

from dataclasses import dataclass

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_IN_THE_HAND = {"iPhone", "iPad", "Android"}


@dataclass(frozen=True, slots=True)
class Device:
    """What somebody signed in with, as they would call it."""

    name: str
    icon: str


def describe(user_agent: str) -> Device:
    """Name the browser and the system."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return Device(f"{browser} on {system}" if system else browser, "smartphone" if system in _IN_THE_HAND else "laptop")
