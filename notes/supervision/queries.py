"""Supervisions and their notes, as each of the two may find them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from notes.models import IN_RECORD, SIGNED, Chart, Note
from notes.supervision import rules
from notes.supervision.models import NoteReview, ReviewComment, Supervision, SupervisionHour
from notes.supervision.rules import APPROVE, COSIGN, RETURNED, Decision, Met
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.models import Person

MOST = 200
COMMENTS_READ = "note.comments_read"
"""What stands in the log when an author has read what was said of a note."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A signed note in somebody's queue, and where it stands."""

    note: Note
    supervision: Supervision
    standing: str


def supervisions_of(person: Person) -> Sequence[Supervision]:
    """Return every supervision a person is or was part of, the running ones first."""
    mine = or_(Supervision.supervisor_id == person.id, Supervision.supervisee_id == person.id)
    return db.session.scalars(
        select(Supervision)
        .where(mine)
        .options(selectinload(Supervision.supervisor), selectinload(Supervision.supervisee))
        .order_by(Supervision.ended_at.is_not(None), Supervision.id.desc())
    ).all()


def supervision_for(person: Person, supervision_id: int) -> Supervision | None:
    """Return a supervision this person is or was part of."""
    return next((each for each in supervisions_of(person) if each.id == supervision_id), None)


def arranged() -> Sequence[Supervision]:
    """Return what the practice has arranged, the running ones first; for administrators."""
    people = (selectinload(Supervision.supervisor), selectinload(Supervision.supervisee))
    return db.session.scalars(
        select(Supervision).options(*people).order_by(Supervision.ended_at.is_not(None), Supervision.id.desc())
    ).all()


def runs(supervision: Supervision, today: date) -> bool:
    """Tell whether a supervision gives access on a day."""
    return rules.runs(
        accepted_at=supervision.accepted_at,
        begins_on=supervision.begins_on,
        ends_on=supervision.ends_on,
        ended=supervision.ended_at is not None,
        today=today,
    )


def overseeing(supervisor: Person, supervisee_id: int, *, today: date) -> Supervision | None:
    """Return the supervision by which one reads the charts of another today."""
    ours = select(Supervision).where(
        Supervision.supervisor_id == supervisor.id, Supervision.supervisee_id == supervisee_id
    )
    return next((each for each in db.session.scalars(ours) if runs(each, today)), None)


def note_for(reader: Person, note_id: int, *, today: date) -> tuple[Note, Supervision] | None:
    """Return a signed note of the record that this person oversees today."""
    wanted = select(Note).where(Note.id == note_id, Note.status == SIGNED, Note.kind.in_(IN_RECORD))
    note = db.session.scalar(wanted)
    supervision = overseeing(reader, note.author_id, today=today) if note else None
    return (note, supervision) if note and supervision else None


def chart_for(reader: Person, chart_id: int, *, today: date) -> tuple[Chart, Supervision] | None:
    """Return a chart that this person oversees today."""
    chart = db.session.get(Chart, chart_id)
    supervision = overseeing(reader, chart.counselor_id, today=today) if chart else None
    return (chart, supervision) if chart and supervision else None


def charts_of(counselor_id: int) -> Sequence[Chart]:
    """Return a counselor's charts by the names of their clients."""
    ours = select(Chart).join(Person, Person.id == Chart.client_id).where(Chart.counselor_id == counselor_id)
    return db.session.scalars(ours.options(joinedload(Chart.client)).order_by(func.lower(Person.name))).all()


def signed_notes(chart: Chart) -> Sequence[Note]:
    """Return the signed notes of a chart's record, the latest first."""
    ours = select(Note).where(Note.chart_id == chart.id, Note.status == SIGNED, Note.kind.in_(IN_RECORD))
    return db.session.scalars(ours.options(joinedload(Note.appointment)).order_by(Note.signed_at.desc())).all()


def queue(supervisor: Person, *, today: date) -> list[Waiting]:
    """Return the notes that wait for this supervisor, and those sent back and not answered yet; the oldest first."""
    mine = Supervision.supervisor_id == supervisor.id
    return [each for each in _unfinished(mine, most=MOST) if runs(each.supervision, today)]


def answers_due(supervisee: Person, *, today: date) -> list[Waiting]:
    """Return this counselor's own notes that a supervisor sent back and that wait for an answer."""
    mine = Supervision.supervisee_id == supervisee.id
    found = [each for each in _unfinished(mine, most=MOST) if runs(each.supervision, today)]
    return [each for each in found if each.standing == rules.SENT_BACK]


def awaited(author: Person, *, today: date) -> list[Waiting]:
    """Return this counselor's signed notes that wait for a supervisor's approval or signature, the oldest first."""
    mine = Supervision.supervisee_id == author.id
    found = [each for each in _unfinished(mine, most=MOST) if runs(each.supervision, today)]
    return [each for each in found if each.standing != rules.SENT_BACK]


def unread_comments(author: Person, *, since: datetime) -> Sequence[ReviewComment]:
    """Return the last word of a supervisor on each of this counselor's notes that they have not read yet."""
    read = select(func.max(AuditEntry.at)).where(
        AuditEntry.action == COMMENTS_READ,
        AuditEntry.subject_kind == "note",
        AuditEntry.subject_id == Note.id,
        AuditEntry.person_id == author.id,
    )
    said = (
        select(func.max(ReviewComment.id))
        .join(Note, Note.id == ReviewComment.note_id)
        .where(Note.author_id == author.id, ReviewComment.author_id != author.id, ReviewComment.written_at >= since)
        .where(ReviewComment.written_at > func.coalesce(read.scalar_subquery(), since))
        .group_by(ReviewComment.note_id)
    )
    chart = joinedload(ReviewComment.note).joinedload(Note.chart).joinedload(Chart.client)
    ours = select(ReviewComment).where(ReviewComment.id.in_(said)).options(joinedload(ReviewComment.author), chart)
    return db.session.scalars(ours.order_by(ReviewComment.written_at.desc())).all()


def standings(note: Note, *, today: date) -> list[tuple[Supervision, str]]:
    """Tell where a note stands with each supervisor who must approve or sign it."""
    this = Supervision.supervisee_id == note.author_id
    unfinished = [each for each in _unfinished(this, note_id=note.id) if runs(each.supervision, today)]
    return [(each.supervision, each.standing) for each in unfinished]


def reviews_of(note: Note) -> Sequence[NoteReview]:
    """Return what supervisors decided about a note, the first first."""
    ours = select(NoteReview).where(NoteReview.note_id == note.id).options(joinedload(NoteReview.reviewer))
    return db.session.scalars(ours.order_by(NoteReview.reviewed_at, NoteReview.id)).all()


def comments_on(note: Note) -> Sequence[ReviewComment]:
    """Return what was said about a note, still sealed, the first first."""
    ours = select(ReviewComment).where(ReviewComment.note_id == note.id).options(joinedload(ReviewComment.author))
    return db.session.scalars(ours.order_by(ReviewComment.number)).all()


def hours_of(supervision: Supervision) -> Sequence[SupervisionHour]:
    """Return the hours of a supervision, the latest day first."""
    ours = select(SupervisionHour).where(
        SupervisionHour.supervision_id == supervision.id, SupervisionHour.withdrawn_at.is_(None)
    )
    newest = (SupervisionHour.met_on.desc(), SupervisionHour.id.desc())
    return db.session.scalars(ours.options(joinedload(SupervisionHour.entered_by)).order_by(*newest)).all()


def totals(rows: Iterable[SupervisionHour]) -> rules.Totals:
    """Add up hours."""
    return rules.total(Met(row.minutes, row.format, row.confirmed_at is not None) for row in rows)


def _unfinished(mine: ColumnElement[bool], *, note_id: int = 0, most: int = MOST) -> list[Waiting]:
    final = aliased(NoteReview)
    done = select(final.id).where(
        final.note_id == Note.id, final.reviewer_id == Supervision.supervisor_id, final.decision != RETURNED
    )
    wanted = (
        select(Note, Supervision)
        .join(Supervision, Supervision.supervisee_id == Note.author_id)
        .where(mine, Supervision.duty.in_((APPROVE, COSIGN)), Supervision.ended_at.is_(None))
        .where(Note.status == SIGNED, Note.kind.in_(IN_RECORD), Note.signed_at >= Supervision.accepted_at)
        .where(~done.exists(), *([Note.id == note_id] if note_id else []))
        .options(selectinload(Note.chart).selectinload(Chart.client), selectinload(Note.addenda))
        .order_by(Note.signed_at, Note.id)
        .limit(most)
    )
    rows = [(note, supervision) for note, supervision in db.session.execute(wanted)]
    decisions = _decisions({note.id for note, _ in rows})
    return [
        Waiting(note, each, rules.stands(decisions[note.id, each.supervisor_id], addenda=len(note.addenda)))
        for note, each in rows
    ]


def _decisions(note_ids: set[int]) -> dict[tuple[int, int], list[Decision]]:
    found: dict[tuple[int, int], list[Decision]] = defaultdict(list)
    for row in db.session.scalars(select(NoteReview).where(NoteReview.note_id.in_(note_ids))):
        found[row.note_id, row.reviewer_id].append(Decision(row.decision, row.reviewed_at, row.addenda))
    return found
