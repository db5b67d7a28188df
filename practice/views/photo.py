"""The picture of a counselor, or initials where there is none."""

from __future__ import annotations

import hashlib

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from practice.core.db import db
from practice.initials import svg
from practice.models import CounselorPhoto, Person
from practice.security import open_to_all, person_or_none
from practice.views.blueprint import bp


@bp.get("/people/<int:person_id>/photo")
@open_to_all
def photo(person_id: int) -> ResponseReturnValue:
    """Serve the picture: to everybody while the profile is public, to people signed in otherwise."""
    person = db.session.get(Person, person_id)
    if person is None or person.profile is None or not _may_see(person):
        abort(404)
    kept: CounselorPhoto | None = person.profile.photo
    if kept is not None:
        return _answer(kept.image, kept.content_type, kept.digest)
    drawn = svg(person.id, person.name).encode()
    return _answer(drawn, "image/svg+xml", hashlib.sha256(drawn).hexdigest())


def _may_see(person: Person) -> bool:
    return person_or_none() is not None or (
        person.profile is not None and person.profile.published and person.is_open and person.is_counselor
    )


def _answer(data: bytes, content_type: str, digest: str) -> Response:
    answer = Response(data, content_type=content_type)
    answer.set_etag(digest)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer
