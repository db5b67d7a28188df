"""The main menu: each feature adds its own entries."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from flask import request, url_for


class Group(StrEnum):
    """What a menu of many entries is parted into, in this order, by the words above each part."""

    DAY = ""
    CARE = "Care"
    MONEY = "Money"
    PRACTICE = "Practice"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place a person in one of these roles can go."""

    label: str
    endpoint: str
    icon: str
    roles: frozenset[str]
    order: int
    group: Group
    also: frozenset[str]
    """Pages without an entry of their own that belong to this one."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry as a page shows it."""

    label: str
    href: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class MenuPart:
    """Entries that stand together below a word of their own, or below none."""

    label: str
    entries: list[MenuItem]


_entries: dict[str, Entry] = {}


def add(
    label: str,
    endpoint: str,
    icon: str,
    *,
    roles: Set[str],
    order: int = 50,
    group: Group = Group.DAY,
    also: Iterable[str] = (),
) -> None:
    """Put an entry into the menu of people in these roles."""
    _entries[endpoint] = Entry(label, endpoint, icon, frozenset(roles), order, group, frozenset(also))


def menu(roles: set[str]) -> list[MenuPart]:
    """Return the menu for somebody in these roles, on the page being served."""
    groups = list(Group)
    shown = sorted(
        (entry for entry in _entries.values() if entry.roles & roles),
        key=lambda entry: (groups.index(entry.group), entry.order),
    )
    return [
        MenuPart(group, [_item(entry) for entry in part]) for group, part in groupby(shown, lambda each: each.group)
    ]


def _item(entry: Entry) -> MenuItem:
    current = request.endpoint in {entry.endpoint, *entry.also}
    return MenuItem(entry.label, url_for(entry.endpoint), entry.icon, current)
