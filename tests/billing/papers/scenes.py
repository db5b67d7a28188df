"""A session that took place and was paid, with everything insurers ask for, and its codes."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing import invoicing
from billing.coding import services as coding
from billing.coding.confirmed import Codes
from billing.coding.rules import Line
from billing.papers import superbills
from billing.papers.models import Superbill
from billing.papers.statements import Days
from billing.parties import services as parties
from billing.parties.particulars import ClientParticulars, CounselorParticulars, PracticeParticulars
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.models import Person
from practice.queries.people import the_practice
from tests.booking.builders import an_appointment
from tests.fakes import MONDAY_MORNING as NOW

ALICE = ClientParticulars(
    first_name="Alice",
    last_name="Moreau",
    born_on="1990-04-17",
    sex="F",
    phone="2125550142",
    street="12 Alder Street",
    city="New York",
    state="NY",
    postal="10011-4417",
    insurer="Harbor Health",
    insurer_id="HH001",
    member_id="HH123456789",
    group_number="G-77",
)
INES = CounselorParticulars(first_name="Ines", last_name="Calder", taxonomy="101YM0800X")
OFFICE = PracticeParticulars(
    street="400 Quay Road",
    city="New York",
    state="NY",
    postal="10001-2200",
    phone="2125550100",
    npi="1245319599",
    tax_id="123456789",
    contact="Omar Haddad",
    submitter_id="SUB4417",
    receiver="Clearing Works",
    receiver_id="CW9",
)
CODES = Codes((Line("90834"),), "95", "10", ("F41.1",), 50)
THURSDAY = NOW - timedelta(days=4)
NOVEMBER = Days(THURSDAY.date().replace(day=1), THURSDAY.date().replace(day=30))


def told(client: Person, counselor: Person, by: Person) -> None:
    """Let everybody say what insurers want to read of them."""
    for whose, words in ((client, ALICE), (counselor, INES), (None, OFFICE)):
        parties.keep(whose, words, by=by, now=NOW)
    assert counselor.profile is not None
    counselor.profile.npi = "1234567893"
    db.session.commit()


def a_past_session(counselor: Person, client: Person, at: datetime = THURSDAY, **changes: object) -> Appointment:
    """Let a session take place, billed and not yet paid."""
    appointment = an_appointment(counselor, client, at, **({"status": "completed"} | changes))
    invoicing.issue(appointment, now=at)
    db.session.commit()
    return appointment


def coded(appointment: Appointment, codes: Codes = CODES) -> Appointment:
    """Let its counselor confirm the codes of a session."""
    coding.confirm(appointment, codes, by=appointment.counselor, now=NOW)
    db.session.commit()
    return appointment


def a_superbill(client: Person, counselor: Person, days: Days = NOVEMBER) -> Superbill:
    """Issue a superbill to a client who asked for it."""
    row = superbills.issue(client, counselor, days, practice=the_practice(), by=client, now=NOW)
    db.session.commit()
    return row
