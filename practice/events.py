"""What the practice tells the features above it.

Each is sent inside the transaction of the deed, but for the two that hand on a password: those are
sent while no transaction is open, so that slow work on it keeps nobody waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from practice.core.events import Event
from practice.models import Person

if TYPE_CHECKING:  # sign_ins tells of its own ends
    from practice.sign_ins import Visitor


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """Somebody can no longer sign in; what they had ahead is to be dealt with."""

    person: Person
    by: Person
    now: datetime


@dataclass(frozen=True, slots=True)
class PasswordProved:
    """Somebody gave the password they have; what they are let do with it comes after."""

    person_id: int
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordChosen:
    """Somebody chose the password they will have; `PasswordSet` follows when it is theirs."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """The password chosen before is now this person's."""

    person: Person
    now: datetime


@dataclass(frozen=True, slots=True)
class SignInBegun:
    """Somebody is being signed in on this browser, or goes on after it was locked."""

    visitor: Visitor
    now: datetime


@dataclass(frozen=True, slots=True)
class SignInLocked:
    """Somebody stays signed in on this browser, and gives the password before they go on."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class SignInsEnded:
    """One or several sign-ins of a person ended just now."""

    person: Person


account_closed: Event[AccountClosed] = Event("practice.account_closed")
password_proved: Event[PasswordProved] = Event("practice.password_proved")
password_chosen: Event[PasswordChosen] = Event("practice.password_chosen")
password_set: Event[PasswordSet] = Event("practice.password_set")
sign_in_begun: Event[SignInBegun] = Event("practice.sign_in_begun")
sign_in_locked: Event[SignInLocked] = Event("practice.sign_in_locked")
sign_ins_ended: Event[SignInsEnded] = Event("practice.sign_ins_ended")
