"""What leaves the house about releases: neutral letters to who is to send, and to the client once it went out."""

from datetime import datetime

from notes.release import hands
from notes.release.models import Disclosure, Release
from practice.core import outbox
from practice.core.outbox import Planned

ALLOWED, TAKEN_BACK, ENTERED, GIVEN = "release.allowed", "release.taken_back", "release.entered", "release.given"
RELEASE, DISCLOSURE = "release", "disclosure"


def allowed(release: Release, *, now: datetime) -> None:
    """Tell who may send it that a client signed something."""
    _plan(ALLOWED, (RELEASE, release.id), hands.told_of(release.chart, now=now), now)


def entered(release: Release, *, now: datetime) -> None:
    """Tell the client that a paper with their name was entered here, so that a wrong one is noticed."""
    _plan(ENTERED, (RELEASE, release.id), [release.chart.client_id], now)


def taken_back(release: Release, *, now: datetime) -> None:
    """Tell who might be about to send it that the client took it back."""
    outbox.withdraw(subject=(RELEASE, release.id), now=now, kinds=(ALLOWED,))
    _plan(TAKEN_BACK, (RELEASE, release.id), hands.told_of(release.chart, now=now), now)


def given(disclosure: Disclosure, *, now: datetime) -> None:
    """Tell the client that something went out as they allowed."""
    _plan(GIVEN, (DISCLOSURE, disclosure.id), [disclosure.chart.client_id], now)


def _plan(kind: str, subject: tuple[str, int], to: list[int], now: datetime) -> None:
    outbox.plan_all([Planned(f"{kind}:{subject[1]}:{who}", kind, now, who, subject=subject) for who in to], now=now)
