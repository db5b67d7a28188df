"""The list of openings and the page of one, as its reviewer, the one who is asked, or an administrator sees them."""

from collections.abc import Sequence

from flask import render_template, request
from sqlalchemy import ColumnElement

from notes.openings import queries, rules, services
from notes.openings.models import ChartOpening
from notes.openings.queries import ALL, AMISS, LOOK
from notes.views.blueprint import pager
from practice import deeds
from practice.core import forms
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import current_person

EXPECTED_WORDS = {
    rules.EXPECTED: "Kept as expected.",
    rules.AMISS: "Kept as not right. The people who run the practice see it now.",
}
STAGES = {
    rules.WAITS: ("To look at", "wait", "eye"),
    rules.ASKED: ("Asked", "info", "hourglass"),
    rules.ANSWERED: ("Answered", "wait", "message"),
    rules.EXPECTED: ("As expected", "good", "check"),
    rules.AMISS: ("Not right", "bad", "alert"),
}
KINDS = {rules.COVER: "covering", rules.SUCCESSOR: "after taking over"}


def list_page(mine: ColumnElement[bool], *, office: bool, asked: Sequence[ChartOpening] = ()) -> str:
    """Show one of three lists, narrowed to a name."""
    show = request.args.get("show", LOOK)
    show = show if show in {AMISS, ALL} else LOOK
    name = request.args.get("name", "").strip()[:100]
    now = ports().clock.now()
    page = request.args.get("page", default=1, type=int)
    listed = queries.listed(mine, show=show, name=name, page=page, now=now if office else None)
    here = "notes.practice_openings" if office else "notes.openings"
    return render_template(
        "notes/openings/list.html",
        listed=listed,
        show=show,
        name=name,
        form=forms.blank(name=name),
        office=office,
        asked=asked,
        here=here,
        one="notes.practice_opening" if office else "notes.opening",
        pages=pager(listed, here, show=show if show != LOOK else None, name=name or None),
        stages=STAGES,
        kinds=KINDS,
        reasons=reason_words(),
    )


def opening_page(row: ChartOpening, form: Errors, *, office: bool) -> str:
    """Show who opened which chart, why, what they did with it, and how the review stands."""
    is_mine = row.person_id == current_person().id
    return render_template(
        "notes/openings/show.html",
        row=row,
        form=form,
        office=office,
        is_mine=is_mine,
        answer="" if office or is_mine else services.answer_of(row),
        seen=[(entry, deeds.words(entry.action)) for entry in queries.deeds_in(row)],
        stages=STAGES,
        kinds=KINDS,
        reasons=reason_words(),
    )


def reason_words() -> dict[str, str]:
    """Name the reasons as the staff reads them."""
    return {key: label for key, label, _ in rules.REASONS}
