"""Claims as the office finds them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from billing.claims.models import Claim, ClaimEvent, ClaimFile
from billing.claims.states import STANDING, WITHDRAWN
from billing.lists import PAGE_SIZE, Listed
from billing.papers.models import Superbill
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person


def listed(*, state: str, text: str, page: int) -> Listed[Claim]:
    """Return a page of claims, the latest first; text narrows to a number or to people by name."""
    wanted = _narrowed(_whole(), text)
    if state:
        wanted = wanted.where(Claim.state == state)
    ids = wanted.with_only_columns(Claim.id).order_by(None).subquery()
    total = int(db.session.scalar(select(func.count()).select_from(ids)) or 0)
    number = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    query = wanted.order_by(Claim.number.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    added = (
        select(Claim.currency, func.sum(Claim.total_cents)).where(Claim.id.in_(select(ids))).group_by(Claim.currency)
    )
    sums = [Money(int(cents), currency) for currency, cents in db.session.execute(added)]
    return Listed(list(db.session.scalars(query)), total, number, sums)


def counts() -> dict[str, int]:
    """Count the claims by state."""
    found = db.session.execute(select(Claim.state, func.count()).group_by(Claim.state))
    return {state: int(count) for state, count in found}


def claim(claim_id: int) -> Claim | None:
    """Return a claim by its id."""
    return db.session.scalars(_whole().where(Claim.id == claim_id)).first()


def of_superbill(row: Superbill) -> Sequence[Claim]:
    """Return the claims made of a superbill, the latest first."""
    return db.session.scalars(_whole().where(Claim.superbill_id == row.id).order_by(Claim.number.desc())).all()


def follower(row: Claim) -> Claim | None:
    """Return the claim that corrects or voids another, unless it was withdrawn."""
    wanted = _whole().where(Claim.follows_id == row.id, Claim.state != WITHDRAWN)
    return db.session.scalars(wanted).first()


def overlapping(row: Superbill) -> Sequence[Claim]:
    """Return the claims that stand between the same people and speak of some of a superbill's days."""
    wanted = (
        _whole()
        .join(Superbill, Superbill.id == Claim.superbill_id)
        .where(
            Claim.client_id == row.client_id,
            Claim.counselor_id == row.counselor_id,
            Claim.state.in_(STANDING),
            Superbill.first_on <= row.last_on,
            Superbill.last_on >= row.first_on,
        )
        .order_by(Claim.number)
    )
    return db.session.scalars(wanted).all()


def events(row: Claim) -> Sequence[ClaimEvent]:
    """Return what became of a claim, the first thing first."""
    wanted = select(ClaimEvent).where(ClaimEvent.claim_id == row.id).options(joinedload(ClaimEvent.noted_by))
    return db.session.scalars(wanted.order_by(ClaimEvent.id)).all()


def files(row: Claim) -> Sequence[ClaimFile]:
    """Return the files made of a claim, the latest first."""
    wanted = select(ClaimFile).where(ClaimFile.claim_id == row.id)
    return db.session.scalars(wanted.order_by(ClaimFile.control_number.desc())).all()


def file(row: Claim, control_number: int) -> ClaimFile | None:
    """Return one file of a claim by its control number."""
    return next((made for made in files(row) if made.control_number == control_number), None)


def _whole() -> Select[Claim]:
    people = (joinedload(Claim.client), joinedload(Claim.counselor), joinedload(Claim.superbill))
    return select(Claim).options(*people)


def _narrowed(wanted: Select[Claim], text: str) -> Select[Claim]:
    digits = text.upper().removeprefix("CL-").lstrip("0")
    if digits.isdecimal():
        return wanted.where(Claim.number == int(digits[:9]))
    for word in text.split()[:6]:
        named = aliased(Person)
        people = select(named.id).where(named.name.icontains(word, autoescape=True))
        wanted = wanted.where(or_(Claim.client_id.in_(people), Claim.counselor_id.in_(people)))
    return wanted
