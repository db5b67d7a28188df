"""Authorise, take back, give out, and keep the account of it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from notes import keys
from notes.models import Chart
from notes.release import hands, notices, queries
from notes.release.models import Disclosure, Release
from notes.release.standing import STANDING
from notes.release.words import SPOKEN, Signed, Told
from notes.vault import (
    DataKey,
    Place,
    Ring,
    VaultKeyMissingError,
    VaultRefusedError,
    VaultSealBrokenError,
    epoch_of,
    ring_of,
    seal,
    unseal,
)
from notes.words import fingerprint
from practice.core import audit
from practice.core.db import db
from practice.models import Person

KIND, TOLD = "release", "disclosure"

Opens = Callable[[Chart, bytes, Place], bytes]
Row = TypeVar("Row")
Words = TypeVar("Words")


class NotStandingError(Exception):
    """The authorisation was taken back or has ended."""

    def __init__(self) -> None:
        super().__init__("This was taken back or has ended: nothing more is given out under it.")


class NothingPreparedError(Exception):
    """Something is said to have been sent, and no packet was made since the last time."""

    def __init__(self) -> None:
        super().__init__("Prepare the packet first, so that the account says exactly what went out.")


def authorise(chart: Chart, words: Signed, *, by: Person, on_paper: bool, now: datetime) -> Release:
    """Keep an authorisation as it was signed."""
    written = words.write()
    release = Release(
        chart_id=chart.id,
        on_paper=on_paper,
        entered_by_id=by.id,
        entered_at=now,
        ends_on=words.ends_on,
        sealed=b"",
        fingerprint=fingerprint(written),
    )
    db.session.add(release)
    db.session.flush()
    release.sealed = _sealed(chart, written, Place(chart.id, release.id, 1, KIND))
    db.session.flush()
    _keep("release.authorised", release, by, now, {"paper": on_paper})
    tell = notices.entered if on_paper else notices.allowed
    tell(release, now=now)
    return release


class KeyRing:
    """Keys of charts as they were opened, so that a long list asks for each of them once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int, Ring], DataKey] = {}

    def opened(self, chart: Chart, sealed: bytes, place: Place) -> bytes:
        """Open words of a chart; raises what `keys.opened` raises."""
        named = (chart.id, epoch_of(sealed), ring_of(sealed))
        if named not in self._kept:
            self._kept[named] = keys.key_of(chart, named[1], named[2])
        return unseal(self._kept[named], sealed, place)


def words_of(release: Release, opens: Opens = keys.opened) -> Signed:
    """Open an authorisation; raises VaultSealBrokenError when it is not what was signed."""
    written = opens(release.chart, release.sealed, Place(release.chart_id, release.id, 1, KIND))
    if fingerprint(written) != release.fingerprint:
        raise VaultSealBrokenError("This is not the authorisation that was signed.")
    return Signed.read(written)


def told_of(disclosure: Disclosure, opens: Opens = keys.opened) -> Told:
    """Open one line of the account."""
    place = Place(disclosure.chart_id, disclosure.id, 1, TOLD)
    return Told.read(opens(disclosure.chart, disclosure.sealed, place))


def opened(rows: Iterable[Row], opens: Callable[[Row, Opens], Words]) -> list[tuple[Row, Words | None]]:
    """Open row after row; None where one does not open, so that a broken seal hides nothing else."""
    held = KeyRing()
    return [(row, _tried(opens, row, held)) for row in rows]


def state_of(release: Release, now: datetime) -> str:
    """Say how an authorisation stands, by the calendar of its client."""
    return release.state(day_of(release.chart.client, now))


def day_of(person: Person, now: datetime) -> date:
    """Return the day it is where a person is."""
    return now.astimezone(ZoneInfo(person.zone)).date()


def revoke(release: Release, *, by: Person, now: datetime) -> None:
    """Take an authorisation back; what was given before stays given. A second time changes nothing."""
    _lock(release)
    if release.revoked_at is None:
        release.revoked_at, release.revoked_by_id = now, by.id
        _keep("release.revoked", release, by, now)
        if by.id == release.chart.client_id:
            notices.taken_back(release, now=now)


def end(release: Release, *, by: Person, now: datetime) -> None:
    """End an authorisation because what it was to last until has happened."""
    _lock(release)
    if release.ended_at is None:
        release.ended_at = now
        _keep("release.ended", release, by, now)


def put_aside(release: Release, *, now: datetime) -> None:
    """Say that there is nothing to send under an authorisation now."""
    release.seen_at = release.seen_at or now


def give(release: Release, told: Told, *, told_at: datetime, by: Person, now: datetime) -> Disclosure:
    """Keep that something was given out under an authorisation, with all that was prepared since the last time.

    Raises NotStandingError; raises NothingPreparedError when what went out was never prepared.
    """
    _lock(release)
    if state_of(release, now) != STANDING:
        raise NotStandingError
    packets = queries.packets_of(release, unsent_only=True)
    if not packets and told.way != SPOKEN:
        raise NothingPreparedError
    once = words_of(release).is_for_once
    disclosure = note(release.chart, told, told_at=told_at, by=by, now=now, release=release)
    if told.way != SPOKEN:
        for packet in packets:
            packet.disclosure_id = disclosure.id
    notices.given(disclosure, now=now)
    if once:
        end(release, by=by, now=now)
    return disclosure


def note(
    chart: Chart, told: Told, *, told_at: datetime, by: Person, now: datetime, release: Release | None = None
) -> Disclosure:
    """Keep that something was given out."""
    disclosure = Disclosure(
        chart_id=chart.id,
        release_id=release.id if release else None,
        told_at=told_at,
        noted_at=now,
        noted_by_id=by.id,
        sealed=b"",
    )
    db.session.add(disclosure)
    db.session.flush()
    disclosure.sealed = _sealed(chart, told.write(), Place(chart.id, disclosure.id, 1, TOLD))
    db.session.flush()
    audit.record(
        "disclosure.noted",
        person_id=by.id,
        subject=("disclosure", disclosure.id),
        about=chart.client_id,
        acting=hands.role_of(chart, by, now=now),
    )
    return disclosure


def _lock(release: Release) -> None:
    """Keep others off the row, and read again what may have ended it; the people joined to it stay free."""
    db.session.execute(select(Release.id).where(Release.id == release.id).with_for_update())
    db.session.refresh(release, ["revoked_at", "revoked_by_id", "ended_at"])


def _sealed(chart: Chart, written: bytes, place: Place) -> bytes:
    return seal(keys.key_of(chart, ring=Ring.RECORD), written, place)


def _tried(opens: Callable[[Row, Opens], Words], row: Row, held: KeyRing) -> Words | None:
    try:
        return opens(row, held.opened)
    except (VaultSealBrokenError, VaultRefusedError, VaultKeyMissingError):
        return None


def _keep(action: str, release: Release, by: Person, now: datetime, detail: dict[str, bool] | None = None) -> None:
    about, acting = release.chart.client_id, hands.role_of(release.chart, by, now=now)
    audit.record(action, person_id=by.id, subject=("release", release.id), detail=detail, about=about, acting=acting)
