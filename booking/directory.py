"""Who can be booked: the counselors open to the public, by what somebody looks for, with the next free time of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from booking.availability import need_of, next_free
from booking.models.services import Service
from booking.policy import GROUP, MODES
from booking.slots import Need
from practice.core.db import db
from practice.core.money import Money
from practice.models import (
    CounselorLanguage,
    CounselorPhoto,
    CounselorProfile,
    CounselorSpecialty,
    Licence,
    Person,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; anything left out is no matter."""

    specialty: str | None = None
    language: str | None = None
    place: str | None = None
    least: Money | None = None
    most: Money | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One counselor in the directory."""

    counselor: Person
    profile: CounselorProfile
    services: Sequence[Service]
    next_free_at: datetime | None

    @property
    def modes(self) -> list[str]:
        """The ways in which clients can meet this counselor."""
        return [mode for mode in MODES if any(mode in service.modes for service in self.services)]

    @property
    def fees(self) -> tuple[Money, Money]:
        """The lowest and the highest price."""
        prices = [service.price for service in self.services]
        return min(prices), max(prices)


@dataclass(frozen=True, slots=True)
class Facets:
    """What can be looked for among the counselors there are."""

    specialties: Sequence[str]
    languages: Sequence[str]
    places: Sequence[str]


def find(wanted: Wanted, now: datetime) -> list[Listing]:
    """Return every counselor that fits, whoever is free soonest first."""
    profiles = (
        db.session.scalars(_open(wanted, now.date()).options(contains_eager(CounselorProfile.person))).unique().all()
    )
    services = _services_of([profile.person_id for profile in profiles])
    free = next_free({who: need for who, theirs in services.items() if (need := _shortest(theirs))}, now)
    listings = [
        Listing(profile.person, profile, services[profile.person_id], free.get(profile.person_id))
        for profile in profiles
    ]
    return sorted(listings, key=lambda each: (each.next_free_at is None, each.next_free_at or now, each.counselor.name))


def listing_of(counselor_id: int, now: datetime) -> Listing | None:
    """Return one counselor who is open to the public."""
    profile = db.session.scalars(
        _open(Wanted(), now.date()).where(Person.id == counselor_id).options(contains_eager(CounselorProfile.person))
    ).first()
    if profile is None:
        return None
    services = _services_of([counselor_id])[counselor_id]
    need = _shortest(services)
    free = next_free({counselor_id: need}, now) if need else {}
    return Listing(profile.person, profile, services, free.get(counselor_id))


def offering(kind: str, now: datetime) -> list[Service]:
    """Return what counselors open to the public offer by a name, one of each counselor; case is no matter."""
    services = db.session.scalars(
        select(Service)
        .where(_bookable(now), func.lower(Service.name) == kind.lower())
        .order_by(Service.counselor_id, Service.minutes, Service.price_cents, Service.id)
        .options(joinedload(Service.counselor, innerjoin=True))
    )
    found: dict[int, Service] = {}
    for service in services:
        found.setdefault(service.counselor_id, service)
    return list(found.values())


def kinds(now: datetime) -> list[str]:
    """Return the names of what can be booked, the most offered first."""
    names: dict[str, list[str]] = defaultdict(list)
    for name in db.session.scalars(select(Service.name).where(_bookable(now)).order_by(Service.id)):
        names[name.lower()].append(name)
    return [found[0] for found in sorted(names.values(), key=lambda found: (-len(found), found[0]))]


def facets(now: datetime) -> Facets:
    """Return the specialties, languages and places of the counselors open to the public."""
    visible = _visible(now)

    def each(column: ColumnElement[str], owner: ColumnElement[int]) -> Sequence[str]:
        return db.session.scalars(select(column).where(owner.in_(visible)).distinct().order_by(column)).all()

    return Facets(
        each(CounselorSpecialty.specialty, CounselorSpecialty.counselor_id),  # type: ignore[arg-type]
        each(CounselorLanguage.language, CounselorLanguage.counselor_id),  # type: ignore[arg-type]
        each(Licence.place, Licence.counselor_id),  # type: ignore[arg-type]
    )


def _bookable(now: datetime) -> ColumnElement[bool]:
    """Match what is on offer at free times; a group meets when its counselor says."""
    return and_(Service.active, Service.kind != GROUP, Service.counselor_id.in_(_visible(now)))


def _visible(now: datetime) -> Select[int]:
    return _open(Wanted(), now.date()).with_only_columns(CounselorProfile.person_id)


def _open(wanted: Wanted, today: date) -> Select[CounselorProfile]:
    """Select the published profiles of counselors who offer something that fits."""
    offered = select(Service.counselor_id).where(Service.active)
    if wanted.least is not None:
        offered = offered.where(Service.price_cents >= wanted.least.cents, Service.currency == wanted.least.currency)
    if wanted.most is not None:
        offered = offered.where(Service.price_cents <= wanted.most.cents, Service.currency == wanted.most.currency)
    statement = (
        select(CounselorProfile)
        .join(CounselorProfile.person)
        .where(CounselorProfile.published, Person.closed_at.is_(None), Person.id.in_(offered))
    )
    if wanted.specialty:
        statement = statement.where(CounselorProfile.specialties.any(CounselorSpecialty.specialty == wanted.specialty))
    if wanted.language:
        statement = statement.where(CounselorProfile.languages.any(CounselorLanguage.language == wanted.language))
    if wanted.place:
        valid = or_(Licence.expires_on.is_(None), Licence.expires_on >= today)
        statement = statement.where(CounselorProfile.licences.any((Licence.place == wanted.place) & valid))
    return statement


def _services_of(counselor_ids: Iterable[int]) -> dict[int, list[Service]]:
    found: dict[int, list[Service]] = defaultdict(list)
    for service in db.session.scalars(
        select(Service)
        .where(Service.counselor_id.in_(list(counselor_ids)), Service.active)
        .order_by(Service.minutes, Service.price_cents, Service.id)
    ):
        found[service.counselor_id].append(service)
    return found


def _shortest(services: Iterable[Service]) -> Need | None:
    """Return what the shortest service takes that is booked by choosing a time; groups are joined."""
    return min((need_of(service) for service in services if service.kind != GROUP), key=_length, default=None)


def _length(need: Need) -> int:
    return need.before + need.minutes + need.after


def photographed(counselor_ids: Iterable[int]) -> set[int]:
    """Return which counselors have a portrait, without loading any."""
    owner = CounselorPhoto.counselor_id
    return set(db.session.scalars(select(owner).where(owner.in_(list(counselor_ids)))))
