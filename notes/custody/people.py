"""A person's keys: made with their first password, opened by it, sealed anew under the next.

The slow half (`prove`, `choose`: Argon2id) runs while no transaction is open and leaves what it found in `g`;
the quick half (`settle`, `keep_open`) writes it inside the transaction of the deed.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from flask import g
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from notes.custody import vouching
from notes.custody.envelopes import Pair
from notes.custody.holders import PURPOSE, Holder, hold, holder_or_none, keep
from notes.custody.models import OpenVault, PersonKey, RingEpoch, RingKey
from notes.custody.passwords import Cost, PasswordKey, asked, seal, unseal
from notes.vault import Ring, VaultSealBrokenError
from practice import passwords
from practice.core.db import db, reading
from practice.models import Person
from practice.sign_ins import Visitor

MOST_REMEMBERED = 3
"""How many keys of before a password is tried on; each costs a quarter of a second."""


EXCHANGED = (
    "The key of your notes was changed in the database, and not by you. You have a new one; earlier notes wait for the "
    "recovery key. Tell your administrator today."
)


@dataclass(frozen=True, slots=True)
class Proved:
    """What somebody's password opened."""

    person_id: int
    key: PasswordKey
    seeds: dict[int, bytes] = field(repr=False)


def prove(person_id: int, password: str) -> bool:
    """Open what this password opens, for the rest of the request; tell whether it opened the newest key."""
    with reading():
        rows = [(row.number, row.public, row.sealed) for row in keys_of(person_id)]
        db.session.rollback()  # nobody waits for our transaction while Argon2 takes its time
    if not rows:
        g.vault_proved = Proved(person_id, password_key(password), {})
        return False
    wanted = _asked(rows[-1][2])
    key, seeds = password_key(password, *wanted), {}
    for number, public, sealed in rows:
        with suppress(VaultSealBrokenError):  # sealed under a password of before, or altered
            if asked(sealed) == wanted:
                seeds[number] = unseal(key, sealed, person_id=person_id, number=number, public=public)
    g.vault_proved = Proved(person_id, key, seeds)
    return rows[-1][0] in seeds


def remember(held: Holder, password: str) -> Holder | None:
    """Open keys of before with a password of before, beside what is at hand; None when it opens none."""
    with reading():
        rows = [(row.number, row.public, row.sealed) for row in keys_of(held.person_id) if row.name not in held.names]
        db.session.rollback()  # nobody waits for our transaction while Argon2 takes its time
    found: dict[str, bytes] = {}
    for number, public, sealed in rows[-MOST_REMEMBERED:]:
        with suppress(VaultSealBrokenError):  # this one had another password
            key = password_key(password, *asked(sealed))
            seed = unseal(key, sealed, person_id=held.person_id, number=number, public=public)
            found[f"person/{held.person_id}/{number}"] = seed
    return Holder(held.person_id, {**held.seeds, **found}) if found else None


def choose(password: str) -> None:
    """Derive the key of a password that somebody is about to have."""
    g.vault_chosen = password_key(password)


def forget() -> None:
    """Forget what a password opened that turned out to be the wrong one."""
    g.pop("vault_proved", None)


def settle(person: Person, *, now: datetime) -> bool:
    """Seal a person's keys under the password chosen, make a pair where none opens, and hold what is open.

    Return False when the key kept for them was exchanged: the right password does not open it, or the audit log
    knows another. They have a new one then, and what was sealed for the true one waits for the recovery key.
    """
    proved: Proved | None = g.pop("vault_proved", None)
    chosen: PasswordKey | None = g.pop("vault_chosen", None)
    if proved and proved.person_id != person.id:
        proved = None
    key = chosen or (proved.key if proved else None)
    if key is None:
        return True
    seeds = dict(proved.seeds) if proved else {}
    rows = keys_of(person.id)
    for row in rows if chosen else ():
        if row.number in seeds:
            row.sealed = seal(key, Pair(row.public, seeds[row.number]), person_id=person.id, number=row.number)
            row.sealed_at = now
    sound = not rows or (rows[-1].number in seeds and bool(vouching.of_people(rows[-1:])))
    if not rows or not sound:
        _make(person, max({0, *(row.number for row in rows), *vouching.numbers_known(person.id)}) + 1, key, seeds, now)
    hold(Holder.of(person.id, seeds))
    if sound or proved is None:  # who chose a password by a link proved none
        return True
    vouching.doubt(vouching.PERSON, person.id, rows[-1].number, now=now, by=person.id)
    return False


def keep_open(visitor: Visitor, *, now: datetime) -> None:
    """Keep what is at hand open for a sign-in of the same person."""
    held = holder_or_none()
    if held is None or held.person_id != visitor.person.id or not held.seeds:
        return
    sealed = keep(held, sign_in_id=visitor.sign_in_id, key=visitor.key_for(PURPOSE))
    db.session.merge(OpenVault(sign_in_id=visitor.sign_in_id, person_id=held.person_id, sealed=sealed, opened_at=now))
    db.session.flush()


def keys_of(person_id: int) -> Sequence[PersonKey]:
    """Return a person's keys, the oldest first."""
    return db.session.scalars(
        select(PersonKey).where(PersonKey.person_id == person_id).order_by(PersonKey.number)
    ).all()


def waits(person_id: int) -> bool:
    """Tell whether a person chose a new password by a link, and envelopes for their key of before still lie here."""
    older = [row.name for row in keys_of(person_id)[:-1]]
    lost = select(RingKey.id).join(RingEpoch).where(RingKey.recipient.in_(older), RingEpoch.ring != Ring.PRIVATE.value)
    return db.session.scalar(lost.limit(1)) is not None


def password_key(password: str, cost: Cost | None = None, salt: bytes | None = None) -> PasswordKey:
    """Derive the key of a password; it takes a quarter of a second at full cost."""
    cost, salt = cost or Cost(passwords.memory_kib(), passwords.PASSES), salt or os.urandom(16)
    secret = passwords.derived(password, salt=salt, memory_kib=cost.memory_kib, passes=cost.passes)
    return PasswordKey(cost, salt, secret)


def _asked(sealed: bytes) -> tuple[Cost | None, bytes | None]:
    """Read what the newest sealed half asks of the password; nothing of one that was altered."""
    try:
        return asked(sealed)
    except VaultSealBrokenError:
        return None, None


def _make(person: Person, number: int, key: PasswordKey, seeds: dict[int, bytes], now: datetime) -> None:
    pair = Pair.fresh()
    sealed = seal(key, pair, person_id=person.id, number=number)
    row = PersonKey(person_id=person.id, number=number, public=pair.public, sealed=sealed, made_at=now, sealed_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # made at another sign-in at the same moment; that one stands
        return
    seeds[number] = pair.private
    vouching.made(row)
