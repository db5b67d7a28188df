"""The main menu: each feature adds its own entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request, url_for


@dataclass(frozen=True, slots=True)
class Entry:
    """One place a person in one of these roles can go."""

    label: str
    endpoint: str
    icon: str
    roles: frozenset[str]
    order: int
    also: frozenset[str]
    """Pages without an entry of their own that belong to this one."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry as a page shows it."""

    label: str
    href: str
    icon: str
    current: bool


_entries: dict[str, Entry] = {}


def add(label: str, endpoint: str, icon: str, *, roles: set[str], order: int = 50, also: Iterable[str] = ()) -> None:
    """Put an entry into the menu of people in these roles."""
    _entries[endpoint] = Entry(label, endpoint, icon, frozenset(roles), order, frozenset(also))


def menu(roles: set[str]) -> list[MenuItem]:
    """Return the menu for somebody in these roles, on the page being served."""
    shown = sorted((entry for entry in _entries.values() if entry.roles & roles), key=lambda entry: entry.order)
    return [
        MenuItem(entry.label, url_for(entry.endpoint), entry.icon, request.endpoint in {entry.endpoint, *entry.also})
        for entry in shown
    ]
