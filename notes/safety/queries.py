"""Whose safety plan is whose: a client has one with each counselor, and sees the one written last first."""

from collections.abc import Sequence

from sqlalchemy import func, select

from booking.models.appointments import Appointment
from notes.models import Chart
from notes.safety.models import SafetyPlan
from practice.core.db import db
from practice.models import Person

_MET = ("confirmed", "completed")


def counselors_of(client: Person) -> Sequence[Person]:
    """Return the counselors a client meets or has met, the one with the latest written plan first."""
    meets = (
        select(Appointment.counselor_id, func.max(Appointment.starts_at).label("met"))
        .where(Appointment.client_id == client.id, Appointment.status.in_(_MET))
        .group_by(Appointment.counselor_id)
        .subquery()
    )
    ours = (
        select(Person)
        .join(meets, meets.c.counselor_id == Person.id)
        .outerjoin(Chart, (Chart.counselor_id == Person.id) & (Chart.client_id == client.id))
        .outerjoin(SafetyPlan, SafetyPlan.chart_id == Chart.id)
        .order_by(SafetyPlan.updated_at.is_(None), SafetyPlan.updated_at.desc(), meets.c.met.desc())
    )
    return db.session.scalars(ours).all()


def chart_between(counselor: Person, client: Person) -> Chart | None:
    """Return the chart of a counselor on a client, if one was begun."""
    return db.session.scalar(select(Chart).where(Chart.counselor_id == counselor.id, Chart.client_id == client.id))
