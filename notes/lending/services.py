"""Lend charts to a colleague, hand them over, take them back: each a matter of envelopes (`notes.custody.access`)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notes.custody import access
from notes.custody.models import COVER, Access
from notes.models import Chart
from notes.vault import VaultNotMadeError, VaultRefusedError
from practice.models import Person


class LendingError(Exception):
    """What was asked for cannot be; the words say why."""


def lend(
    charts: Sequence[Chart],
    colleague: Person,
    *,
    kind: str,
    by: Person,
    ends_on: date | None,
    now: datetime,
) -> int:
    """Let a colleague read charts, until the end of a day or for good; return how many that were not theirs before.

    Whoever lends must have the keys open. Raises LendingError, and nothing may be kept then; VaultLockedError.
    """
    ends_at = _end_of(ends_on, by.zone) if ends_on else None
    if not charts:
        raise LendingError("You have no charts yet.")
    wanted = [chart for chart in charts if _makes_sense(chart, colleague, kind)]
    if not wanted:
        raise LendingError(f"{colleague.first_name} reads these charts already.")
    try:
        for chart in wanted:
            access.give(chart, colleague, kind=kind, by=by, ends_at=ends_at, now=now)
    except VaultNotMadeError as error:
        raise LendingError(str(error)) from error
    except VaultRefusedError as error:
        raise LendingError(
            "You cannot open all of these charts yourself, so you cannot pass them on. After a new password by a "
            "link they wait for the practice’s recovery key."
        ) from error
    return len(wanted)


def end(accesses: Iterable[Access], *, by: Person, now: datetime) -> int:
    """Take charts back; nobody's keys are needed for it. Return how many."""
    rows = sorted(accesses, key=lambda row: row.chart_id)
    return sum(access.take_back(row.chart, row.person, by=by, now=now) for row in rows)


def _makes_sense(chart: Chart, colleague: Person, kind: str) -> bool:
    """Leave out what a colleague reads anyhow, and a chart that is about themselves."""
    if colleague.id in {chart.client_id, chart.counselor_id}:
        return False
    standing = access.standing(chart, colleague)
    return standing is None or standing.kind == COVER or kind != COVER


def _end_of(day: date, zone: str) -> datetime:
    """Return the midnight, where the counselor is, after which the last day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
