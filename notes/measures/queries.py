"""Questionnaires as their counselor, or the client they are asked of, may see them; to others they are not there."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from booking.models.appointments import Appointment
from booking.policy import COMPLETED, CONFIRMED
from notes.custody.models import COVER, SUCCESSOR, Access
from notes.measures import sealing
from notes.measures.instruments import Instrument, Scale
from notes.measures.models import (
    GIVEN,
    OPEN,
    MeasureAlert,
    MeasureAsking,
    MeasureOffer,
    MeasurePlan,
    MeasureRules,
)
from notes.measures.register import FREE
from notes.measures.scoring import Answers, Course, Point, score
from notes.models import Chart
from practice.core.db import db
from practice.models import Person


def alert_minutes() -> int:
    """Return how long an alert may stay unseen before the practice hears of it."""
    rules = db.session.get(MeasureRules, 1)
    return rules.alert_minutes if rules else 60


def offered() -> list[Instrument]:
    """Return what the practice offers; everything free, but for what it took out."""
    taken_out = set(db.session.scalars(select(MeasureOffer.instrument).where(MeasureOffer.offered.is_(False))))
    return [each for each in FREE.values() if each.key not in taken_out]


def asking_of_counselor(counselor: Person, asking_id: int) -> MeasureAsking | None:
    """Return something this counselor had asked."""
    return db.session.scalar(_asking(asking_id).where(Chart.counselor_id == counselor.id))


def asking_of_client(client: Person, asking_id: int) -> MeasureAsking | None:
    """Return something this client is asked."""
    return db.session.scalar(_asking(asking_id).where(Chart.client_id == client.id))


def open_askings(client: Person) -> Sequence[MeasureAsking]:
    """Return what waits for a client's answers, the oldest first."""
    waiting = select(MeasureAsking).join(Chart).where(Chart.client_id == client.id, MeasureAsking.state.in_(OPEN))
    return db.session.scalars(_with_people(waiting).order_by(MeasureAsking.asked_at, MeasureAsking.id)).all()


def given_by(client: Person) -> Sequence[MeasureAsking]:
    """Return what a client has given, the newest first."""
    ours = select(MeasureAsking).join(Chart).where(Chart.client_id == client.id, MeasureAsking.state == GIVEN)
    return db.session.scalars(_with_people(ours).order_by(MeasureAsking.given_at.desc())).all()


def askings_on(chart: Chart) -> Sequence[MeasureAsking]:
    """Return everything asked on a chart and not taken back, the oldest first."""
    ours = select(MeasureAsking).where(MeasureAsking.chart_id == chart.id, MeasureAsking.state.in_((*OPEN, GIVEN)))
    return db.session.scalars(ours.order_by(MeasureAsking.given_at, MeasureAsking.asked_at, MeasureAsking.id)).all()


def plans_on(chart: Chart) -> Sequence[MeasurePlan]:
    """Return the plans on a chart that still run."""
    ours = select(MeasurePlan).where(MeasurePlan.chart_id == chart.id, MeasurePlan.ended_at.is_(None))
    return db.session.scalars(ours.order_by(MeasurePlan.begun_at)).all()


def plan_of_counselor(counselor: Person, plan_id: int) -> MeasurePlan | None:
    """Return a plan of this counselor."""
    ours = select(MeasurePlan).join(Chart).where(MeasurePlan.id == plan_id, Chart.counselor_id == counselor.id)
    return db.session.scalar(ours)


def results(askings: Iterable[MeasureAsking]) -> list[tuple[MeasureAsking, Answers]]:
    """Open the answers that were given."""
    return [(asking, sealing.given(asking)) for asking in askings if asking.state == GIVEN]


def courses(found: Sequence[tuple[MeasureAsking, Answers]]) -> list[Course]:
    """Draw up the course of every scale that was ever answered, in the order of the register."""
    told: dict[str, tuple[Scale, list[Point]]] = {}
    for key, instrument in FREE.items():
        ours = [(asking, answers) for asking, answers in found if asking.instrument == key]
        for scale in instrument.scales if ours else ():
            points = [Point(at, value) for asking, answers in ours for at, value in _valued(asking, answers, scale)]
            told[scale.key] = (scale, points)
    return [Course(scale, points) for scale, points in told.values()]


def sessions_held(chart: Chart) -> Sequence[datetime]:
    """Return when the two of a chart have met, the earliest first."""
    held = select(Appointment.starts_at).where(
        Appointment.counselor_id == chart.counselor_id,
        Appointment.client_id == chart.client_id,
        Appointment.status == COMPLETED,
    )
    return db.session.scalars(held.order_by(Appointment.starts_at)).all()


def next_session(chart: Chart, now: datetime) -> Appointment | None:
    """Return the next session the two of a chart have agreed on."""
    coming = select(Appointment).where(
        Appointment.counselor_id == chart.counselor_id,
        Appointment.client_id == chart.client_id,
        Appointment.status == CONFIRMED,
        Appointment.starts_at > now,
    )
    return db.session.scalars(coming.order_by(Appointment.starts_at).limit(1)).first()


def sessions_since(chart: Chart, asked_before: Appointment, coming: Appointment) -> int:
    """Count the sessions after one until another, that one included."""
    between = select(func.count(Appointment.id)).where(
        Appointment.counselor_id == chart.counselor_id,
        Appointment.client_id == chart.client_id,
        Appointment.status.in_((CONFIRMED, COMPLETED)),
        Appointment.starts_at > asked_before.starts_at,
        Appointment.starts_at <= coming.starts_at,
    )
    return db.session.scalar(between) or 0


def alert_of(counselor: Person, alert_id: int, *, now: datetime) -> MeasureAlert | None:
    """Return an alert that is this counselor's to answer, or theirs who covers or took over."""
    ours = select(MeasureAlert).join(Chart, Chart.id == MeasureAlert.chart_id)
    return db.session.scalar(ours.where(MeasureAlert.id == alert_id, _answered_by(counselor, now)))


def open_alerts(counselor: Person, *, now: datetime) -> Sequence[MeasureAlert]:
    """Return the alerts a counselor may answer that are not settled, the oldest first."""
    ours = select(MeasureAlert).join(Chart, Chart.id == MeasureAlert.chart_id)
    waiting = ours.where(_answered_by(counselor, now), MeasureAlert.settled_at.is_(None))
    return db.session.scalars(waiting.order_by(MeasureAlert.raised_at)).all()


def called_with(chart: Chart, *, now: datetime) -> list[int]:
    """Return whom an alert on a chart calls: its counselor, and those who cover or took over."""
    beside = _standing(now).where(Access.chart_id == chart.id).with_only_columns(Access.person_id)
    return [chart.counselor_id, *sorted(set(db.session.scalars(beside)) - {chart.counselor_id})]


def alerts_on(chart: Chart) -> Sequence[MeasureAlert]:
    """Return every alert of a chart, the newest first."""
    ours = select(MeasureAlert).where(MeasureAlert.chart_id == chart.id)
    return db.session.scalars(ours.order_by(MeasureAlert.raised_at.desc())).all()


def has_called(asking: MeasureAsking) -> bool:
    """Tell whether an answer has raised an alert already."""
    return db.session.scalar(select(MeasureAlert.id).where(MeasureAlert.asking_id == asking.id)) is not None


def unseen_alerts() -> Sequence[MeasureAlert]:
    """Return the alerts nobody has seen or taken on, the oldest first."""
    unseen = select(MeasureAlert).where(MeasureAlert.seen_at.is_(None), MeasureAlert.taken_on_at.is_(None))
    return db.session.scalars(unseen.order_by(MeasureAlert.raised_at)).all()


def alerts_told_of() -> Sequence[MeasureAlert]:
    """Return the alerts the practice was told of and that their counselor has still not seen."""
    told = select(MeasureAlert).where(MeasureAlert.seen_at.is_(None), MeasureAlert.told_times > 0)
    return db.session.scalars(told.order_by(MeasureAlert.raised_at)).all()


def _answered_by(counselor: Person, now: datetime) -> ColumnElement[bool]:
    lent = _standing(now).where(Access.person_id == counselor.id).with_only_columns(Access.chart_id)
    return or_(Chart.counselor_id == counselor.id, Chart.id.in_(lent))


def _standing(now: datetime) -> Select[Access]:
    """Select the accesses of those who cover or took over; who supervises is not called."""
    stands = or_(Access.ends_at.is_(None), Access.ends_at > now)
    return select(Access).where(Access.kind.in_((COVER, SUCCESSOR)), Access.ended_at.is_(None), stands)


def _asking(asking_id: int) -> Select[MeasureAsking]:
    return select(MeasureAsking).join(Chart, Chart.id == MeasureAsking.chart_id).where(MeasureAsking.id == asking_id)


def _with_people(query: Select[MeasureAsking]) -> Select[MeasureAsking]:
    return query.options(joinedload(MeasureAsking.chart).joinedload(Chart.counselor))


def _valued(asking: MeasureAsking, answers: Answers, scale: Scale) -> list[tuple[datetime, int]]:
    found = score(scale, answers)
    return [] if found.value is None or asking.given_at is None else [(asking.given_at, found.value)]
