"""What the pages of releases share: whose one it is, and what is shown of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Response, abort, url_for

from notes.models import Chart
from notes.openings.views.asking import ask_first, reason_of
from notes.release import hands, queries, services
from notes.release.models import Release
from notes.release.terms import PSYCHOTHERAPY, STATEMENTS, SUBSTANCE_USE, standing_words
from notes.release.words import PARTS, RECIPIENTS, WAYS, Signed, period
from practice.core import audit
from practice.core.ports import ports
from practice.security import current_person


def now() -> datetime:
    """Tell the time."""
    return ports().clock.now()


def today() -> date:
    """Tell the day where the person is who asks."""
    return services.day_of(current_person(), now())


def release_in_hand(release_id: int) -> Release:
    """Load an authorisation that this counselor handles, or answer 404.

    Whoever is outside the care team of its chart says first why they open it.
    """
    ours = hands.in_hand(current_person(), now=now())
    release = queries.release_for(ours, release_id) or abort(404)
    _ask_why(release.chart, url_for("notes.release", release_id=release.id))
    return release


def shared_chart(chart_id: int, onward: str = "") -> Chart:
    """Load a chart of which this counselor handles what is given out, or answer 404.

    Before it is opened, and so with somewhere to go on to, whoever is outside its care team says why.
    """
    chart = hands.chart_in_hand(current_person(), chart_id, now=now()) or abort(404)
    if onward:
        _ask_why(chart, onward)
    return chart


def seen(action: str, release: Release) -> None:
    """Keep that an authorisation was looked at."""
    looked_at(action, release.chart, ("release", release.id))


def looked_at(action: str, chart: Chart, subject: tuple[str, int]) -> None:
    """Keep that something of a chart was looked at, in what role and why."""
    person = current_person()
    audit.record_aside(
        action,
        person_id=person.id,
        subject=subject,
        about=chart.client_id,
        acting=hands.role_of(chart, person, now=now()),
        reason=_reason(chart),
    )


def _ask_why(chart: Chart, onward: str) -> None:
    person, instant = current_person(), now()
    access = hands.access_to(chart, person, now=instant) if person.id != chart.counselor_id else None
    if access and access.kind in hands.IN_PLACE and reason_of(access, now=instant) is None:
        abort(ask_first(access, onward))


def _reason(chart: Chart) -> str | None:
    """Say why somebody beside the chart's counselor opens it."""
    person, instant = current_person(), now()
    access = hands.access_to(chart, person, now=instant) if person.id != chart.counselor_id else None
    if access is None:
        return None
    return reason_of(access, now=instant) if access.kind in hands.IN_PLACE else "supervision"


def facts_of(release: Release, signed: Signed) -> Mapping[str, Any]:
    """Say what an authorisation says."""
    return {
        "release": release,
        "signed": signed,
        "holds": standing_words(signed),
        "parts": [PARTS[part] for part in signed.parts],
        "period": period(signed.first, signed.last),
        "recipients": RECIPIENTS,
        "ways": WAYS,
        "apart": PSYCHOTHERAPY,
        "redisclosure": SUBSTANCE_USE,
    }


def form_words() -> Mapping[str, Any]:
    """List what the form of an authorisation offers."""
    return {
        "parts": [*PARTS.items()],
        "recipients": [*RECIPIENTS.items()],
        "ways": [*WAYS.items()],
        "statements": STATEMENTS,
        "apart": PSYCHOTHERAPY,
        "redisclosure": SUBSTANCE_USE,
        "today": today(),
    }


def file(document: bytes, name: str) -> Response:
    """Answer with a PDF to keep."""
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
