"""Superbills as those who may read them find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from billing.papers.models import Superbill
from practice.core.db import db
from practice.models import Person

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of superbills, and how many there are in all."""

    rows: Sequence[Superbill]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """Count the pages, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def of_client(client: Person, *, page: int) -> Listed:
    """Return a page of a client's superbills, the latest first."""
    return _listed(_whole().where(Superbill.client_id == client.id), page)


def of_all(*, text: str, page: int) -> Listed:
    """Return a page of the practice's superbills; text narrows to people by name or to a number."""
    return _listed(_narrowed(_whole(), text), page)


def superbill_for(viewer: Person, superbill_id: int) -> Superbill | None:
    """Return a superbill to the client, its counselor, or the office."""
    wanted = _whole().where(Superbill.id == superbill_id)
    if not viewer.is_office:
        wanted = wanted.where(or_(Superbill.client_id == viewer.id, Superbill.counselor_id == viewer.id))
    return db.session.scalars(wanted).first()


def _whole() -> Select[Superbill]:
    return select(Superbill).options(joinedload(Superbill.client), joinedload(Superbill.counselor))


def _narrowed(wanted: Select[Superbill], text: str) -> Select[Superbill]:
    digits = text.upper().removeprefix("SB-").lstrip("0")
    if digits.isdecimal():
        return wanted.where(Superbill.number == int(digits[:9]))
    for word in text.split()[:6]:
        named = aliased(Person)
        people = select(named.id).where(named.name.icontains(word, autoescape=True))
        wanted = wanted.where(or_(Superbill.client_id.in_(people), Superbill.counselor_id.in_(people)))
    return wanted


def _listed(wanted: Select[Superbill], page: int) -> Listed:
    ids = wanted.with_only_columns(Superbill.id).order_by(None).subquery()
    total = db.session.scalar(select(func.count()).select_from(ids)) or 0
    number = min(max(1, page), max(1, -(-total // PER_PAGE)))
    query = wanted.order_by(Superbill.number.desc()).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Listed(db.session.scalars(query).all(), number, int(total))
