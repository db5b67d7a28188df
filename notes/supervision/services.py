"""Arrange, accept and end supervision; answer notes; keep hours."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from notes import keys, opening
from notes.models import Note
from notes.supervision import queries, sharing
from notes.supervision.models import NoteReview, ReviewComment, Supervision, SupervisionHour
from notes.supervision.rules import FINAL, RETURNED
from notes.vault import Place, VaultNotMadeError, seal, unseal
from practice.core import audit
from practice.core.db import db
from practice.models import Person

COMMENT, SUPERVISOR = "review comment", "supervisor"


class SupervisionError(Exception):
    """What was asked for cannot be; the words say why."""


def arrange(
    supervisor: Person,
    supervisee: Person,
    *,
    duty: str,
    begins_on: date,
    ends_on: date | None,
    by: Person,
    now: datetime,
) -> Supervision:
    """Arrange a supervision; it opens nothing before the supervisee accepts it. Raises SupervisionError."""
    row = Supervision(
        supervisor_id=supervisor.id,
        supervisee_id=supervisee.id,
        duty=duty,
        begins_on=begins_on,
        ends_on=ends_on,
        arranged_by_id=by.id,
        arranged_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise SupervisionError(f"{supervisor.name} supervises {supervisee.name} already. End that first.") from error
    audit.record("supervision.arranged", person_id=by.id, subject=("supervision", row.id), detail={"duty": duty})
    return row


def accept(supervision: Supervision, *, today: date, now: datetime) -> None:
    """Let the supervisor in: whose charts they are agrees, with keys open, or lets in anew; raises SupervisionError.

    A supervisor who lost the keys that the charts were given to is not let in again unasked.
    """
    db.session.refresh(supervision, with_for_update=True)
    if supervision.ended_at or (supervision.ends_on and supervision.ends_on < today):
        raise SupervisionError("This supervision has ended already.")
    if today < supervision.begins_on:
        raise SupervisionError("This supervision has not begun yet. Let your supervisor in on its first day.")
    supervision.accepted_at = supervision.accepted_at or now
    try:
        sharing.open_charts(supervision, now=now)
    except VaultNotMadeError as error:
        raise SupervisionError(str(error)) from error
    db.session.flush()
    audit.record("supervision.accepted", person_id=supervision.supervisee_id, subject=("supervision", supervision.id))


def end(supervision: Supervision, *, by: Person, now: datetime) -> None:
    """End a supervision; ending it twice changes nothing."""
    db.session.refresh(supervision, with_for_update=True)
    if supervision.ended_at:
        return
    supervision.ended_at, supervision.ended_by_id = now, by.id
    sharing.shut_charts(supervision, by=by, now=now)
    db.session.flush()
    audit.record("supervision.ended", person_id=by.id, subject=("supervision", supervision.id))


def decide(
    note: Note,
    supervision: Supervision,
    decision: str,
    *,
    fingerprint: str,
    addenda: int,
    words: str,
    now: datetime,
) -> NoteReview:
    """Approve, co-sign or send back the note as it was read; raises SupervisionError.

    What is signed twice is opened here once more: a fingerprint is only put beside words that still bear it.
    """
    reviewer = supervision.supervisor
    db.session.refresh(note, with_for_update=True)
    if decision not in {RETURNED, FINAL.get(supervision.duty)}:
        raise SupervisionError("You read along with these notes; nothing is to be decided.")
    if not any(each.id == supervision.id for each, _ in queries.standings(note, today=now.date())):
        raise SupervisionError("You have answered this note already.")
    if (fingerprint, addenda) != (note.fingerprint, len(note.addenda)):
        raise SupervisionError("Something was added to this note after you opened it. Read it once more, then decide.")
    opening.words_of(note)
    row = NoteReview(
        note_id=note.id,
        supervision_id=supervision.id,
        reviewer_id=reviewer.id,
        decision=decision,
        fingerprint=fingerprint,
        addenda=addenda,
        reviewed_at=now,
    )
    db.session.add(row)
    if words:
        comment(note, words, author=reviewer, now=now)
    db.session.flush()
    detail = {"fingerprint": fingerprint}
    audit.record(
        f"note.{decision}",
        person_id=reviewer.id,
        subject=("note", note.id),
        detail=detail,
        about=note.chart.client_id,
        acting=SUPERVISOR,
    )
    return row


def comment(note: Note, words: str, *, author: Person, now: datetime) -> ReviewComment:
    """Say something about a note, sealed with the keys of its chart."""
    db.session.scalars(select(Note).where(Note.id == note.id).with_for_update()).one()
    last = db.session.scalar(select(func.max(ReviewComment.number)).where(ReviewComment.note_id == note.id)) or 0
    key = keys.key_of(note.chart)
    row = ReviewComment(
        note_id=note.id,
        number=last + 1,
        author_id=author.id,
        epoch=key.epoch,
        sealed=seal(key, words.encode(), Place(note.chart_id, note.id, last + 1, COMMENT)),
        written_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        "note.commented",
        person_id=author.id,
        subject=("note", note.id),
        detail={"comment": row.number},
        about=note.chart.client_id,
    )
    return row


def words_of(comment: ReviewComment) -> str:
    """Open what was said."""
    note = comment.note
    place = Place(note.chart_id, note.id, comment.number, COMMENT)
    return unseal(keys.key_of(note.chart, comment.epoch), comment.sealed, place).decode()


def note_hours(
    supervision: Supervision, *, met_on: date, minutes: int, form: str, by: Person, now: datetime
) -> SupervisionHour:
    """Write down time spent together, for the other one to confirm."""
    row = SupervisionHour(
        supervision_id=supervision.id, met_on=met_on, minutes=minutes, format=form, entered_by_id=by.id, entered_at=now
    )
    db.session.add(row)
    db.session.flush()
    audit.record("supervision.hours_noted", person_id=by.id, subject=("supervision", supervision.id))
    return row


def confirm_hours(row: SupervisionHour, *, by: Person, now: datetime) -> None:
    """Confirm what the other one wrote down; raises SupervisionError."""
    _hold(row)
    if by.id == row.entered_by_id:
        raise SupervisionError("You wrote this down yourself; the other one confirms it.")
    row.confirmed_at, row.confirmed_by_id = now, by.id
    db.session.flush()
    subject = ("supervision", row.supervision_id)
    audit.record("supervision.hours_confirmed", person_id=by.id, subject=subject, detail={"entry": row.id})


def withdraw_hours(row: SupervisionHour, *, by: Person, now: datetime) -> None:
    """Take back an entry that is not confirmed yet; raises SupervisionError."""
    _hold(row)
    row.withdrawn_at = now
    db.session.flush()
    subject = ("supervision", row.supervision_id)
    audit.record("supervision.hours_withdrawn", person_id=by.id, subject=subject, detail={"entry": row.id})


def _hold(row: SupervisionHour) -> None:
    db.session.refresh(row, with_for_update=True)
    if row.confirmed_at or row.withdrawn_at:
        raise SupervisionError("This entry was confirmed or taken back already.")
