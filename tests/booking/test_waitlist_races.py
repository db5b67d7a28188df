"""Schedulers look at one line at the very same instant, with no lease between them; one time goes to one person."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from booking.models.waitlist import Offer
from booking.waitlist import places, rules
from booking.waitlist.forms import Wanted
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_service, open_hours, overlaps
from tests.booking.racers import OK, Deed, race
from tests.builders import a_client

pytestmark = pytest.mark.race

NOW = datetime.fromisoformat("2026-11-23T10:00-05:00")


def test_one_free_hour_is_offered_to_one_person(app: Flask, settings: Settings, ines: Person, tmp_path: Path) -> None:
    open_hours(ines, 10 * 60, 11 * 60, horizon_days=6)
    service = a_service(ines, buffer_after=0)
    last = NOW.date().replace(day=30)
    wanted = Wanted("", rules.times(0b0000100, rules.ALL_DAY), NOW.date(), last, 60)
    for number in range(3):
        places.join(a_client(f"Client{number} Doe"), wanted, service, NOW)
    newcomer = a_client("Hugo Lind")
    rivals = [Deed("offer", NOW, person_id=ines.id)] * 3 + [
        Deed("hold", NOW, service.id, newcomer.id, WEDNESDAY_AT_TEN)
    ]
    db.session.commit()  # nothing of the test's own is in the way
    [outcomes] = race(settings.database_url, tmp_path, [rivals])
    db.session.expire_all()
    made = db.session.scalars(select(Offer)).all()
    assert outcomes[:3] == [OK] * 3
    assert (outcomes[3], len(made)) in {(OK, 0), ("SlotTakenError", 1)}
    assert overlaps() == []
