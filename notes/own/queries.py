"""What belongs to a client's record, whoever wrote it: still sealed, the earliest first.

Drafts and psychotherapy notes (45 CFR 164.501) are in none of it.
"""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from booking.models.appointments import Appointment
from booking.policy import COMPLETED
from notes.measures.models import GIVEN, MeasureAsking
from notes.models import IN_RECORD, SIGNED, Addendum, Chart, Note
from notes.plans.models import PlanVersion
from notes.queries import noted_at
from notes.safety.models import SafetyPlan, SafetyVersion
from practice.core.db import db
from practice.models import CounselorProfile, Person


def notes_of(client: Person, *, first: int = 0, most: int | None = None) -> Sequence[Note]:
    """Return the signed notes of every counselor, or so many of them after the first so many."""
    wanted = (
        _signed(client)
        .outerjoin(Appointment, Appointment.id == Note.appointment_id)
        .order_by(noted_at, Note.id)
        .options(
            selectinload(Note.addenda).joinedload(Addendum.author),
            selectinload(Note.appointment).joinedload(Appointment.service),
            joinedload(Note.author).joinedload(Person.profile).selectinload(CounselorProfile.licences),
        )
    )
    return db.session.scalars(wanted.offset(first).limit(most)).all()


def counselors_with_notes(client: Person) -> Sequence[tuple[Person, int]]:
    """Return who has signed notes on the client, and how many."""
    counted = _signed(client).with_only_columns(Note.author_id, func.count(Note.id).label("notes"))
    counts = counted.group_by(Note.author_id).subquery()
    rows = db.session.execute(
        select(Person, counts.c.notes).join(counts, counts.c.author_id == Person.id).order_by(Person.name, Person.id)
    )
    return [(person, notes) for person, notes in rows]


def sessions_of(client: Person, *, first: int = 0, most: int | None = None) -> Sequence[Appointment]:
    """Return the sessions the client came to, or so many of them after the first so many."""
    held = select(Appointment).where(Appointment.client_id == client.id, Appointment.status == COMPLETED)
    with_people = held.options(joinedload(Appointment.service), joinedload(Appointment.counselor))
    in_order = with_people.order_by(Appointment.starts_at, Appointment.id)
    return db.session.scalars(in_order.offset(first).limit(most)).all()


def answers_of(client: Person, *, first: int = 0, most: int | None = None) -> Sequence[MeasureAsking]:
    """Return the questionnaires that were answered, or so many of them after the first so many."""
    given = select(MeasureAsking).join(Chart).where(Chart.client_id == client.id, MeasureAsking.state == GIVEN)
    with_people = given.options(joinedload(MeasureAsking.chart).joinedload(Chart.counselor))
    in_order = with_people.order_by(MeasureAsking.given_at, MeasureAsking.id)
    return db.session.scalars(in_order.offset(first).limit(most)).all()


def safety_plans_of(client: Person) -> Sequence[SafetyPlan]:
    """Return the safety plans that have words in them."""
    ours = select(SafetyPlan).join(Chart).where(Chart.client_id == client.id, SafetyPlan.version > 0)
    whole = ours.options(selectinload(SafetyPlan.versions).joinedload(SafetyVersion.author))
    return db.session.scalars(whole.order_by(SafetyPlan.id)).all()


def has_treatment_plan(client: Person) -> bool:
    """Tell whether a counselor keeps a treatment plan, which is sealed for those who treat alone."""
    theirs = select(PlanVersion.id).join(Chart, Chart.id == PlanVersion.chart_id).where(Chart.client_id == client.id)
    return db.session.scalar(theirs.limit(1)) is not None


def _signed(client: Person) -> Select[Note]:
    ours = select(Note).join(Chart, Chart.id == Note.chart_id)
    return ours.where(Chart.client_id == client.id, Note.status == SIGNED, Note.kind.in_(IN_RECORD))
