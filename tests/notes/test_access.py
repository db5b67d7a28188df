"""Charts given to others and taken back: whoever has no envelope reads nothing, with every row in hand."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from notes import jobs, keys, opening
from notes.custody import access, recovery, rings, vouching
from notes.custody.envelopes import Pair, unwrap
from notes.custody.holders import holder
from notes.custody.models import COVER, SUPERVISOR, PersonKey, RingKey
from notes.custody.signals import ChartBegun, chart_begun
from notes.models import Chart, Note
from notes.vault import Place, Ring, VaultLockedError, VaultRefusedError, VaultSealBrokenError, seal, unseal
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import HARVEST, SLEEP, a_draft, a_session
from tests.support import vaults


@pytest.fixture
def note(ines: Person, alice: Person, clara: Person, omar: Person) -> Note:
    """A draft by Ines about Alice, in a house with Clara and Omar."""
    return a_draft(a_session(ines, alice))


def tries_every_envelope(person: Person) -> list[Ring]:
    """Return the rings whose key opens for a person who tries each envelope there is under each name there is."""
    opened = []
    with vaults.held_by(person):
        private = holder()._private(holder().names[0])
        for row in db.session.scalars(select(RingKey)):
            for name in {row.recipient, *holder().names}:
                epoch = row.ring_epoch
                try:
                    unwrap(row.wrapped, private, owner=epoch.owner, ring=Ring(epoch.ring), epoch=epoch.epoch, name=name)
                except VaultSealBrokenError:
                    continue
                opened.append(Ring(epoch.ring))
    return opened


def test_nobody_but_the_counselor_opens_the_working_ring(
    note: Note, ines: Person, alice: Person, clara: Person, omar: Person
) -> None:
    assert set(tries_every_envelope(ines)) == {Ring.WORKING, Ring.RECORD}
    assert tries_every_envelope(alice) == [Ring.RECORD]
    for stranger in (clara, omar):
        assert tries_every_envelope(stranger) == []
        with vaults.held_by(stranger), pytest.raises(VaultRefusedError):
            opening.words_of(note)


def test_a_supervisor_reads_from_the_first_word_to_the_last(
    note: Note, ines: Person, clara: Person, clock: FrozenClock
) -> None:
    keys.renew(note.chart, now=clock.now())
    with vaults.held_by(ines):
        access.give(note.chart, clara, kind=SUPERVISOR, by=ines, now=clock.now())
    keys.renew(note.chart, now=clock.now())
    with vaults.held_by(clara):
        assert opening.words_of(note) == SLEEP
        for epoch in (1, 2, 3):
            assert keys.key_of(note.chart, epoch, Ring.RECORD)
        with pytest.raises(VaultSealBrokenError):
            keys.key_of(note.chart, 1, Ring.PRIVATE)


def test_only_who_reads_a_chart_can_give_it(
    note: Note, ines: Person, clara: Person, omar: Person, clock: FrozenClock
) -> None:
    for somebody in (omar, clara):
        with vaults.held_by(somebody), pytest.raises(VaultRefusedError):
            access.give(note.chart, clara, kind=SUPERVISOR, by=somebody, now=clock.now())
    with vaults.held_by(), pytest.raises(VaultLockedError):
        access.give(note.chart, clara, kind=SUPERVISOR, by=ines, now=clock.now())


def test_an_ended_supervisor_opens_nothing_with_the_rows_in_hand(
    note: Note, ines: Person, alice: Person, clara: Person, clock: FrozenClock
) -> None:
    access.give(note.chart, clara, kind=SUPERVISOR, by=ines, now=clock.now())
    assert access.take_back(note.chart, clara, by=ines, now=clock.now())
    assert not access.take_back(note.chart, clara, by=ines, now=clock.now())
    later = a_draft(a_session(ines, alice), HARVEST)
    vaults.hold_anew()
    assert later.chart.epoch == 2
    assert tries_every_envelope(clara) == []
    with vaults.held_by(clara):
        for each in (note, later):
            with pytest.raises(VaultRefusedError):
                opening.words_of(each)
    assert (opening.words_of(note), opening.words_of(later)) == (SLEEP, HARVEST)


def test_cover_ends_at_its_hour_and_the_keys_change(
    note: Note, ines: Person, clara: Person, clock: FrozenClock
) -> None:
    until = clock.now() + timedelta(days=7)
    access.give(note.chart, clara, kind=COVER, by=ines, now=clock.now(), ends_at=until)
    db.session.commit()
    with vaults.held_by(clara):
        assert opening.words_of(note) == SLEEP
    clock.advance(days=7)
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        opening.words_of(note)
    jobs.end_accesses(clock.now())
    db.session.commit()
    vaults.hold_anew()
    assert note.chart.epoch == 2
    assert tries_every_envelope(clara) == []


def test_a_key_an_ended_cover_kept_opens_no_later_word(
    note: Note, ines: Person, alice: Person, clara: Person, clock: FrozenClock
) -> None:
    access.give(note.chart, clara, kind=COVER, by=ines, now=clock.now(), ends_at=clock.now() + timedelta(days=1))
    with vaults.held_by(clara):
        kept = keys.key_of(note.chart)
    access.take_back(note.chart, clara, by=ines, now=clock.now())
    place = Place(note.chart_id, 99, 1, "measure")
    sealed = seal(keys.key_of(note.chart), b"After she left.", place)
    assert keys.opened(note.chart, sealed, place) == b"After she left."
    assert kept.epoch < keys.key_of(note.chart).epoch
    with pytest.raises(VaultSealBrokenError):
        unseal(replace(kept, epoch=kept.epoch + 1), sealed, place)


def test_who_chose_a_new_password_by_a_link_is_not_let_in_again_unasked(
    note: Note, ines: Person, clara: Person, clock: FrozenClock
) -> None:
    access.give(note.chart, clara, kind=SUPERVISOR, by=ines, now=clock.now())
    now, public = clock.now(), Pair.fresh().public
    anew = PersonKey(person_id=clara.id, number=2, public=public, sealed=b"lost", made_at=now, sealed_at=now)
    db.session.add(anew)
    vouching.made(anew)
    db.session.flush()
    keys.renew(note.chart, now=clock.now())
    assert db.session.scalars(select(RingKey).where(RingKey.recipient == anew.name)).all() == []
    access.give(note.chart, clara, kind=SUPERVISOR, by=ines, now=clock.now())
    assert db.session.scalars(select(RingKey).where(RingKey.recipient == anew.name)).all()


def test_a_supervisor_can_be_given_a_chart_before_its_first_word(
    ines: Person, alice: Person, clara: Person, clock: FrozenClock
) -> None:
    def give(begun: ChartBegun) -> None:
        access.give(begun.chart, clara, kind=SUPERVISOR, by=ines, now=begun.now)

    before = list(chart_begun._subscribers)
    chart_begun.subscribe(give)
    try:
        chart = keys.chart_of(counselor=ines, client=alice, now=clock.now())
    finally:
        chart_begun._subscribers[:] = before
    with vaults.held_by(clara):
        assert keys.may_open(chart)


def test_what_a_client_drops_the_counselor_collects_and_nobody_else(
    ines: Person, alice: Person, clara: Person, clock: FrozenClock
) -> None:
    place = Place(1, 12, 1, "measure")
    with vaults.held_by():
        chart = keys.chart_of(counselor=ines, client=alice, now=clock.now())
        dropped = keys.drop(chart, b"Nearly every day.", place)
    for reader in (ines, alice):
        with vaults.held_by(reader):
            assert keys.opened(chart, dropped, place) == b"Nearly every day."
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        keys.collect(chart, dropped, place)


def test_an_exchanged_letterbox_is_noticed(note: Note, alice: Person, clara: Person, clock: FrozenClock) -> None:
    rings.of_chart(note.chart_id, Ring.RECORD, 1).letterbox = Pair.fresh().public
    vaults.hold_anew()
    with pytest.raises(VaultSealBrokenError, match="letterbox"):
        keys.key_of(note.chart, ring=Ring.RECORD)


def test_private_words_open_for_their_author_alone(
    note: Note, ines: Person, alice: Person, clara: Person, clock: FrozenClock
) -> None:
    access.give(note.chart, clara, kind=SUPERVISOR, by=ines, now=clock.now())
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        keys.key_of(note.chart, ring=Ring.PRIVATE)
    with vaults.held_by(ines):
        key = keys.key_of(note.chart, ring=Ring.PRIVATE)
        assert keys.key_of(note.chart, ring=Ring.PRIVATE) == key
    for other in (alice, clara):
        assert Ring.PRIVATE not in tries_every_envelope(other)
        with vaults.held_by(other), pytest.raises(VaultRefusedError):
            keys.key_of(note.chart, ring=Ring.PRIVATE)


def test_what_is_ones_own_opens_for_nobody_else(ines: Person, clara: Person) -> None:
    place = Place(ines.id, 1, 1, "snippet")
    with vaults.held_by(ines):
        sealed = seal(keys.own_key(), b"Walk me through the last time.", place)
        assert keys.opened_own(sealed, place) == b"Walk me through the last time."
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        keys.own_key(ines)


def test_giving_and_ending_stand_in_the_log(note: Note, ines: Person, clara: Person, clock: FrozenClock) -> None:
    access.give(note.chart, clara, kind=SUPERVISOR, by=ines, now=clock.now())
    access.take_back(note.chart, clara, by=ines, now=clock.now())
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("access."))).all()
    assert [(each.action, each.person_id, each.subject_id, each.about_id) for each in found] == [
        ("access.given", ines.id, clara.id, note.chart.client_id),
        ("access.ended", ines.id, clara.id, note.chart.client_id),
    ]


def test_a_chart_is_found_by_who_was_given_it(note: Note, ines: Person, clara: Person, clock: FrozenClock) -> None:
    access.give(note.chart, clara, kind=COVER, by=ines, now=clock.now(), ends_at=clock.now() + timedelta(days=1))
    assert [each.chart_id for each in access.to_person(clara, now=clock.now())] == [note.chart_id]
    assert access.to_person(clara, now=clock.now() + timedelta(days=1)) == []
    assert [each.person.name for each in access.of_chart(db.session.get_one(Chart, note.chart_id))] == ["Clara Voss"]


def test_what_was_lent_follows_to_the_new_key_when_the_sheets_bring_it_back(
    note: Note, ines: Person, clara: Person, omar: Person, clock: FrozenClock
) -> None:
    given = access.give(note.chart, clara, kind=SUPERVISOR, by=ines, now=clock.now())
    chart_id, now, pair = note.chart_id, clock.now(), Pair.fresh()
    anew = PersonKey(person_id=clara.id, number=2, public=pair.public, sealed=b"lost", made_at=now, sealed_at=now)
    db.session.add(anew)
    vouching.made(anew)
    db.session.flush()
    opened = {
        found.id: keys.key_of(note.chart, ring=ring).secret
        for ring in rings.OF_CHARTS
        if (found := rings.of_chart(chart_id, ring, note.chart.epoch))
    }
    assert recovery.restore(clara, opened, by=omar, now=now) == 2
    assert given.key_number == 2
    keys.renew(note.chart, now=now)
    newest = rings.of_chart(chart_id, Ring.WORKING, note.chart.epoch)
    assert anew.name in {envelope.recipient for envelope in newest.envelopes}
