"""Whose private keys are at hand: those of the person signed in, for the length of one request.

Where there is no request (the demo's founding, a drill) somebody hands them over by `hold`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import g, has_request_context

from notes.custody import uses
from notes.custody.envelopes import PrivateKey, private_key, unwrap
from notes.custody.models import OpenVault, RingEpoch, RingKey
from notes.custody.passwords import keep_open, opened
from notes.vault import DataKey, Ring, VaultLockedError
from practice.core.db import db
from practice.security import current_visitor, person_or_none

PURPOSE = "open-vault"


@dataclass(frozen=True, slots=True)
class Holder:
    """The private halves at hand, by the name their envelopes bear, and what they have opened so far."""

    person_id: int
    seeds: Mapping[str, bytes] = field(repr=False)
    _privates: dict[str, PrivateKey] = field(default_factory=dict, repr=False)
    _opened: dict[int, DataKey] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, person_id: int, by_number: Mapping[int, bytes]) -> "Holder":
        """Hold one person's private halves, given by number."""
        return cls(person_id, {f"person/{person_id}/{number}": seed for number, seed in by_number.items()})

    @property
    def names(self) -> list[str]:
        """What the envelopes that open here are addressed to."""
        return list(self.seeds)

    def known(self, epoch: RingEpoch) -> DataKey | None:
        """Return what was opened here before."""
        return self._opened.get(epoch.id)

    def open(self, epoch: RingEpoch, envelopes: Iterable[RingKey]) -> DataKey | None:
        """Open one of the envelopes, if any is addressed here; raises VaultSealBrokenError."""
        if known := self.known(epoch):
            return known
        for envelope in envelopes:
            if envelope.recipient in self.seeds:
                key = unwrap(
                    envelope.wrapped,
                    self._private(envelope.recipient),
                    owner=epoch.owner,
                    ring=Ring(epoch.ring),
                    epoch=epoch.epoch,
                    name=envelope.recipient,
                )
                self._opened[epoch.id] = key
                if epoch.chart_id:
                    uses.note(epoch.chart_id, Ring(epoch.ring))
                return key
        return None

    def remember(self, epoch: RingEpoch, key: DataKey) -> None:
        """Keep a key at hand that was made just now."""
        self._opened[epoch.id] = key

    def _private(self, name: str) -> PrivateKey:
        if name not in self._privates:
            self._privates[name] = private_key(self.seeds[name])
        return self._privates[name]


def holder() -> Holder:
    """Return who holds keys here; raises VaultLockedError when nobody does."""
    found = holder_or_none()
    if found is None:
        raise VaultLockedError("Your notes are locked. Unlock them with your password.")
    return found


def holder_or_none() -> Holder | None:
    """Return who holds keys here, if anybody does."""
    if "vault_holder" not in g:
        g.vault_holder = _of_this_sign_in() if has_request_context() else None
    found: Holder | None = g.vault_holder
    return found


def hold(given: Holder | None) -> None:
    """Let somebody's keys be at hand until the end of this request or app context."""
    g.vault_holder = given


def keep(held: Holder, *, sign_in_id: int, key: bytes) -> bytes:
    """Seal what is at hand for one sign-in, under a key that only its browser can give."""
    by_number = {int(name.rpartition("/")[2]): seed for name, seed in held.seeds.items()}
    return keep_open(key, by_number, person_id=held.person_id, sign_in_id=sign_in_id)


def _of_this_sign_in() -> Holder | None:
    if person_or_none() is None:
        return None
    visitor = current_visitor()
    row = db.session.get(OpenVault, visitor.sign_in_id)
    if row is None or row.person_id != visitor.person.id:
        return None
    key = visitor.key_for(PURPOSE)
    return Holder.of(row.person_id, opened(key, row.sealed, person_id=row.person_id, sign_in_id=row.sign_in_id))
