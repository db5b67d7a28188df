"""What the pages of releases share: whose one it is, and what is shown of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Response, abort

from notes.release import queries, services
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


def my_release(release_id: int) -> Release:
    """Load an authorisation of the client or the counselor who asks, or answer 404."""
    return queries.release_for(current_person(), release_id) or abort(404)


def seen(action: str, release: Release) -> None:
    """Keep that an authorisation was looked at."""
    person, client_id = current_person(), release.chart.client_id
    acting = None if person.id == client_id else "counselor"
    audit.record_aside(action, person_id=person.id, subject=("release", release.id), about=client_id, acting=acting)


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
