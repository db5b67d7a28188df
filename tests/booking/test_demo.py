from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from booking import demo
from booking.directory import Wanted, find
from booking.groups import demo as group_demo
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.demo_people import CLIENTS, COUNSELORS
from practice.models import CLIENT, COUNSELOR, CounselorProfile, Practice
from tests.booking.builders import overlaps
from tests.booking.group_builders import overfull, shared_overlaps
from tests.builders import LONG_AGO, a_person

NOW = datetime(2026, 11, 25, 13, 7, tzinfo=UTC)


@pytest.fixture
def people(app):
    found = {key: a_person(name, CLIENT, zone=zone) for key, name, zone in CLIENTS}
    for each in COUNSELORS:
        found[each.key] = a_person(each.name, COUNSELOR, zone=each.zone)
        found[each.key].profile = CounselorProfile(published=each.published, updated_at=LONG_AGO)
    return found


@pytest.mark.parametrize("now", [NOW, NOW + timedelta(hours=12), NOW + timedelta(days=3)])
def test_the_demo_has_a_past_a_future_and_a_meeting_soon(people, now):
    for seed in (demo.seed, group_demo.seed):
        seed(db.session.get_one(Practice, 1), people, now)
    db.session.commit()
    rows = db.session.scalars(select(Appointment)).all()
    statuses = Counter(each.status for each in rows)
    assert statuses["completed"] > 60
    assert statuses["confirmed"] > 40
    assert min(statuses["cancelled"], statuses["no_show"]) >= 1
    assert overlaps() == shared_overlaps() == overfull() == []
    with_alice = [each for each in rows if each.client is people["alice"] and each.starts_at > now]
    assert timedelta(0) < min(each.starts_at for each in with_alice) - now <= timedelta(minutes=17)
    assert all(each.created_at <= now and (each.closed_at or now) <= now for each in rows)


def test_the_demos_directory_shows_everybody_published_with_a_next_free_time(people):
    demo.seed(db.session.get_one(Practice, 1), people, NOW)
    db.session.commit()
    listings = find(Wanted(), NOW)
    assert sorted(each.counselor.first_name for each in listings) == ["Amara", "Ines", "Jonah", "Mateo"]
    assert all(each.next_free_at for each in listings)
