"""The notes of a session that several people shared: one page to write on, one note in each person's own chart.

What the group did is written once and stands the same in everybody's chart; each person's own part goes into their
chart alone. Nothing is kept of the page itself: it is put together from the notes whenever it is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from booking.groups.queries import roster
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from notes import opening, queries, services
from notes.boards import NOTED
from notes.layouts import GROUP
from notes.locking import Saved, overtaken
from notes.models import Note
from notes.naming import Mention, mentions
from notes.services import NoteClosedError, VersionConflictError
from notes.shapes import Layout, Section
from notes.words import Words
from practice.core.db import db
from practice.models import Person

COMMON, INDIVIDUAL = "common", "individual"
_PART = "part-"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person who came, and their note: not begun, at work, signed, or written apart in another layout."""

    appointment: Appointment
    note: Note | None
    words: Words

    @property
    def key(self) -> str:
        """The name of their part on the page."""
        return f"{_PART}{self.appointment.id}"

    @property
    def is_open(self) -> bool:
        """Tell whether their part is written on the page: not signed, and not written apart."""
        return not (self.note and self.note.is_signed) and self.words.layout.key == GROUP.key


def seats_of(session: GroupSession) -> list[Seat]:
    """List who came, with their notes open."""
    came = [seat for seat in roster(session) if seat.status in NOTED]
    return [_seat(appointment, queries.note_of(appointment)) for appointment in came]


def words_of(seats: Sequence[Seat]) -> Words:
    """Put the page together: what the group did, and each open person's own part."""
    at_work = [seat for seat in seats if seat.is_open]
    parts = {seat.key: seat.words.text(INDIVIDUAL) for seat in at_work}
    return Words(layout_of(at_work), "", {COMMON: _common(at_work), **parts})


def layout_of(seats: Sequence[Seat]) -> Layout:
    """Lay the page out: a part for all, and one for each person."""
    people = [Section(seat.key, seat.appointment.client.name, "Only in this person's own chart.") for seat in seats]
    return Layout("together", "Group session", GROUP.about, (GROUP.sections[0], *people))


def version_of(seats: Sequence[Seat]) -> int:
    """Count the versions of all open notes: any save of any of them makes it grow."""
    return sum(seat.note.version for seat in seats if seat.is_open and seat.note)


def latest_of(seats: Sequence[Seat]) -> Saved | None:
    """Tell how the page, or one of its notes, was last saved."""
    rows = [opening.version_of(seat.note, seat.note.version) for seat in seats if seat.is_open and seat.note]
    kept = [row for row in rows if row]
    return opening.saved(max(kept, key=lambda row: (row.saved_at, row.id))) if kept else None


def save(
    session: GroupSession, words: Words, *, base_version: int, tab: str, changes: int, now: datetime
) -> Sequence[Seat]:
    """Save the page into everybody's note; raises VersionConflictError when another tab saved in between.

    The tab that saved last had seen everything, so it may always go on. Raises NoteClosedError when there are words
    for somebody whose note is closed by now.
    """
    db.session.refresh(session, with_for_update=True)
    before = seats_of(session)
    _refuse_closed(before, words)
    latest, version = latest_of(before), version_of(before)
    if overtaken(latest, tab=tab, changes=changes):
        return before
    if version != base_version and not (latest and latest.tab == tab):
        at = latest.at if latest else None
        raise VersionConflictError(mine=words, theirs=words_of(before), version=version, saved_at=at)
    was_common = words_of(before).text(COMMON)
    try:
        for seat in before:
            if seat.is_open and seat.key in words.sections:
                _save_seat(seat, words, was_common, Saved(0, 0, tab, now, changes))
    except VersionConflictError as conflict:  # one of the notes was saved by itself at the same moment
        theirs = seats_of(session)
        raise VersionConflictError(
            mine=words, theirs=words_of(theirs), version=version_of(theirs), saved_at=conflict.saved_at
        ) from conflict
    return seats_of(session)


def named_elsewhere(seats: Sequence[Seat]) -> list[Mention]:
    """Find members whose names stand where they should not: in the common part, or in somebody else's."""
    people = [seat.appointment.client for seat in seats]
    at_work = [seat for seat in seats if seat.is_open]
    found = mentions({GROUP.label(COMMON): _common(at_work)}, [person.name for person in people])
    for seat in at_work:
        own = seat.appointment.client
        part = {f"{own.name}: own part": seat.words.text(INDIVIDUAL)}
        found += mentions(part, _others(people, own))
    return found


def named_in(note: Note, words: Words) -> list[Mention]:
    """Find other members' names in a note that belongs to a shared session; they do not belong in this chart."""
    parts = {section.label: words.text(section.key) for section in words.layout.sections}
    return mentions({"Title": words.title, **parts}, _members_beside(note))


def named_in_addition(note: Note, text: str) -> list[Mention]:
    """Find other members' names in what is to be added to a note."""
    return mentions({"Addendum": text}, _members_beside(note))


def _members_beside(note: Note) -> list[str]:
    """Name who else was in the note's session; of a note apart, in any session the author held for several."""
    if note.appointment is not None:
        session = note.appointment.group_session
        return _others([seat.client for seat in roster(session)], note.client) if session else []
    theirs = select(Appointment.group_session_id).where(
        Appointment.counselor_id == note.author_id, Appointment.client_id == note.client.id
    )
    beside = select(Appointment.client_id).where(
        Appointment.group_session_id.in_(theirs.where(Appointment.group_session_id.is_not(None)))
    )
    people = db.session.scalars(select(Person).where(Person.id.in_(beside)).order_by(Person.id)).all()
    return _others(people, note.client)


def _seat(appointment: Appointment, note: Note | None) -> Seat:
    return Seat(appointment, note, opening.words_of(note) if note else Words(GROUP))


def _refuse_closed(seats: Sequence[Seat], words: Words) -> None:
    for seat in seats:
        text = words.text(seat.key).strip()
        if text and not seat.is_open and text != seat.words.text(INDIVIDUAL).strip():
            name = seat.appointment.client.name
            raise NoteClosedError(f"The note of {name} was signed, or got another layout, in the meantime.")


def _common(at_work: Sequence[Seat]) -> str:
    """Return the common part, as most of the open notes have it."""
    said = [seat.words.text(COMMON) for seat in at_work if seat.words.text(COMMON).strip()]
    return max(said, key=said.count, default="")


def _save_seat(seat: Seat, words: Words, was_common: str, coming: Saved) -> None:
    own, common = seat.words.text(COMMON), words.text(COMMON)
    follows = own == was_common or not own.strip()
    parts = {COMMON: common if follows else own, INDIVIDUAL: words.text(seat.key)}
    becomes = replace(seat.words, sections={**seat.words.sections, **parts})
    if (becomes.blank and seat.note is None) or becomes == seat.words:
        return
    note = seat.note or services.open_or_start(seat.appointment, now=coming.at)
    base_version = seat.note.version if seat.note else 0
    services.save_draft(note, becomes, base_version=base_version, tab=coming.tab, changes=coming.changes, now=coming.at)


def _others(people: Sequence[Person], own: Person) -> list[str]:
    """Everybody else's name, without the parts of it that are this person's own too."""
    mine = set(own.name.casefold().split())
    names = [[part for part in other.name.split() if part.casefold() not in mine] for other in people if other != own]
    return [" ".join(parts) for parts in names if parts]
