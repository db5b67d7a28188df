"""Papers for the demo: who bills whom, codes of what lies back, and a superbill for Alice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from billing.additions import services as additions
from billing.coding import services as coding
from billing.coding.confirmed import Codes
from billing.coding.rules import AT_HOME, CRISIS_MORE, OFFICE, propose
from billing.papers import superbills
from billing.papers.statements import Days
from billing.parties import services as parties
from billing.parties.particulars import ClientParticulars, CounselorParticulars, PracticeParticulars
from booking.models.appointments import Appointment
from booking.policy import COMPLETED, IN_PERSON
from practice.core import seeds
from practice.core.db import db
from practice.core.formats import local
from practice.core.money import Money
from practice.models import Person, Practice

ORDER = 82
UNCODED = timedelta(days=9)
"""So far back Ines has confirmed her sessions; the later ones wait for her."""
DIAGNOSIS = "F41.1"

OFFICE_SAYS = PracticeParticulars(
    street="14 Harbour Street",
    city="New York",
    state="NY",
    postal="10004-1307",
    phone="2125550142",
    npi="1245319599",
    tax_id="000000000",
    contact="Omar Haddad",
    submitter_id="DEMO4417",
    receiver="Clearing Works",
    receiver_id="CW900",
)
ALICE_SAYS = ClientParticulars(
    first_name="Alice",
    last_name="Moreau",
    born_on="1991-04-17",
    sex="F",
    phone="2125550177",
    street="12 Alder Street",
    city="New York",
    state="NY",
    postal="10011-4417",
    insurer="Harbor Health",
    insurer_id="HH001",
    member_id="HH123456789",
    group_number="G-77",
)
INES_SAYS = CounselorParticulars(first_name="Ines", last_name="Varga", taxonomy="101YM0800X")


def seed(practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Let everybody say who they are, code what lies back, and issue a superbill."""
    ines, alice, omar = people["ines"], people["alice"], people["omar"]
    parties.keep(None, OFFICE_SAYS, by=omar, now=now - timedelta(days=60))
    parties.keep(ines, INES_SAYS, by=ines, now=now - timedelta(days=60))
    parties.keep(alice, ALICE_SAYS, by=alice, now=now - timedelta(days=30))
    additions.keep_fees(ines, {CRISIS_MORE: Money(60_00, practice.currency)})
    for appointment in _past(ines, now):
        _code(appointment)
    for days, ago in zip(_months(alice, now), (12, 2), strict=True):
        if not superbills.draft(alice, ines, days, practice).lacks:
            superbills.issue(alice, ines, days, practice=practice, by=alice, now=now - timedelta(days=ago))


def _past(counselor: Person, now: datetime) -> list[Appointment]:
    wanted = select(Appointment).where(
        Appointment.counselor_id == counselor.id,
        Appointment.status == COMPLETED,
        Appointment.price_cents > 0,
        Appointment.ends_at < now - UNCODED,
    )
    return list(db.session.scalars(wanted.order_by(Appointment.starts_at)))


def _code(appointment: Appointment) -> None:
    found = propose(coding.met(appointment))
    place = OFFICE if appointment.mode == IN_PERSON else AT_HOME
    codes = Codes(found.lines, found.modifier, place, (DIAGNOSIS,), found.minutes)
    if not codes.lines:
        codes = replace(codes, modifier="", place="", diagnoses=())
    at = appointment.ends_at + timedelta(hours=3)
    coding.confirm(appointment, codes, by=appointment.counselor, now=at)


def _months(client: Person, now: datetime) -> list[Days]:
    """Return the month before this one and the one before that."""
    this = Days.of_month(local(now, client.zone).date())
    last = Days.of_month(this.first - timedelta(days=1))
    return [Days.of_month(last.first - timedelta(days=1)), last]


seeds.register(ORDER, seed)
