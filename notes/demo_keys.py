"""Keys for the people of the demo, under the password that its start shows; held while the demo is filled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notes.custody import vouching
from notes.custody.envelopes import Pair
from notes.custody.holders import Holder, hold
from notes.custody.models import PersonKey
from notes.custody.passwords import PasswordKey, seal
from notes.custody.people import password_key
from practice.core import seeds
from practice.core.db import db
from practice.demo_people import PASSWORD
from practice.models import Person

ORDER = 5


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Give everybody a key pair; one salt serves them all, so that founding a demo stays quick."""
    key, held = password_key(PASSWORD), {}
    for person in people.values():
        pair = Pair.fresh()
        held[f"person/{person.id}/1"] = pair.private
        row = _row(person, pair, key, now)
        db.session.add(row)
        vouching.made(row)
    db.session.flush()
    hold(Holder(0, held))


def _row(person: Person, pair: Pair, key: PasswordKey, now: datetime) -> PersonKey:
    sealed = seal(key, pair, person_id=person.id, number=1)
    return PersonKey(person_id=person.id, number=1, public=pair.public, sealed=sealed, made_at=now, sealed_at=now)


seeds.register(ORDER, seed)
