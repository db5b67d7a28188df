"""Write a safety plan together: whoever saves on top of the other's unseen words gets both, and loses none."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from notes import keys
from notes.models import Chart
from notes.safety.models import SafetyPlan, SafetyVersion
from notes.safety.steps import SafetyWords, read, write
from notes.vault import Place, Ring, VaultSealBrokenError, seal
from practice.core import audit
from practice.core.db import db
from practice.models import Person

KIND = "safety"


class BothWroteError(Exception):
    """The other saved in between; both texts are here."""

    def __init__(self, *, mine: SafetyWords, theirs: SafetyVersion, words: SafetyWords) -> None:
        super().__init__("The plan was saved by somebody else while you were writing. Nothing was overwritten.")
        self.mine, self.theirs, self.words = mine, theirs, words


class NothingWrittenError(Exception):
    """A first version without a word."""


def plan_of(chart: Chart) -> SafetyPlan | None:
    """Return the plan of a chart, if one was begun."""
    return db.session.scalar(select(SafetyPlan).where(SafetyPlan.chart_id == chart.id))


def save(chart: Chart, words: SafetyWords, *, base_version: int, by: Person, now: datetime) -> SafetyPlan:
    """Save a plan on top of the version its writer had before them; raises BothWroteError, NothingWrittenError."""
    plan = _open_or_begin(chart, now)
    db.session.refresh(plan, with_for_update=True)
    if plan.version == 0 and words.blank:
        raise NothingWrittenError("Write at least one line first.")
    latest = words_of(plan)
    if latest == words:
        return plan
    if base_version != plan.version:
        raise BothWroteError(mine=words, theirs=plan.versions[0], words=latest)
    plan.version, plan.updated_at = plan.version + 1, now
    row = SafetyVersion(
        plan_id=plan.id,
        version=plan.version,
        base_version=base_version,
        author_id=by.id,
        saved_at=now,
        sealed=_sealed(plan, words),
    )
    db.session.add(row)
    db.session.flush()
    db.session.expire(plan, ["versions"])
    audit.record(
        "safety_plan.saved",
        person_id=by.id,
        subject=("safety_plan", plan.id),
        detail={"version": plan.version},
        about=plan.chart.client_id,
    )
    return plan


def words_of(plan: SafetyPlan, version: int | None = None) -> SafetyWords:
    """Open a version of a plan, the latest by default; raises VaultSealBrokenError when it is gone or altered."""
    wanted = plan.version if version is None else version
    if wanted == 0:
        return SafetyWords()
    row = next((each for each in plan.versions if each.version == wanted), None)
    if row is None:
        raise VaultSealBrokenError("This version of the safety plan is gone.")
    return read(keys.opened(plan.chart, row.sealed, _place(plan, wanted)))


def _open_or_begin(chart: Chart, now: datetime) -> SafetyPlan:
    found = plan_of(chart)
    if found:
        return found
    plan = SafetyPlan(chart_id=chart.id, version=0, updated_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(plan)
    except IntegrityError:  # begun by the other at the same moment
        return db.session.scalars(select(SafetyPlan).where(SafetyPlan.chart_id == chart.id)).one()
    return plan


def _sealed(plan: SafetyPlan, words: SafetyWords) -> bytes:
    return seal(keys.key_of(plan.chart, ring=Ring.RECORD), write(words), _place(plan, plan.version))


def _place(plan: SafetyPlan, version: int) -> Place:
    return Place(plan.chart_id, plan.id, version, KIND)
