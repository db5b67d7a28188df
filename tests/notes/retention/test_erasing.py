"""A record whose time is over is looked at by one, destroyed by another, and opened by nobody ever after."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DatabaseError

from notes import keys
from notes import services as notes
from notes.custody.models import RingEpoch, RingKey
from notes.keys import chart_of
from notes.models import Chart, Note, NoteVersion
from notes.opening import words_of
from notes.requests import services as requests
from notes.requests.clocks import ERASURE
from notes.requests.models import RecordRequest
from notes.retention import reach
from notes.retention.models import Erasure, LegalHold
from notes.safety import services as safety
from notes.safety.steps import SafetyWords
from notes.vault import Place, VaultSealBrokenError
from practice.core.audit import AuditEntry
from practice.core.db import Model, db
from practice.models import Person
from tests import builders
from tests.fakes import MONDAY_MORNING, FrozenClock
from tests.notes.scenes import a_draft, a_session, a_signed_note
from tests.support import vaults
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
LATER = MONDAY_MORNING + timedelta(days=8 * 366)


@pytest.fixture
def chart(ines: Person, alice: Person) -> Chart:
    """Let there be a record with a signed note, an addendum, a draft and a safety plan."""
    note = a_signed_note(a_session(ines, alice))
    notes.amend(note, "She called.", author=ines, now=MONDAY_MORNING)
    a_draft(a_session(ines, alice))
    safety.save(note.chart, SafetyWords({"signs": "No sleep"}), base_version=0, by=alice, now=MONDAY_MORNING)
    db.session.commit()
    return note.chart


@pytest.fixture
def nora() -> Person:
    """Somebody else who runs the practice."""
    return builders.an_administrator("Nora Lind")


def agreed(as_: As, chart: Chart, by: Person) -> None:
    """Agree that a record may be destroyed."""
    assert as_(by).post(f"/retention/charts/{chart.id}/review").status_code == 303


def erased(as_: As, chart: Chart, by: Person) -> str:
    """Try to destroy a record; return what the page says."""
    url = f"/retention/charts/{chart.id}/erasure"
    return as_(by).post(url, data={"sure": "1"}, follow_redirects=True).text


def count(model: type[Model]) -> int:
    """Count the rows of a table."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_one_looks_another_destroys_and_nobody_opens_a_word(
    as_: As, ines: Person, alice: Person, omar: Person, nora: Person, chart: Chart, clock: FrozenClock
) -> None:
    version = db.session.scalars(select(NoteVersion).order_by(NoteVersion.id.desc())).first()
    assert version
    sealed, place = version.sealed, Place(chart.id, version.note_id, version.version, "body")
    assert keys.opened(chart, sealed, place)
    requests.ask(client=alice, kind=ERASURE, chart=chart, text="Please.", now=MONDAY_MORNING)
    assert "is still kept" in erased(as_, chart, omar)
    clock.instant = LATER
    assert "agree that it may be destroyed" in erased(as_, chart, omar)
    agreed(as_, chart, omar)
    assert "Somebody else has to destroy it" in erased(as_, chart, omar)
    assert "The record is erased" in erased(as_, chart, nora)
    db.session.expire_all()
    assert [count(model) for model in (RingEpoch, RingKey, Note, NoteVersion)] == [0, 0, 0, 0]
    for person in (ines, alice):
        vaults.hold_anew()
        with vaults.held_by(person), pytest.raises(VaultSealBrokenError, match="lawfully erased"):
            keys.opened(chart, sealed, place)
    assert db.session.scalars(select(RecordRequest)).one().state == "granted"
    assert as_(alice).get("/account/requests").status_code == 200
    assert as_(ines).get(f"/clients/{alice.id}/chart").status_code == 200


def test_the_certificate_is_in_the_log_and_known_again(
    as_: As, omar: Person, nora: Person, chart: Chart, clock: FrozenClock
) -> None:
    clock.instant = LATER
    agreed(as_, chart, nora)
    erased(as_, chart, omar)
    row = db.session.scalars(select(Erasure)).one()
    assert (row.reviewed_by_id, row.erased_by_id, row.ground) == (nora.id, omar.id, "retention")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "record.erased")).one()
    assert entry.detail["sha256"] == row.sha256
    assert as_(omar).get(f"/retention/erasures/{row.id}.pdf").data == row.document
    answer = as_(omar).post("/verify", data={"sha256": row.sha256})
    assert "This is ours, and unchanged" in answer.text
    assert "Certificate" in as_(omar).get(f"/retention/charts/{chart.id}").text
    assert "Certificate" in as_(omar).get("/retention").text
    with pytest.raises(DatabaseError, match="stays on record"):
        db.session.execute(delete(Erasure))
    db.session.rollback()


def test_a_legal_hold_stops_everything(as_: As, omar: Person, nora: Person, chart: Chart, clock: FrozenClock) -> None:
    clock.instant = LATER
    agreed(as_, chart, nora)
    url = f"/retention/charts/{chart.id}/hold"
    assert as_(omar).post(url, data={"reason": ""}).status_code == 422
    assert as_(omar).post(url, data={"reason": "Case 17-204"}).status_code == 303
    assert "stands on this record already" in as_(omar).post(url, data={"reason": "x"}, follow_redirects=True).text
    assert "Case 17-204" in as_(omar).get(f"/retention/charts/{chart.id}").text
    assert "A legal hold stands" in erased(as_, chart, omar)
    assert "Legal hold" in as_(omar).get("/retention?show=held").text
    with pytest.raises(DatabaseError, match="legal hold keeps"):
        db.session.execute(delete(RingEpoch).where(RingEpoch.chart_id == chart.id))
    db.session.rollback()
    with pytest.raises(DatabaseError, match="legal hold keeps"):
        db.session.execute(db.update(Chart).values(erased_at=LATER))
    db.session.rollback()
    assert as_(nora).post(f"{url}/end").status_code == 303
    assert db.session.scalars(select(LegalHold)).one().released_by_id == nora.id
    assert "The record is erased" in erased(as_, chart, omar)


def test_without_an_erasure_the_database_keeps_every_row(chart: Chart) -> None:
    note = db.session.scalars(select(Note).where(Note.status == "signed")).one()
    for statement in (
        delete(NoteVersion).where(NoteVersion.note_id == note.id),
        delete(Note).where(Note.id == note.id),
    ):
        with pytest.raises(DatabaseError, match=r"kept|stays as it"):
            db.session.execute(statement)
        db.session.rollback()
    chart.erased_at = MONDAY_MORNING  # the keys are there yet
    db.session.flush()
    with pytest.raises(DatabaseError, match=r"kept|stays as it"):
        db.session.execute(delete(NoteVersion).where(NoteVersion.note_id == note.id))
    db.session.rollback()


def test_who_comes_back_gets_a_new_record_with_keys_of_its_own(
    as_: As, ines: Person, alice: Person, omar: Person, nora: Person, chart: Chart, clock: FrozenClock
) -> None:
    clock.instant = LATER
    agreed(as_, chart, nora)
    erased(as_, chart, omar)
    vaults.hold_anew()
    again = chart_of(counselor=ines, client=alice, now=LATER)
    assert (again.id, again.epoch, again.erased_at) == (chart.id, 2, None)
    note = a_signed_note(a_session(ines, alice, starts_at=LATER), now=LATER + timedelta(hours=1))
    assert not words_of(note).blank
    assert "until which a record is kept" in as_(omar).get("/retention").text


def test_rules_of_places_and_births_move_the_day(as_: As, omar: Person, chart: Chart) -> None:
    assert as_(omar).post("/retention/rules", data={"years": "0", "source": "x"}).status_code == 422
    rule = {"place": "New York", "years": "6", "until_age": "22", "source": "8 NYCRR 29.2"}
    assert as_(omar).post("/retention/rules", data=rule).status_code == 303
    assert "8 NYCRR 29.2" in as_(omar).get("/retention/rules").text
    url = f"/retention/charts/{chart.id}"
    assert "Kept until 23 Nov 2033" in as_(omar).get(url).text
    assert as_(omar).post(url, data={"born_on": "1850-01-01"}).status_code == 422
    assert as_(omar).post(url, data={"rule": "1", "born_on": "2016-03-05"}).status_code == 303
    assert "Kept until 5 Mar 2038" in as_(omar).get(url).text
    assert as_(omar).get("/retention?show=all&q=moreau").text.count("5 Mar 2038") == 1


def test_every_table_that_hangs_on_a_chart_is_kept_by_name_or_goes() -> None:
    going = [table.name for table in reach.destroyed()]
    assert going[:3] == ["ring_keys", "ring_epochs", "chart_keys"]
    assert reach.reached() == set(going) | (reach.KEPT & reach.reached())
    assert {"notes", "note_versions", "addenda", "request_sayings", "measure_askings", "safety_versions"} <= set(going)
    for child in reach.destroyed():
        for key in child.foreign_keys:
            parent = key.column.table.name
            assert parent not in going or parent in reach.FIRST or going.index(child.name) < going.index(parent)
