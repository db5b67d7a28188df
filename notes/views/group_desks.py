"""Where the notes of a shared session are written together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, url_for

from booking.groups.queries import session_for
from booking.models.groups import GroupSession
from notes import together
from notes.forms import Draft
from notes.locking import Saved
from notes.naming import Mention
from notes.shapes import Layout
from notes.together import Seat
from notes.words import Words
from practice.security import current_person


@dataclass(frozen=True, slots=True)
class GroupDesk:
    """A shared session at work: a part for all, and one for each person whose note is not signed."""

    session: GroupSession
    seats: Sequence[Seat]

    heading = "Group notes"
    note = None
    client = None
    appointment = None
    is_signed_one_day = False

    @property
    def name(self) -> str:
        """The name its unsaved words go by on a device."""
        return f"group-{self.session.id}"

    @property
    def called(self) -> str:
        """What the session is called."""
        return self.session.title

    @property
    def at(self) -> datetime:
        """When the session was."""
        return self.session.starts_at

    @property
    def version(self) -> int:
        """How often any of the notes was saved."""
        return together.version_of(self.seats)

    @property
    def latest(self) -> Saved | None:
        """How it was last saved."""
        return together.latest_of(self.seats)

    @property
    def mentions(self) -> list[Mention]:
        """People who are named where they should not be."""
        return together.named_elsewhere(self.seats)

    @property
    def back_url(self) -> str:
        """Where one goes from here."""
        return url_for("booking.group", session_id=self.session.id)

    def again(self) -> "GroupDesk":
        """Look once more."""
        return GroupDesk(self.session, together.seats_of(self.session))

    def words(self) -> Words:
        """Put the page together."""
        return together.words_of(self.seats)

    def layouts(self) -> Mapping[str, Layout]:
        """Its one layout, with a part for everybody."""
        layout = together.layout_of(self.seats)
        return {layout.key: layout}

    def save(self, draft: Draft, *, now: datetime) -> int:
        """Save the page into everybody's note."""
        seats = together.save(
            self.session,
            draft.words,
            base_version=draft.base_version,
            tab=draft.tab,
            changes=draft.changes,
            now=now,
        )
        return together.version_of(seats)

    def url(self, page: str, **more: Any) -> str:
        """Address one of its pages: `write`, `save` or `merge`."""
        return url_for(f"notes.{page}_together", session_id=self.session.id, **more)


def of_group(session_id: int) -> GroupDesk:
    """Return the desk of a shared session of whoever asks, or answer 404."""
    session = session_for(current_person(), session_id) or abort(404)
    return GroupDesk(session, together.seats_of(session))
