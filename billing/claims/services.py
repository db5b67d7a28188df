"""Make claims of superbills, write their files, note what became of them, and put right what was wrong in one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from billing import invoicing
from billing.claims import queries, x12
from billing.claims.forms import Answered, Following
from billing.claims.latin import is_spelled
from billing.claims.models import Claim, ClaimEvent, ClaimFile
from billing.claims.states import (
    MADE,
    PAID,
    REPLACED,
    SENT,
    VOIDED,
    WITH_INSURER,
    WITHDRAWN,
    WORDS,
    may_become,
)
from billing.claims.terms import CORRECTS, FIRST, Terms
from billing.papers import superbills
from billing.papers.models import Superbill
from billing.papers.statements import Days
from billing.papers.superbill import Document, Lack
from billing.parties import services as parties
from practice.core import audit
from practice.core.db import db
from practice.models import Person, Practice

SERIES, FILES = "claims", "claim"
"""The numbers of claims, and of the files made of them."""


class CannotClaimError(Exception):
    """The claim cannot be made or changed like this; `str()` says why in plain words."""


def lacks(row: Superbill) -> list[Lack]:
    """Name what keeps a superbill from becoming a claim on paper."""
    client = Document.kept(row.said).client
    holder = client.insured
    needed = {
        "The client’s insurer": client.insurer,
        "The name and date of birth of whoever holds the client’s policy": all(
            (holder.first_name, holder.last_name, holder.born_on)
        ),
        "Names and addresses in Latin letters, as on the insurance card": all(
            is_spelled(words)
            for words in (client.first_name, client.last_name, client.street, holder.first_name, holder.last_name)
            if words
        ),
    }
    return [Lack(words, "client") for words, there in needed.items() if not there]


def lacks_of_file(row: Claim) -> list[Lack]:
    """Name what keeps a claim from going out as a file."""
    return x12.lacks(Document.kept(row.superbill.said), parties.of_practice())


def make(row: Superbill, terms: Terms, *, by: Person, now: datetime) -> Claim:
    """Make a claim of a superbill; raises CannotClaimError where one of its days is claimed already."""
    _lock(row)
    if missing := lacks(row):
        raise CannotClaimError(f"Missing: {'; '.join(lack.words for lack in missing)}.")
    _refuse_twice(row, following=None)
    return _made(row, terms, frequency=FIRST, follows=None, by=by, now=now)


def make_file(row: Claim, *, by: Person, now: datetime) -> ClaimFile:
    """Write the electronic file of a claim that lacks nothing."""
    control = invoicing.next_number(FILES)
    document, practice = Document.kept(row.superbill.said), parties.of_practice()
    made = ClaimFile(
        control_number=control,
        superbill_id=row.superbill_id,
        claim_id=row.id,
        text=x12.interchange(document, row.heading, row.terms, practice, control=control, at=now),
        made_at=now,
        made_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    _record("claim.file_made", row, by)
    return made


def send(row: Claim, on: date, *, by: Person, now: datetime) -> None:
    """Note that a claim is on its way; one that corrects or voids another ends that one."""
    _become(row, SENT, on=on, by=by, now=now)
    if row.follows:
        _become(row.follows, REPLACED if row.corrects else VOIDED, on=on, by=by, now=now)


def withdraw(row: Claim, *, by: Person, now: datetime) -> None:
    """Take back a claim that never went out."""
    _become(row, WITHDRAWN, on=_today(row, now), by=by, now=now)


def answer(row: Claim, said: Answered, *, by: Person, now: datetime) -> None:
    """Note what the insurer decided; a later letter may decide otherwise."""
    cents = said.paid.cents if said.paid is not None and said.answer == PAID else None
    _become(row, said.answer, on=said.on, by=by, now=now, words=said.words, paid_cents=cents)


def follow(row: Claim, said: Following, *, practice: Practice, by: Person, now: datetime) -> Claim:
    """Make the claim that corrects or voids one the insurer has.

    A correction says what codes and details say now; raises CannotClaimError where that is nothing else, and
    superbills.LackingError where something is missing.
    """
    _lock_claim(row)
    if row.state not in WITH_INSURER:
        raise CannotClaimError("Only a claim the insurer has can be corrected or voided.")
    if found := queries.follower(row):
        raise CannotClaimError(f"{found.label} follows this claim already.")
    terms = replace(row.terms, original=said.original, authorization=said.authorization or row.terms.authorization)
    if said.frequency != CORRECTS:
        return _made(row.superbill, terms, frequency=said.frequency, follows=row, by=by, now=now)
    superbill = _as_it_is_now(row, terms, practice=practice, by=by, now=now)
    _refuse_twice(superbill, following=row)
    return _made(superbill, terms, frequency=CORRECTS, follows=row, by=by, now=now)


def _as_it_is_now(row: Claim, terms: Terms, *, practice: Practice, by: Person, now: datetime) -> Superbill:
    days = Days(row.superbill.first_on, row.superbill.last_on)
    found = superbills.draft(row.client, row.counselor, days, practice)
    if found.lacks:
        raise superbills.LackingError(found)
    if found.document() != Document.kept(row.superbill.said):
        return superbills.issue(row.client, row.counselor, days, practice=practice, by=by, now=now)
    if terms.authorization == row.terms.authorization:
        raise CannotClaimError("It would say the same again. Change the codes or the billing details first.")
    return row.superbill


def _made(
    superbill: Superbill, terms: Terms, *, frequency: str, follows: Claim | None, by: Person, now: datetime
) -> Claim:
    fee = Document.kept(superbill.said).fee
    row = Claim(
        number=invoicing.next_number(SERIES),
        superbill_id=superbill.id,
        client_id=superbill.client_id,
        counselor_id=superbill.counselor_id,
        frequency=frequency,
        follows_id=follows.id if follows else None,
        state=MADE,
        total_cents=fee.cents,
        currency=fee.currency,
        said=terms.as_kept(),
        made_at=now,
        made_by_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    _note(row, MADE, on=_today(row, now), by=by, now=now)
    _record("claim.made", row, by)
    return row


def _refuse_twice(row: Superbill, *, following: Claim | None) -> None:
    days = {item.on for item in Document.kept(row.said).items}
    for other in queries.overlapping(row):
        if following and other.id in (following.id, following.follows_id):
            continue
        if shared := sorted(days & {item.on for item in Document.kept(other.superbill.said).items}):
            day = date.fromisoformat(shared[0])
            raise CannotClaimError(
                f"{other.label} claims {day:%-d %B %Y} already. Correct or void that one, or withdraw it."
            )


def _become(
    row: Claim,
    state: str,
    *,
    on: date,
    by: Person,
    now: datetime,
    words: str = "",
    paid_cents: int | None = None,
) -> None:
    _lock_claim(row)
    if not may_become(row.state, state):
        raise CannotClaimError(f"{row.label} is {WORDS[row.state][0].lower()} meanwhile; look at it once more.")
    row.state = state
    _note(row, state, on=on, by=by, now=now, words=words, paid_cents=paid_cents)
    _record(f"claim.{state}", row, by)


def _note(
    row: Claim, kind: str, *, on: date, by: Person, now: datetime, words: str = "", paid_cents: int | None = None
) -> None:
    said = {"happened_on": on, "paid_cents": paid_cents, "words": words, "noted_at": now, "noted_by_id": by.id}
    db.session.add(ClaimEvent(claim_id=row.id, kind=kind, **said))
    db.session.flush()


def _lock(row: Superbill) -> None:
    db.session.execute(select(Superbill.id).where(Superbill.client_id == row.client_id).with_for_update())


def _lock_claim(row: Claim) -> None:
    db.session.execute(select(Claim.id).where(Claim.id == row.id).with_for_update())
    db.session.refresh(row, ["state"])


def _today(row: Claim, now: datetime) -> date:
    return now.astimezone(ZoneInfo(db.session.get_one(Practice, 1).zone)).date()


def _record(deed: str, row: Claim, by: Person) -> None:
    audit.record(deed, person_id=by.id, subject=("claim", row.id), about=row.client_id, acting=by.office_role)
