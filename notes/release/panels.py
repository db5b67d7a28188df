"""What releases show elsewhere: what waits to be sent today, and the ways from a chart."""

from flask import render_template
from markupsafe import Markup

from notes.release import hands, queries, services
from notes.release.standing import STANDING
from practice.core import panels
from practice.core.ports import ports
from practice.models import Person
from practice.security import person_or_none


def fill() -> None:
    """Register the panels."""
    panels.fills("counselor_today", order=45)(unsent_today)
    panels.fills("client_chart", order=60)(on_the_chart)


def unsent_today(**_more: object) -> Markup | None:
    """Name the clients who allowed something that nobody has sent yet."""
    viewer, now = person_or_none(), ports().clock.now()
    if viewer is None or not viewer.is_counselor:
        return None
    found = queries.unsent(hands.in_hand(viewer, now=now, kinds=hands.IN_PLACE))
    waiting = [each for each in found if services.state_of(each, now) == STANDING]
    return _page("notes/release/panel_today.html", waiting=waiting) if waiting else None


def on_the_chart(*, client: Person, viewer: Person, **_more: object) -> Markup:
    """Lead to what may be given out about a client, and to what was."""
    kept, now = hands.kept_by(viewer, client), ports().clock.now()
    releases = queries.releases_of(kept)
    standing = sum(services.state_of(each, now) == STANDING for each in releases)
    given = len(queries.disclosures_of(kept))
    return _page("notes/release/panel_chart.html", client=client, standing=standing, given=given)


def _page(template: str, **words: object) -> Markup:
    return Markup(render_template(template, **words))  # noqa: S704 - a rendered template
