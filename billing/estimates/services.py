"""Give estimates: when sessions are booked, when a client asks, and when one no longer holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from billing import invoicing
from billing.coding.confirmed import Codes
from billing.coding.models import SessionCodes
from billing.estimates import queries
from billing.estimates.document import Document, Item
from billing.estimates.models import ASKED, CHANGED, SCHEDULED, Estimate
from billing.estimates.rules import LONGEST, Level, due_on
from billing.papers import superbills
from billing.papers.superbill import Office
from billing.parties import services as parties
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import CONFIRMED
from booking.public_holidays import days_of
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.formats import local
from practice.models import ADMINISTRATOR, Person, PersonRole, Practice

SERIES = "estimate"
GIVEN, WARNED = "billing.estimate_given", "billing.estimate_warned"


def are_given(practice: Practice) -> bool:
    """Tell whether booking gives estimates here: the law is that of the United States, and an office may switch off."""
    return practice.country == "US" and parties.of_practice().estimates == "yes"


def keep_up(client: Person, counselor: Person, *, practice: Practice, now: datetime) -> Estimate | None:
    """Give an estimate for what is booked, unless one that stands already covers it."""
    db.session.execute(select(Person.id).where(Person.id == client.id).with_for_update())
    today = local(now, client.zone).date()
    current = queries.standing(client, counselor, today)
    if current and queries.meter_of(current).expected <= current.total:
        return None
    sessions = _booked(client, counselor, today)
    items = tuple(_items(sessions))
    if not items:
        return None
    due = _due(sessions, practice, client.zone)
    return _give(client, counselor, items, cause=CHANGED if current else SCHEDULED, due=due, practice=practice, now=now)


def ask(client: Person, service: Service, count: int, *, practice: Practice, by: Person, now: datetime) -> Estimate:
    """Give an estimate somebody asks for: so many sessions of a service, and what is booked besides."""
    db.session.execute(select(Person.id).where(Person.id == client.id).with_for_update())
    today = local(now, client.zone).date()
    booked = {(item.what, item.unit_cents): item for item in _items(_booked(client, service.counselor, today))}
    asked = Item(service.name, service.minutes, service.cpt_code, count, service.price_cents)
    same = booked.get((asked.what, asked.unit_cents))
    items = {**booked, (asked.what, asked.unit_cents): same if same and same.count > count else asked}
    due = due_on(today, None, _holidays(practice, today))
    found = tuple(items.values())
    return _give(client, service.counselor, found, cause=ASKED, due=due, practice=practice, now=now, by=by)


def warn(row: Estimate, *, now: datetime) -> bool:
    """Write once to client, counselor and administrators that an estimate is about to be exceeded.

    That is before a bill comes to as much above it as may be disputed.
    """
    if row.warned_at or queries.meter_of(row).level not in (Level.HEADING, Level.PASSED):
        return False
    row.warned_at = now
    offices = select(PersonRole.person_id).where(PersonRole.role == ADMINISTRATOR)
    for person_id in dict.fromkeys((row.client_id, row.counselor_id, *db.session.scalars(offices))):
        outbox.plan(
            key=f"{WARNED}:{row.id}:{person_id}",
            kind=WARNED,
            due_at=now,
            now=now,
            recipient_id=person_id,
            payload={"person_id": person_id, "estimate_id": row.id},
            subject=("estimate", row.id),
        )
    return True


def _booked(client: Person, counselor: Person, today: date) -> list[Appointment]:
    since = queries.begins(today, client.zone)
    until = queries.begins(today + LONGEST, client.zone)
    return list(queries.sessions(client, counselor, since, until))


def _items(sessions: Iterable[Appointment]) -> list[Item]:
    """Count sessions of one kind, length and price together, with the days of the first and the last."""
    kinds: dict[tuple[str, int, str, int], list[date]] = {}
    for each in sessions:
        kind = (each.service.name, each.span.minutes, each.service.cpt_code, each.price_cents)
        kinds.setdefault(kind, []).append(local(each.starts_at, each.client.zone).date())
    return [
        Item(what, minutes, code, len(days), cents, min(days).isoformat(), max(days).isoformat())
        for (what, minutes, code, cents), days in kinds.items()
    ]


def _due(sessions: list[Appointment], practice: Practice, zone: str) -> date:
    """Return the last lawful day for the sessions that are to come, counted from the day of the latest booking."""
    coming = [each for each in sessions if each.status == CONFIRMED]
    booked = max((each.confirmed_at or each.created_at for each in coming), default=None)
    if booked is None:
        return local(sessions[0].starts_at, zone).date()
    on = local(booked, zone).date()
    return due_on(on, local(coming[0].starts_at, zone).date(), _holidays(practice, on))


def _holidays(practice: Practice, day: date) -> set[date]:
    return set(days_of(practice.country, "", (day.year, day.year + 1)))


def _give(
    client: Person,
    counselor: Person,
    items: tuple[Item, ...],
    *,
    cause: str,
    due: date,
    practice: Practice,
    now: datetime,
    by: Person | None = None,
) -> Estimate:
    document = _document(client, counselor, items, practice, now)
    today = local(now, client.zone).date()
    for earlier in queries.all_standing(client, counselor):
        earlier.replaced_at = now
    row = Estimate(
        number=invoicing.next_number(SERIES),
        client_id=client.id,
        counselor_id=counselor.id,
        cause=cause,
        first_on=today,
        last_on=today + LONGEST,
        begins_at=queries.begins(today, client.zone),
        ends_at=queries.begins(today + LONGEST, client.zone),
        due_on=due,
        total_cents=document.total.cents,
        currency=document.currency,
        said=document.as_kept(),
        given_at=now,
        given_by_id=by.id if by else None,
    )
    db.session.add(row)
    db.session.flush()
    outbox.plan(
        key=f"{GIVEN}:{row.id}",
        kind=GIVEN,
        due_at=now,
        now=now,
        recipient_id=row.client_id,
        payload={"estimate_id": row.id},
        subject=("estimate", row.id),
    )
    who = by.id if by else None
    audit.record("estimate.given", person_id=who, subject=("estimate", row.id), about=row.client_id)
    return row


def _document(
    client: Person, counselor: Person, items: tuple[Item, ...], practice: Practice, now: datetime
) -> Document:
    today = local(now, client.zone).date()
    said = superbills.client_of(client)
    provider, office = superbills.provider_of(counselor, today, practice), superbills.office_of(practice)
    return Document(
        client=f"{said.first_name} {said.last_name}".strip(),
        born_on=said.born_on,
        client_address=tuple(said.address.lines),
        provider=", ".join(filter(None, (counselor.name, provider.credentials))),
        npi=provider.npi,
        tax_id=provider.tax_id,
        office=(office.name, *office.address, office.phone),
        place=provider.licence,
        where=_where(office),
        diagnoses=_diagnoses(client, counselor, now),
        items=items,
        currency=practice.currency,
    )


def _where(office: Office) -> str:
    """Say where sessions are expected: state and office, or wherever the client is by video (149.610(c)(1)(v))."""
    address = ", ".join(office.address)
    return f"{address}, or by video or telephone where you are" if address else "By video or telephone where you are"


def _diagnoses(client: Person, counselor: Person, now: datetime) -> tuple[str, ...]:
    """Return the codes confirmed for billing at the latest session; none before the first."""
    latest = (
        select(SessionCodes)
        .join(Appointment, Appointment.id == SessionCodes.appointment_id)
        .where(
            Appointment.client_id == client.id,
            Appointment.counselor_id == counselor.id,
            Appointment.starts_at > now - timedelta(days=180),
        )
        .order_by(Appointment.starts_at.desc())
        .limit(1)
    )
    row = db.session.scalars(latest).first()
    return Codes.kept(row.said).diagnoses if row else ()
