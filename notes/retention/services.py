"""Keep records as long as the law wants, hold them when a lawsuit wants it, and no longer."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from notes.models import Chart
from notes.retention import notices, queries
from notes.retention.exceptions import ORDER
from notes.retention.keepings import Keeping
from notes.retention.models import ChartKeeping, LegalHold, RetentionRule
from practice.core import audit
from practice.core.db import db
from practice.models import ADMINISTRATOR, Person, PersonRole


class RetentionError(Exception):
    """What was tried may not be done now; the words say why."""


def set_rule(*, place: str, years: int, until_age: int | None, source: str, by: Person, now: datetime) -> RetentionRule:
    """Set how long a place wants records kept; the empty place is the practice's usual rule."""
    rule = db.session.scalar(select(RetentionRule).where(func.lower(RetentionRule.place) == place.lower()))
    was = [rule.years, rule.until_age] if rule else None
    rule = rule or RetentionRule(place=place)
    rule.years, rule.until_age, rule.source = years, until_age, source
    rule.changed_at, rule.changed_by_id = now, by.id
    db.session.add(rule)
    db.session.flush()
    audit.record(
        "retention.rules_changed",
        person_id=by.id,
        subject=("retention_rule", rule.id),
        detail={"place": place, "was": was, "years": years, "until age": until_age},
    )
    return rule


def describe(chart: Chart, *, rule: RetentionRule | None, born_on: date | None, by: Person) -> None:
    """Say whose rule a chart is under, and when its client was born; an earlier agreement counts no more."""
    row = _row(chart)
    row.rule_id, row.born_on = rule.id if rule else None, born_on.isoformat() if born_on else None
    forget_agreement(row)
    db.session.flush()
    _record("retention.changed", chart, by, rule=rule.place if rule else "", birth_known=born_on is not None)


def review(chart: Chart, *, by: Person, now: datetime) -> None:
    """Agree that a chart whose time is over may be destroyed; somebody else then does it. Raises RetentionError."""
    row = _row(chart)
    keeping = queries.keeping_of(chart, now=now)
    if not keeping.is_due:
        raise RetentionError("This record is still kept, so there is nothing to agree to.")
    row.reviewed_at, row.reviewed_by_id = now, by.id
    db.session.flush()
    _record("retention.reviewed", chart, by, until=keeping.kept_until.isoformat(), exception=keeping.exception)
    notices.agreed(chart, by=by, now=now)


def make_exception(chart: Chart, exception: str, reason: str, *, by: Person, now: datetime) -> None:
    """Agree that a chart may end before its day, on a ground the law knows. Raises RetentionError."""
    row = _row(chart)
    keeping = queries.keeping_of(chart, now=now)
    if keeping.hold or not keeping.has_keys:
        raise RetentionError("A legal hold stands on this record, or nothing is left of it.")
    if keeping.is_accounted and exception != ORDER:
        raise RetentionError("Something of it was given out, and the law has that accounted for until its day.")
    row.exception, row.reason = exception, reason
    review(chart, by=by, now=now)


def take_back(chart: Chart, *, by: Person) -> None:
    """Take back that a chart may be destroyed: there is a reason to keep it. Raises RetentionError."""
    row = _row(chart)
    if row.reviewed_at is None:
        raise RetentionError("Nobody agrees that it may be destroyed.")
    forget_agreement(row)
    db.session.flush()
    _record("retention.taken_back", chart, by)


def forget_agreement(row: ChartKeeping) -> None:
    """Let what was agreed about a chart's end count no more."""
    row.reviewed_at = row.reviewed_by_id = row.exception = row.reason = None


def place_hold(chart: Chart, reason: str, *, by: Person, now: datetime) -> LegalHold:
    """Let nothing of a chart be destroyed until it is released. Raises RetentionError when there is a hold already."""
    db.session.refresh(chart, with_for_update={"of": Chart})
    if chart.erased_at:
        raise RetentionError("This record was erased; there is nothing left to hold.")
    hold = LegalHold(chart_id=chart.id, reason=reason, placed_at=now, placed_by_id=by.id)
    try:
        with db.session.begin_nested():
            db.session.add(hold)
    except IntegrityError as error:
        raise RetentionError("A legal hold stands on this record already.") from error
    _record("hold.placed", chart, by, hold=hold.id)
    return hold


def release_hold(hold: LegalHold, *, by: Person, now: datetime) -> None:
    """Release a hold; its reason and its days stay on record. Raises RetentionError."""
    db.session.refresh(hold, with_for_update={"of": LegalHold})
    if hold.released_at:
        raise RetentionError("This hold was released already.")
    hold.released_at, hold.released_by_id = now, by.id
    db.session.flush()
    _record("hold.released", hold.chart, by, hold=hold.id)


def has_agreed(keeping: Keeping, person: Person) -> bool:
    """Tell whether it was this person who agreed that a chart may be destroyed."""
    return keeping.row is not None and keeping.row.reviewed_by_id == person.id


def told(keeping: Keeping) -> bool:
    """Keep that those who decide hear of this end; tell whether they had not heard of it yet."""
    row = _row(keeping.chart)
    if row.told_until == keeping.kept_until:
        return False
    row.told_until = keeping.kept_until
    db.session.flush()
    return True


def somebody_else_could(than: Person, chart: Chart) -> bool:
    """Tell whether there is another pair of eyes: the chart's counselor, or another administrator, who may sign in."""
    others = (
        select(Person.id)
        .outerjoin(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.id != than.id,
            Person.closed_at.is_(None),
            Person.confirmed_at.is_not(None),
            (PersonRole.role == ADMINISTRATOR) | (Person.id == chart.counselor_id),
        )
    )
    return db.session.scalars(others.limit(1)).first() is not None


def _row(chart: Chart) -> ChartKeeping:
    db.session.refresh(chart, with_for_update={"of": Chart})
    row = db.session.scalar(select(ChartKeeping).where(ChartKeeping.chart_id == chart.id))
    if row is None:
        row = ChartKeeping(chart_id=chart.id)
        db.session.add(row)
        db.session.flush()
    return row


def _record(action: str, chart: Chart, by: Person, **detail: object) -> None:
    audit.record(action, person_id=by.id, subject=("chart", chart.id), detail=detail, about=chart.client_id)
