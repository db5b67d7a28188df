"""Prepare what is given out: a cover sheet, and of the record what was authorised and nothing else."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import render_template

from notes import keys
from notes.papers import codes
from notes.papers.gathering import gathered
from notes.papers.pieces import OpenedRecord, said
from notes.plans.views.pages import STANDINGS, STATUSES
from notes.release import hands
from notes.release.forms import Choice
from notes.release.limits import Limit
from notes.release.models import Packet, Release
from notes.release.services import NotStandingError, state_of, words_of
from notes.release.standing import STANDING
from notes.release.terms import PSYCHOTHERAPY, SUBSTANCE_USE, standing_words
from notes.release.words import PARTS, Signed, period, what_of
from notes.safety.steps import STEPS
from notes.vault import Place, Ring, seal
from practice.core import audit
from practice.core.db import aside, db
from practice.core.ports import ports
from practice.core.settings import settings
from practice.models import Person, Practice

KIND, TITLE = "packet", "Release of information"


class NothingThereError(Exception):
    """Of what was chosen the record holds nothing in these days."""

    def __init__(self) -> None:
        super().__init__("Of what you chose the record holds nothing in these days.")


def prepared(release: Release, choice: Choice, limits: Sequence[Limit], *, by: Person, now: datetime) -> bytes:
    """Set a packet on the practice's paper and keep its code and hash; whoever prepares it has read the limits.

    The request that asks only reads, so what is kept is written beside it. Raises NotStandingError, TooLongError,
    NothingThereError, PrintingError.
    """
    if state_of(release, now) != STANDING:
        raise NotStandingError
    signed, code = words_of(release), codes.fresh()
    found = gathered(release.chart, choice.parts, choice.first, choice.last, by=by)
    if found.is_empty:
        raise NothingThereError
    record = found.record
    page = render_template(
        "print/packet.html",
        **_cover(release, signed, choice, by),
        record=record,
        plan=found.plan,
        code=code,
        verify_at=f"{settings().base_url}/verify",
        printed_at=now,
    )
    document = ports().printer.pdf(page, title=TITLE)
    key = keys.key_of(release.chart, ring=Ring.RECORD)
    what = what_of(choice.parts, choice.first, choice.last).encode()
    with aside() as session:
        packet = Packet(
            release_id=release.id,
            code_hash=codes.digest(code),
            sha256=hashlib.sha256(document).hexdigest(),
            sealed=b"",
            made_by_id=by.id,
            printed_at=now,
        )
        session.add(packet)
        session.flush()
        packet.sealed = seal(key, what, _place(release, packet.id))
    audit.record_aside(
        "release.prepared",
        person_id=by.id,
        subject=("release", release.id),
        detail=_detail(record, limits),
        about=release.chart.client_id,
        acting=hands.role_of(release.chart, by, now=now),
    )
    return document


def whats_of(release: Release, packets: Sequence[Packet]) -> list[str]:
    """Open what is in packets of an authorisation, the earliest first."""
    places = [(packet, _place(release, packet.id)) for packet in reversed(packets)]
    return [keys.opened(release.chart, packet.sealed, place).decode() for packet, place in places]


def _detail(record: OpenedRecord, limits: Sequence[Limit]) -> dict[str, Any]:
    kept = {"notes": [each.note.id for each in record.entries], "unopened": len(record.unopened)}
    return kept | ({"limits_read": [each.request.id for each in limits]} if limits else {})


def _cover(release: Release, signed: Signed, choice: Choice, by: Person) -> Mapping[str, Any]:
    return {
        "title": TITLE,
        "release": release,
        "signed": signed,
        "holds": standing_words(signed),
        "parts": [PARTS[part] for part in choice.parts],
        "period": period(choice.first, choice.last),
        "apart": PSYCHOTHERAPY,
        "redisclosure": SUBSTANCE_USE if signed.substance_use else "",
        "practice": db.session.scalars(db.select(Practice)).one(),
        "zone": by.zone,
        "by": by,
        "steps": STEPS,
        "said": said,
        "statuses": dict(STATUSES),
        "standings": dict(STANDINGS),
    }


def _place(release: Release, packet_id: int) -> Place:
    return Place(release.chart_id, packet_id, 1, KIND)
