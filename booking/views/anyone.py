"""Times with any counselor who offers a kind of session: the first one free, then the choice of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from booking import availability, directory, published
from booking.availability import need_of
from booking.forms_booking import day, instant
from booking.models.services import Service
from booking.policy import MODES
from booking.views.blueprint import bp
from booking.views.times import times_of
from booking.views.zones import asked_zone, shown_zone
from booking.zones import choices
from practice.core.ports import ports
from practice.core.spans import Span
from practice.models import Person
from practice.security import open_to_all, person_or_none


@dataclass(frozen=True, slots=True)
class Anyone:
    """All who offer a kind of session, as one whose times are looked for."""

    services: Sequence[Service]
    mode: str | None
    horizon_days: int
    client_id: int | None

    @classmethod
    def offering(cls, services: Sequence[Service], mode: str | None, client: Person | None) -> Anyone:
        """Look for a new session with whoever is free."""
        horizon = max((published.rules_of(each.counselor_id).horizon_days for each in services), default=1)
        return cls(services, mode, horizon, client.id if client else None)

    def with_whom(self, window: Span, now: datetime) -> dict[datetime, tuple[int, ...]]:
        """Return the free times within a window, with the counselors who are free."""
        needs = {each.counselor_id: need_of(each, self.mode) for each in self.services}
        return availability.free_with_anyone(needs, window, now, client_id=self.client_id)

    def free(self, window: Span, now: datetime) -> list[datetime]:
        """Return the free times within a window."""
        return list(self.with_whom(window, now))

    def first_free(self, since: datetime, now: datetime) -> datetime | None:
        """Return the first free time from an instant on."""
        for days in (8, self.horizon_days + 1):
            end = min(since + timedelta(days=days), now + timedelta(days=self.horizon_days + 1))
            if since < end and (free := self.free(Span(since, end), now)):
                return free[0]
        return None


@bp.get("/times")
@open_to_all
def anyone() -> ResponseReturnValue:
    """Show when anybody who offers a kind of session is free."""
    now, zone = ports().clock.now(), shown_zone()
    kinds = directory.kinds(now)
    kind = _chosen_kind(kinds)
    services, modes, mode = _offered(kind, now)
    sought = Anyone.offering(services, mode, _booker())
    return render_template(
        "booking/anyone.html",
        kinds=kinds,
        kind=kind,
        services=services,
        modes=modes,
        mode=mode,
        times=times_of(sought, zone=zone, first=day(request.args.get("since")), now=now),
        zone=zone,
        zones=choices(now, besides=[zone]),
        asked_zone=asked_zone(),
    )


@bp.get("/times/counselors")
@open_to_all
def anyone_at() -> ResponseReturnValue:
    """Show who is free at a chosen time."""
    now, zone = ports().clock.now(), shown_zone()
    kind = _chosen_kind(directory.kinds(now))
    services, _, mode = _offered(kind, now)
    starts_at = instant(request.args.get("starts_at", ""))
    window = Span(starts_at, starts_at + timedelta(minutes=1)) if starts_at else None
    who = Anyone.offering(services, mode, _booker()).with_whom(window, now) if window else {}
    free = [each for each in services if starts_at is not None and each.counselor_id in who.get(starts_at, ())]
    page = render_template(
        "booking/anyone_at.html",
        kind=kind,
        mode=mode,
        starts_at=starts_at,
        services=free,
        profiles={each.counselor_id: each.counselor.profile for each in free},
        photographed=directory.photographed(each.counselor_id for each in free),
        zone=zone,
        asked_zone=asked_zone(),
    )
    return page, 200 if free else 404


def _booker() -> Person | None:
    person = person_or_none()
    return person if person is not None and person.is_client else None


def _chosen_kind(kinds: Sequence[str]) -> str:
    asked = request.args.get("kind", "").strip()[:80].lower()
    return next((each for each in kinds if each.lower() == asked), kinds[0] if kinds else "")


def _offered(kind: str, now: datetime) -> tuple[list[Service], list[str], str | None]:
    """Return who offers it in the way asked for, the ways there are, and the one that was chosen; None is any."""
    services = directory.offering(kind, now) if kind else []
    modes = [mode for mode in MODES if any(mode in each.modes for each in services)]
    asked = request.args.get("mode", "")
    mode = asked if asked in modes else None
    return [each for each in services if mode is None or mode in each.modes], modes, mode
