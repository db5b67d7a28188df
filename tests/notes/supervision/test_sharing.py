"""A supervisor reads by cryptography or not at all: tried with the rows in hand."""

from datetime import timedelta

import pytest

from notes import keys, opening
from notes.custody import access
from notes.models import Note
from notes.supervision import services, sharing
from notes.vault import Ring, VaultRefusedError
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import SLEEP, a_session, a_signed_note
from tests.notes.supervision.scenes import a_supervision
from tests.support import vaults


@pytest.fixture
def note(ines: Person, alice: Person) -> Note:
    return a_signed_note(a_session(ines, alice))


def test_an_arrangement_of_the_office_opens_nothing(note: Note, omar: Person, ines: Person, clara: Person) -> None:
    a_supervision(clara, ines, omar, accepted=False)
    for person in (clara, omar):
        with vaults.held_by(person), pytest.raises(VaultRefusedError):
            opening.words_of(note)


def test_only_the_supervisee_can_let_a_supervisor_in(
    note: Note, omar: Person, ines: Person, clara: Person, clock: FrozenClock
) -> None:
    row = a_supervision(clara, ines, omar, accepted=False)
    for person in (clara, omar):
        with vaults.held_by(person), pytest.raises(VaultRefusedError), db.session.begin_nested():
            services.accept(row, today=clock.now().date(), now=clock.now())
    with vaults.held_by(ines):
        services.accept(row, today=clock.now().date(), now=clock.now())
    with vaults.held_by(clara):
        assert opening.words_of(note).text("plan") == SLEEP.text("plan")
        with pytest.raises(VaultRefusedError):
            keys.key_of(note.chart, ring=Ring.PRIVATE)


def test_an_ended_supervisor_opens_neither_what_was_nor_what_comes(
    note: Note, omar: Person, ines: Person, clara: Person, alice: Person, clock: FrozenClock
) -> None:
    row = a_supervision(clara, ines, omar)
    assert note.chart.epoch == 1
    with vaults.held_by():
        services.end(row, by=omar, now=clock.now())
    assert note.chart.epoch == 2, "what is written from now on has new keys"
    later = a_signed_note(a_session(ines, alice))
    with vaults.held_by(clara):
        for each in (note, later):
            with pytest.raises(VaultRefusedError):
                opening.words_of(each)
    with vaults.held_by(ines):
        assert opening.words_of(later).text("plan") == SLEEP.text("plan")


def test_a_chart_that_is_begun_later_is_open_to_the_supervisor(
    omar: Person, ines: Person, clara: Person, ben: Person
) -> None:
    a_supervision(clara, ines, omar)
    note = a_signed_note(a_session(ines, ben))
    with vaults.held_by(clara):
        assert opening.words_of(note).text("plan") == SLEEP.text("plan")


def test_access_is_given_until_the_last_day_is_over(
    note: Note, omar: Person, ines: Person, clara: Person, clock: FrozenClock
) -> None:
    row = a_supervision(clara, ines, omar, ends_on=clock.now().date())
    given = access.standing(note.chart, clara)
    assert given
    assert given.ends_at
    assert given.ends_at.isoformat() == "2026-11-24T05:00:00+00:00", "midnight in New York"
    assert sharing.shut_out(row) == 0
    access.end_those_due(now=clock.now() + timedelta(days=1))
    with vaults.held_by(clara), pytest.raises(VaultRefusedError):
        opening.words_of(note)
    assert sharing.shut_out(row) == 1


def test_a_supervision_that_has_not_begun_opens_nothing_yet(
    note: Note, omar: Person, ines: Person, clara: Person, clock: FrozenClock
) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    row = a_supervision(clara, ines, omar, begins_on=tomorrow, accepted=False)
    with pytest.raises(services.SupervisionError, match="not begun yet"):
        services.accept(row, today=clock.now().date(), now=clock.now())
