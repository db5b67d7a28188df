"""The demo's authorisations. Everybody named in them is invented."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from notes import keys
from notes.release import services
from notes.release.standing import year_on
from notes.release.terms import STATEMENTS
from notes.release.words import MEASURES, NOTES, PLAN, SESSIONS, SPOKEN, Recipient, Signed, Told
from practice.core import seeds

ORDER = 48
_DOCTOR = Recipient("Dr. Helen Marsh", "doctor", "Harbour Family Practice, 8 Quay Road")
_INSURER = Recipient("Northlight Mutual, claims", "insurer", "PO Box 118, Albany NY")


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Let Alice have allowed two things; of one the counselor has spoken already."""
    ines, alice = people["ines"], people["alice"]
    spoken_at = now - timedelta(days=9)
    chart = keys.chart_of(counselor=ines, client=alice, now=spoken_at)
    doctor = Signed(
        recipient=_DOCTOR,
        parts=(MEASURES, PLAN),
        purpose="So that my doctor and my counselor know of each other’s plans",
        signature=alice.name,
        signed_on=spoken_at.date(),
        ends_on=year_on(spoken_at.date()),
        statements=STATEMENTS,
    )
    release = services.authorise(chart, doctor, by=alice, on_paper=False, now=spoken_at)
    told = Told(_DOCTOR, "How sleep and mood have been since September.", doctor.purpose, "authorised", SPOKEN)
    services.give(release, told, told_at=spoken_at + timedelta(hours=3), by=ines, now=spoken_at + timedelta(hours=4))
    insurer = Signed(
        recipient=_INSURER,
        parts=(SESSIONS, NOTES),
        purpose="Claim for the sessions of this autumn",
        signature=alice.name,
        signed_on=now.date(),
        statements=STATEMENTS,
    )
    services.authorise(chart, insurer, by=alice, on_paper=False, now=now - timedelta(hours=5))


seeds.register(ORDER, seed)
