"""Gather what a superbill needs, say what it lacks, and issue it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from billing import invoicing, queries
from billing.additions import services as additions
from billing.coding.confirmed import Codes
from billing.coding.models import SessionCodes
from billing.papers import superbill
from billing.papers.models import Superbill
from billing.papers.statements import Days
from billing.papers.superbill import Coded, Document, Draft, Office, Provider
from billing.parties import services as parties
from billing.parties.particulars import EIN, ClientParticulars, split
from booking.models.appointments import Appointment
from booking.policy import COMPLETED
from practice.core import audit, outbox
from practice.core.db import db
from practice.models import Person, Practice

SERIES = "superbill"
WANTED = "billing.codes_wanted"


class LackingError(Exception):
    """The superbill cannot be issued; the draft names why."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__("; ".join(lack.words for lack in draft.lacks))


def draft(client: Person, counselor: Person, days: Days, practice: Practice) -> Draft:
    """Gather a superbill for the sessions of some days on the client's clock."""
    found = Draft(
        client=client_of(client),
        provider=provider_of(counselor, days.last, practice),
        office=office_of(practice),
        sessions=[_coded(each, client.zone) for each in sessions(client, counselor, days)],
        currency=practice.currency,
    )
    return replace(found, lacks=tuple(superbill.lacks(found)))


def issue(client: Person, counselor: Person, days: Days, *, practice: Practice, by: Person, now: datetime) -> Superbill:
    """Issue a superbill as it stands now; raises LackingError."""
    found = draft(client, counselor, days, practice)
    if found.lacks:
        raise LackingError(found)
    row = Superbill(
        number=invoicing.next_number(SERIES),
        client_id=client.id,
        counselor_id=counselor.id,
        first_on=days.first,
        last_on=days.last,
        said=found.document().as_kept(),
        issued_at=now,
        issued_by_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("superbill.issued", person_id=by.id, subject=("superbill", row.id), about=client.id)
    return row


def as_it_is_now(row: Superbill, practice: Practice) -> Document | None:
    """Return what a superbill would say now, where money moved since it was issued: it was refunded, or paid."""
    days = Days(row.first_on, row.last_on)
    found = draft(row.client, row.counselor, days, practice)
    if found.lacks:
        return None
    kept, present = Document.kept(row.said), found.document()
    return None if (kept.fee, kept.paid) == (present.fee, present.paid) else present


def ask_for_codes(found: Draft, client: Person, counselor: Person, *, now: datetime) -> bool:
    """Write to a counselor that a client waits for codes, once a day; tell whether there was anything to ask for."""
    if not any(lack.appointment_id for lack in found.lacks):
        return False
    outbox.plan(
        key=f"{WANTED}:{client.id}:{counselor.id}:{now:%Y-%m-%d}",
        kind=WANTED,
        due_at=now,
        now=now,
        recipient_id=counselor.id,
        payload={"counselor_id": counselor.id},
        subject=("person", client.id),
    )
    return True


def sessions(client: Person, counselor: Person, days: Days) -> Sequence[Appointment]:
    """Return the sessions that took place and cost something, the first first."""
    starts, ends = days.instants(client.zone)
    wanted = select(Appointment).where(
        Appointment.client_id == client.id,
        Appointment.counselor_id == counselor.id,
        Appointment.status == COMPLETED,
        Appointment.price_cents > 0,
        Appointment.starts_at >= starts,
        Appointment.starts_at < ends,
    )
    return db.session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)).all()


def counselors_of(client: Person) -> Sequence[Person]:
    """Return whoever a client had sessions with, by name."""
    met = select(Appointment.counselor_id).where(Appointment.client_id == client.id, Appointment.status == COMPLETED)
    return db.session.scalars(select(Person).where(Person.id.in_(met)).order_by(Person.name, Person.id)).all()


def client_of(client: Person) -> ClientParticulars:
    """Return what a client said of themselves, with the name everybody knows where they gave no other."""
    found = parties.of_client(client)
    if found.last_name:
        return found
    first, last = split(client.name)
    return replace(found, first_name=first, last_name=last)


def provider_of(counselor: Person, last: date, practice: Practice) -> Provider:
    """Return how papers name a counselor, with the licences that are valid on a day."""
    said, profile = parties.of_counselor(counselor), counselor.profile
    first, last_name = (said.first_name, said.last_name) if said.last_name else split(counselor.name)
    valid = [each for each in (profile.licences if profile else []) if not each.expires_on or each.expires_on >= last]
    return Provider(
        name=counselor.name,
        first_name=first,
        last_name=last_name,
        credentials=profile.credentials if profile else "",
        licence=", ".join(f"{each.kind} {each.number} ({each.place})" for each in valid[:3]),
        npi=profile.npi if profile else "",
        tax_id=said.tax_id or parties.of_practice().tax_id or _digits(practice.tax_id),
        taxonomy=said.taxonomy,
        tax_id_is_own=bool(said.tax_id),
        tax_kind=said.tax_kind if said.tax_id else EIN,
    )


def office_of(practice: Practice) -> Office:
    """Return how papers name the practice."""
    said = parties.of_practice()
    whole = said.address.is_whole
    return Office(
        name=practice.name,
        address=tuple(said.address.lines if whole else practice.address.splitlines()),
        phone=_dashed(said.phone) or practice.phone,
        email=practice.email,
        npi=said.npi,
        street=said.street,
        city=said.city,
        state=said.state,
        postal=said.postal,
    )


def _coded(appointment: Appointment, zone: str) -> Coded:
    row = db.session.scalars(select(SessionCodes).where(SessionCodes.appointment_id == appointment.id)).first()
    billed = queries.of_appointment(appointment)
    more_fee, more_paid = additions.asked_and_paid(appointment)
    return Coded(
        appointment_id=appointment.id,
        on=appointment.starts_at.astimezone(ZoneInfo(zone)).date(),
        codes=Codes.kept(row.said) if row else None,
        fee=billed.invoice.total - billed.credited if billed else appointment.price,
        paid=billed.paid - billed.refunded if billed else appointment.price - appointment.price,
        more_fee=more_fee,
        more_paid=more_paid,
    )


def _dashed(digits: str) -> str:
    return "-".join((digits[:3], digits[3:6], digits[6:])) if digits else ""


def _digits(text: str) -> str:
    digits = "".join(sign for sign in text if sign.isdigit())
    return digits if len(digits) == 9 else ""
