"""Finds who waits for what, in which order, and what is on offer to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from booking.models.groups import GroupSession
from booking.models.services import Service
from booking.models.waitlist import OPEN, PAUSED, WAITING, Offer, Place, WaitlistRules, Wish
from booking.policy import INDIVIDUAL
from booking.waitlist.rules import Stretch, Window, in_words
from practice.core import formats
from practice.core.db import db
from practice.models import CounselorProfile, Person


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in one counselor's line, and the service of theirs that would do."""

    wish: Wish
    service: Service

    @property
    def window(self) -> Window:
        """The times that suit."""
        return window_of(self.wish)


def window_of(wish: Wish) -> Window:
    """Return the times that suit, by the client's own clock."""
    stretches = tuple(Stretch(each.times, each.first_on, each.last_on) for each in wish.windows)
    return Window(wish.times, wish.first_on, wish.last_on, wish.notice_minutes, wish.client.zone, stretches)


def words_of(wish: Wish, zone: str | None = None) -> str:
    """Read what somebody waits for, by their own clock; a session by whoever's clock is named."""
    session = wish.group_session
    if session is None:
        return in_words(window_of(wish))
    return f"{session.title}, {formats.when(session.starts_at, zone or wish.client.zone)}"


def line_of(counselor_id: int) -> list[Waiting]:
    """Return who waits for a counselor's times, the first in line first; whoever is paused keeps their place."""
    rows = db.session.execute(
        select(Wish, Service)
        .join(Wish.client)
        .join(Service, and_(Service.counselor_id == counselor_id, Service.active, _of_its_kind(), _would_do()))
        .outerjoin(Place, and_(Place.wish_id == Wish.id, Place.counselor_id == counselor_id))
        .where(Wish.status.in_((WAITING, PAUSED)), Wish.client_id != counselor_id, Person.closed_at.is_(None))
        .order_by(Place.place.is_(None), Place.place, Wish.created_at, Wish.id, Service.id)
        .options(contains_eager(Wish.client), joinedload(Wish.group_session))
    ).all()
    first: dict[int, Waiting] = {}
    for wish, service in rows:
        first.setdefault(wish.id, Waiting(wish, service))
    return list(first.values())


def line_for(session: GroupSession) -> list[Waiting]:
    """Return who waits for a place in one session of a group, the first in line first."""
    return [each for each in line_of(session.counselor_id) if each.wish.group_session_id == session.id]


def counselors_waited_for() -> Sequence[int]:
    """Return every counselor in whose line anybody is."""
    return db.session.scalars(
        select(Service.counselor_id)
        .join(Wish, and_(Wish.status == WAITING, _would_do()))
        .where(Service.active, _of_its_kind())
        .distinct()
        .order_by(Service.counselor_id)
    ).all()


def ahead_of(wish: Wish) -> int:
    """Return how many people stand before somebody, in the shortest line they are in."""
    counselors = [wish.counselor_id] if wish.counselor_id else _counselors_for(wish.kind)
    places = [
        sum(1 for each in line[: ids.index(wish.id)] if _are_rivals(each.wish, wish))
        for line in map(line_of, counselors)
        if wish.id in (ids := [each.wish.id for each in line])
    ]
    return min(places, default=0)


def wishes_of(client: Person) -> Sequence[Wish]:
    """Return what a client waits for, the newest first."""
    return db.session.scalars(
        _wishes().where(Wish.client_id == client.id, Wish.status.in_((WAITING, PAUSED))).order_by(Wish.id.desc())
    ).all()


def wish_of(client: Person, wish_id: int) -> Wish | None:
    """Return one of a client's own wishes."""
    return db.session.scalars(_wishes().where(Wish.id == wish_id, Wish.client_id == client.id)).first()


def offers_open(*, client: Person | None = None, counselor: Person | None = None) -> Sequence[Offer]:
    """Return what is on offer to a client, or of a counselor's times, the one that ends soonest first."""
    statement = _offers().where(Offer.status == OPEN)
    if client is not None:
        statement = statement.where(Offer.client_id == client.id)
    if counselor is not None:
        statement = statement.where(Offer.counselor_id == counselor.id)
    return db.session.scalars(statement.order_by(Offer.expires_at)).all()


def offer_to(client: Person, offer_id: int) -> Offer | None:
    """Return an offer made to this client."""
    return db.session.scalars(_offers().where(Offer.id == offer_id, Offer.client_id == client.id)).first()


def offer_by(counselor: Person, offer_id: int) -> Offer | None:
    """Return an offer of one of this counselor's times."""
    return db.session.scalars(_offers().where(Offer.id == offer_id, Offer.counselor_id == counselor.id)).first()


def offered_before(wish_id: int, counselor_id: int, now: datetime) -> set[datetime]:
    """Return the times ahead that somebody was offered already, whatever they said."""
    return set(
        db.session.scalars(
            select(Offer.starts_at).where(
                Offer.wish_id == wish_id, Offer.counselor_id == counselor_id, Offer.starts_at > now
            )
        )
    )


def rules_of(counselor_id: int) -> WaitlistRules:
    """Return how a counselor's times are offered, the usual way where nothing was chosen."""
    return db.session.get(WaitlistRules, counselor_id) or WaitlistRules(
        counselor_id=counselor_id, active=True, offer_minutes=30
    )


def kinds() -> Sequence[str]:
    """Return the kinds of session that anybody open to the public offers."""
    return db.session.scalars(
        select(func.min(Service.name))
        .join(CounselorProfile, CounselorProfile.person_id == Service.counselor_id)
        .where(Service.active, Service.kind == INDIVIDUAL, CounselorProfile.published)
        .group_by(func.lower(Service.name))
        .order_by(func.lower(Service.name))
    ).all()


def _of_its_kind() -> ColumnElement[bool]:
    """Match a wish for a place with services of groups, and any other with services for one."""
    return or_(Wish.group_session_id.is_not(None), Service.kind == INDIVIDUAL)


def _are_rivals(ahead: Wish, wish: Wish) -> bool:
    """Tell whether somebody ahead in a line is asked before somebody else about what both wait for."""
    return ahead.status == WAITING and ahead.group_session_id == wish.group_session_id


def _would_do() -> ColumnElement[bool]:
    """Match a wish with a service that answers it: the one named, or any of its kind."""
    return or_(
        Wish.service_id == Service.id,
        and_(Wish.counselor_id.is_(None), func.lower(Service.name) == func.lower(Wish.kind)),
    )


def _counselors_for(kind: str) -> Sequence[int]:
    return db.session.scalars(
        select(Service.counselor_id).where(Service.active, func.lower(Service.name) == kind.lower()).distinct()
    ).all()


def _wishes() -> Select[Wish]:
    return select(Wish).options(
        joinedload(Wish.client), joinedload(Wish.counselor), joinedload(Wish.service), joinedload(Wish.group_session)
    )


def _offers() -> Select[Offer]:
    return select(Offer).options(
        joinedload(Offer.counselor),
        joinedload(Offer.client),
        joinedload(Offer.wish),
        joinedload(Offer.appointment),
    )
