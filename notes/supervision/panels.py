"""What supervision shows elsewhere: signatures below a note, and what waits today."""

from datetime import timedelta

from flask import render_template
from markupsafe import Markup

from notes.models import Note
from notes.supervision import queries
from notes.supervision.views.pages import now, today
from practice.core import panels
from practice.security import current_person, person_or_none

LATELY = timedelta(days=60)
"""A comment nobody has read for so long is no longer news."""


def fill() -> None:
    """Register the panels."""
    panels.fills("note_signatures", order=10)(below_the_signature)
    panels.fills("counselor_today", order=30)(of_today)


def below_the_signature(*, note: Note, paper: bool = False, **_more: object) -> Markup | None:
    """Name who approved or signed a note as well, whose signature it waits for, and how much was said about it."""
    done = [review for review in queries.reviews_of(note) if review.decision != "returned"]
    waits = queries.standings(note, today=today())
    said = 0 if paper else len(queries.comments_on(note))
    if not (done or waits or said):
        return None
    template = "print/signatures.html" if paper else "notes/supervision/panel_signatures.html"
    zone = current_person().zone
    page = render_template(template, note=note, done=done, waits=waits, zone=zone, said=said)
    return Markup(page)  # noqa: S704 - a rendered template


def of_today(**_more: object) -> Markup | None:
    """Tell a counselor what waits in supervision."""
    person = person_or_none()
    if person is None or not person.is_counselor:
        return None
    asked = [
        each
        for each in queries.supervisions_of(person)
        if each.supervisee_id == person.id and not each.accepted_at and not each.ended_at
    ]
    queue = [each for each in queries.queue(person, today=today()) if each.standing != "sent_back"]
    answers = queries.answers_due(person, today=today())
    said = queries.unread_comments(person, since=now() - LATELY)
    if not (asked or queue or answers or said):
        return None
    page = render_template("notes/supervision/panel_today.html", asked=asked, queue=queue, answers=answers, said=said)
    return Markup(page)  # noqa: S704 - a rendered template
