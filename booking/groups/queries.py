"""Finds shared sessions for whoever may see them, and how many people come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from booking.groups.invitations import is_answered
from booking.live import still_live, still_standing
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED, GroupInvitation, GroupSession
from booking.models.services import Service
from booking.policy import CANCELLED, CONFIRMED, EXPIRED, GROUP, HELD, LIVE
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


@dataclass(frozen=True, slots=True)
class Gathering:
    """A shared session with the number of people who come."""

    session: GroupSession
    people: int

    @property
    def span(self) -> Span:
        """The hour itself."""
        return self.session.span

    @property
    def places_left(self) -> int:
        """How many more may come."""
        return max(0, self.session.capacity - self.people)


def session_for(viewer: Person, session_id: int) -> GroupSession | None:
    """Return a session to its counselor."""
    session = db.session.get(GroupSession, session_id)
    return session if session is not None and session.counselor_id == viewer.id else None


def open_session(session_id: int) -> GroupSession | None:
    """Return a session that anybody may join."""
    session = db.session.get(GroupSession, session_id)
    return session if session is not None and session.listed and session.status == SCHEDULED else None


def of_counselor(counselor: Person, now: datetime) -> tuple[list[Gathering], list[Gathering]]:
    """Return a counselor's sessions ahead, the next first, and those behind, the latest first."""
    chosen = (
        select(GroupSession)
        .options(joinedload(GroupSession.service), joinedload(GroupSession.booker))
        .where(GroupSession.counselor_id == counselor.id)
    )
    ahead = chosen.where(GroupSession.ends_at > now, still_standing(now)).order_by(GroupSession.starts_at).limit(100)
    behind = (
        chosen.where(GroupSession.ends_at <= now, GroupSession.status == SCHEDULED)
        .order_by(GroupSession.starts_at.desc())
        .limit(30)
    )
    return _gathered(db.session.scalars(ahead), now), _gathered(db.session.scalars(behind), now)


def between(counselor: Person, span: Span, now: datetime) -> list[Gathering]:
    """Return the sessions that touch a stretch of time, in order: one entry each, however many people come."""
    chosen = (
        select(GroupSession)
        .options(joinedload(GroupSession.service))
        .where(
            GroupSession.counselor_id == counselor.id,
            GroupSession.blocked_until > span.starts_at,
            GroupSession.blocked_from < span.ends_at,
            still_standing(now),
        )
        .order_by(GroupSession.starts_at)
    )
    return _gathered(db.session.scalars(chosen), now)


def joinable(service: Service, now: datetime) -> list[Gathering]:
    """Return the listed sessions of a service that have not begun, the full ones too."""
    chosen = (
        select(GroupSession)
        .where(
            GroupSession.service_id == service.id,
            GroupSession.listed,
            GroupSession.status == SCHEDULED,
            GroupSession.starts_at > now,
        )
        .order_by(GroupSession.starts_at)
        .limit(30)
    )
    return _gathered(db.session.scalars(chosen), now)


def gathering(session: GroupSession, now: datetime) -> Gathering:
    """Count who comes to one session."""
    return _gathered([session], now)[0]


def roster(session: GroupSession) -> Sequence[Appointment]:
    """Return everybody who has or had a place, whoever comes first; places that were never taken are left out."""
    gone = (Appointment.status == EXPIRED) | ((Appointment.status == CANCELLED) & Appointment.confirmed_at.is_(None))
    return db.session.scalars(
        select(Appointment)
        .options(joinedload(Appointment.client), joinedload(Appointment.payer), joinedload(Appointment.service))
        .where(Appointment.group_session_id == session.id, ~gone)
        .order_by(Appointment.status == CANCELLED, Appointment.id)
    ).all()


def unanswered(session: GroupSession) -> list[GroupInvitation]:
    """Return the invitations that wait for an answer."""
    found = db.session.scalars(
        select(GroupInvitation).where(GroupInvitation.group_session_id == session.id).order_by(GroupInvitation.id)
    )
    return [each for each in found if each.declined_at is None and not is_answered(each)]


def waiting_invitation(inviter: Person, invitation_id: int) -> GroupInvitation | None:
    """Return an invitation that somebody sent for a session that stands, while it waits for an answer."""
    found = db.session.get(GroupInvitation, invitation_id)
    if found is None or found.invited_by_id != inviter.id or found.declined_at or is_answered(found):
        return None
    return found if found.group_session.status == SCHEDULED else None


def seat_held_by(person: Person, session: GroupSession) -> int | None:
    """Return the id of a person's place in a session."""
    return db.session.scalar(
        select(Appointment.id).where(
            Appointment.client_id == person.id,
            Appointment.group_session_id == session.id,
            Appointment.status.in_(LIVE),
        )
    )


def companions(seat: Appointment) -> list[Appointment]:
    """Return the other people in a session that somebody has a seat in."""
    return list(
        db.session.scalars(
            select(Appointment)
            .options(joinedload(Appointment.client))
            .where(
                Appointment.group_session_id == seat.group_session_id,
                Appointment.id != seat.id,
                Appointment.status.in_(LIVE),
            )
            .order_by(Appointment.id)
        )
    )


def group_services(counselor: Person) -> Sequence[Service]:
    """Return what a counselor offers to groups."""
    return db.session.scalars(
        select(Service)
        .where(Service.counselor_id == counselor.id, Service.active, Service.kind == GROUP)
        .order_by(Service.name)
    ).all()


def seat_in(session: GroupSession, seat_id: int) -> Appointment | None:
    """Return one of a session's seats."""
    return db.session.scalar(
        select(Appointment).where(Appointment.id == seat_id, Appointment.group_session_id == session.id)
    )


def unmarked(session: GroupSession) -> Sequence[Appointment]:
    """Return the seats of which nobody has said yet whether the person came."""
    return db.session.scalars(
        select(Appointment)
        .where(Appointment.group_session_id == session.id, Appointment.status == CONFIRMED)
        .order_by(Appointment.id)
    ).all()


def seated(person: Person, session_ids: Iterable[int], now: datetime) -> set[int]:
    """Return in which of these sessions a person has a place; one that is only on offer to them is not theirs yet."""
    chosen = select(Appointment.group_session_id).where(
        Appointment.client_id == person.id,
        Appointment.group_session_id.in_(list(session_ids)),
        Appointment.policy_id.is_not(None) | (Appointment.status != HELD),
        still_live(now),
    )
    return {found for found in db.session.scalars(chosen) if found is not None}


def _gathered(sessions: Iterable[GroupSession], now: datetime) -> list[Gathering]:
    found = list(sessions)
    counts = db.session.execute(
        select(Appointment.group_session_id, func.count())
        .where(Appointment.group_session_id.in_([each.id for each in found]), still_live(now))
        .group_by(Appointment.group_session_id)
    ).all()
    people = {row[0]: row[1] for row in counts}
    return [Gathering(each, people.get(each.id, 0)) for each in found]
