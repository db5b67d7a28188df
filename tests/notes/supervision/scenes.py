"""Two counselors, one of whom supervises the other."""

from datetime import date

from notes.supervision import services
from notes.supervision.models import Supervision
from practice.core.db import db
from practice.models import Person
from tests.builders import LONG_AGO

FIRST_DAY = LONG_AGO.date()


def a_supervision(
    supervisor: Person,
    supervisee: Person,
    by: Person,
    *,
    duty: str = "cosign",
    begins_on: date = FIRST_DAY,
    ends_on: date | None = None,
    accepted: bool = True,
) -> Supervision:
    """Arrange a supervision, and have it accepted."""
    row = services.arrange(supervisor, supervisee, duty=duty, begins_on=begins_on, ends_on=ends_on, by=by, now=LONG_AGO)
    if accepted:
        services.accept(row, today=FIRST_DAY, now=LONG_AGO)
    db.session.commit()
    return row
