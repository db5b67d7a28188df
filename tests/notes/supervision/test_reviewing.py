"""A supervisor reads, comments, sends back and co-signs; the author answers."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from notes import services as notes
from notes.models import Note
from notes.supervision import queries, services
from notes.supervision.models import NoteReview, ReviewComment
from practice.core.db import db
from practice.models import Person
from tests.fakes import FrozenClock
from tests.notes.scenes import SLEEP, a_draft, a_session, a_signed_note
from tests.notes.supervision.scenes import a_supervision
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


@pytest.fixture
def note(omar: Person, ines: Person, clara: Person, alice: Person) -> Note:
    a_supervision(clara, ines, omar)
    return a_signed_note(a_session(ines, alice))


def answer(note: Note, decision: str, words: str = "", addenda: int = 0) -> dict[str, str]:
    fingerprint = note.fingerprint or ""
    return {"decision": decision, "words": words, "fingerprint": fingerprint, "addenda": str(addenda)}


def test_a_note_is_read_and_signed_as_well(as_: As, note: Note, ines: Person, clara: Person) -> None:
    reader = as_(clara)
    assert "1 note waits for you" in reader.get("/today").text
    assert "To co-sign" in reader.get("/supervision").text
    assert "Waits for Clara Voss" in as_(ines).get(f"/notes/{note.id}").text
    assert reader.post(f"/supervision/notes/{note.id}/reviews", data=answer(note, "cosigned")).status_code == 303
    for page in (as_(ines).get(f"/notes/{note.id}").text, reader.get(f"/supervision/notes/{note.id}").text):
        assert "Co-signed by Clara Voss" in page
    assert "Every signed note has your answer." in reader.get("/supervision").text
    again = reader.post(f"/supervision/notes/{note.id}/reviews", data=answer(note, "cosigned"))
    assert again.status_code == 409
    assert "answered this note already" in again.text


def test_a_note_sent_back_comes_again_with_its_addendum(
    as_: As, note: Note, ines: Person, clara: Person, clock: FrozenClock
) -> None:
    reader, author = as_(clara), as_(ines)
    address = f"/supervision/notes/{note.id}/reviews"
    assert reader.post(address, data=answer(note, "returned")).status_code == 422, "one says why"
    assert (
        reader.post(address, data=answer(note, "returned", "Say what was planned for bad nights.")).status_code == 303
    )
    assert "1 note was sent back" in author.get("/today").text
    assert "Say what was planned for bad nights." in author.get(f"/notes/{note.id}/supervision").text
    assert "Sent back" in reader.get("/supervision").text
    notes.amend(note, "On bad nights: daylight before ten.", author=ines, now=clock.now())
    db.session.commit()
    assert "Added to" in reader.get("/supervision").text
    unread = reader.post(address, data=answer(note, "cosigned", addenda=0))
    assert unread.status_code == 409
    assert "Read it once more" in unread.text
    assert reader.post(address, data=answer(note, "cosigned", addenda=1)).status_code == 303
    assert "1 note was sent back" not in author.get("/today").text


def test_supervisor_and_author_talk_about_a_note(as_: As, note: Note, ines: Person, clara: Person) -> None:
    reader, author = as_(clara), as_(ines)
    assert reader.post(f"/supervision/notes/{note.id}/comments", data={"words": " "}).status_code == 422
    assert reader.post(f"/supervision/notes/{note.id}/comments", data={"words": "Lovely pace."}).status_code == 303
    assert author.post(f"/notes/{note.id}/supervision", data={"words": ""}).status_code == 422
    assert author.post(f"/notes/{note.id}/supervision", data={"words": "Thank you."}).status_code == 303
    for page in (reader.get(f"/supervision/notes/{note.id}").text, author.get(f"/notes/{note.id}/supervision").text):
        assert page.index("Lovely pace.") < page.index("Thank you.")
    assert "2 comments" in author.get(f"/notes/{note.id}").text
    rows = [str(tuple(row)) for row in db.session.execute(text("SELECT * FROM review_comments"))]
    assert not any(re.search("Lovely|Thank", row) for row in rows)
    first = db.session.scalars(select(ReviewComment).order_by(ReviewComment.number)).first()
    assert first
    assert services.words_of(first) == "Lovely pace."


def test_what_was_said_stands_on_today_until_it_is_read(as_: As, note: Note, ines: Person, clara: Person) -> None:
    author, news = as_(ines), "Clara Voss wrote about a note of yours"
    as_(clara).post(f"/supervision/notes/{note.id}/comments", data={"words": "Lovely pace."})
    today = author.get("/today").text
    assert news in today
    assert "Lovely pace." not in today
    assert "Lovely pace." in author.get(f"/notes/{note.id}/supervision").text
    assert news not in author.get("/today").text


def test_the_board_counts_what_waits_for_a_supervisor(as_: As, note: Note, ines: Person, clara: Person) -> None:
    author = as_(ines)
    assert "With your supervisor (1)" in author.get("/notes").text
    assert "To co-sign: Clara Voss" in author.get("/notes?show=supervisor").text
    as_(clara).post(f"/supervision/notes/{note.id}/reviews", data=answer(note, "cosigned"))
    assert "With your supervisor" not in author.get("/notes").text
    assert "Nothing waits for your supervisor" in author.get("/notes?show=supervisor").text


def test_who_only_reads_along_decides_nothing(
    as_: As, omar: Person, ines: Person, clara: Person, alice: Person
) -> None:
    a_supervision(clara, ines, omar, duty="read")
    note = a_signed_note(a_session(ines, alice))
    reader = as_(clara)
    page = reader.get(f"/supervision/notes/{note.id}").text
    assert SLEEP.text("plan") in page
    assert "Send back" not in page
    assert reader.post(f"/supervision/notes/{note.id}/reviews", data=answer(note, "approved")).status_code == 409
    assert as_(ines).get(f"/notes/{note.id}/supervision").status_code == 404, "nothing was said yet"
    assert reader.post(f"/supervision/notes/{note.id}/comments", data={"words": "Lovely pace."}).status_code == 303
    assert "1 comment" in as_(ines).get(f"/notes/{note.id}").text


def test_each_of_several_supervisors_answers_for_themselves(
    as_: As, omar: Person, ines: Person, clara: Person, alice: Person
) -> None:
    from tests.builders import a_counselor

    dora = a_counselor("Dora Lind")
    a_supervision(clara, ines, omar)
    a_supervision(dora, ines, omar, duty="approve")
    note = a_signed_note(a_session(ines, alice))
    address = f"/supervision/notes/{note.id}/reviews"
    assert as_(dora).post(address, data=answer(note, "cosigned")).status_code == 409, "hers is to approve"
    assert as_(dora).post(address, data=answer(note, "approved")).status_code == 303
    page = as_(ines).get(f"/notes/{note.id}").text
    assert "Approved by Dora Lind" in page
    assert "Waits for Clara Voss" in page


def test_drafts_and_notes_from_before_are_not_in_the_queue(
    as_: As, omar: Person, ines: Person, clara: Person, alice: Person, clock: FrozenClock
) -> None:
    before = a_signed_note(a_session(ines, alice))
    row = a_supervision(clara, ines, omar, accepted=False)
    services.accept(row, today=clock.now().date(), now=clock.now())
    draft = a_draft(a_session(ines, alice))
    db.session.commit()
    before_it = queries.queue(clara, today=clock.now().date())
    assert [each.note.id for each in before_it if each.note.id != before.id] == []
    assert as_(clara).get(f"/supervision/notes/{draft.id}").status_code == 404


def test_the_chart_shows_plan_and_signed_notes(as_: As, note: Note, clara: Person) -> None:
    page = as_(clara).get(f"/supervision/charts/{note.chart_id}").text
    assert SLEEP.text("plan") in page
    assert f"/supervision/notes/{note.id}" in page


@pytest.mark.parametrize("table", ["note_reviews", "review_comments"])
def test_what_was_decided_and_said_stays(note: Note, clara: Person, clock: FrozenClock, table: str) -> None:
    supervision = queries.overseeing(clara, note.author_id, today=clock.now().date())
    assert supervision
    services.decide(
        note,
        supervision,
        "cosigned",
        fingerprint=note.fingerprint or "",
        addenda=0,
        words="Good.",
        now=clock.now(),
    )
    db.session.commit()
    assert db.session.scalars(select(NoteReview)).one().fingerprint == note.fingerprint
    for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET note_id = note_id"):
        with pytest.raises(DatabaseError, match="stays"):
            db.session.execute(text(deed))
        db.session.rollback()
