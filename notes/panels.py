"""What notes show on pages of booking: the note of a session, and what waits today."""

from flask import render_template
from markupsafe import Markup

from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from notes import boards, queries, services
from notes.custody import people, vouching
from practice.core import panels
from practice.core.ports import ports
from practice.models import Person
from practice.security import person_or_none


def fill() -> None:
    """Register the panels."""
    panels.fills("appointment", order=40)(of_appointment)
    panels.fills("counselor_today", order=40)(of_today)
    panels.fills("group_notes", order=40)(of_group)
    panels.fills("person_keys")(of_keys)


def of_appointment(*, appointment: Appointment, viewer: Person | None = None, **_more: object) -> Markup | None:
    """Offer the counselor of a session its note."""
    viewer = viewer or person_or_none()
    if viewer is None or viewer.id != appointment.counselor_id or appointment.status not in services.WRITABLE:
        return None
    note = queries.note_of(appointment)
    page = render_template("notes/panel_appointment.html", appointment=appointment, note=note)
    return Markup(page)  # noqa: S704 - a rendered template


def of_group(*, session: GroupSession, viewer: Person | None = None, **_more: object) -> Markup | None:
    """Lead the counselor of a shared session to the page where its notes are written together."""
    viewer = viewer or person_or_none()
    if viewer is None or viewer.id != session.counselor_id or session.starts_at > ports().clock.now():
        return None
    return Markup(render_template("notes/panel_group.html", session=session))  # noqa: S704 - a rendered template


def of_keys(*, person: Person, **_more: object) -> Markup | None:
    """Show which key somebody's words are sealed for, and whether it is the one in the audit log."""
    keys = people.keys_of(person.id)
    if not keys:
        return None
    mark, sound = vouching.mark(keys[-1].public), bool(vouching.of_people(keys[-1:]))
    page = render_template("notes/panel_keys.html", key=keys[-1], mark=mark, sound=sound, person=person)
    return Markup(page)  # noqa: S704 - a rendered template


def of_today(**_more: object) -> Markup | None:
    """Tell the counselor how many notes wait."""
    viewer = person_or_none()
    if viewer is None or not viewer.is_counselor:
        return None
    board = boards.unsigned(viewer, now=ports().clock.now())
    if not board.total:
        return None
    return Markup(render_template("notes/panel_today.html", board=board, note_days=boards.days_to_sign()))  # noqa: S704 - a rendered template
