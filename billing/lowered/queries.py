"""Find agreed prices, steps of the scale and vouchers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from billing.lowered.models import AgreedPrice, Tier, Voucher, VoucherUse
from booking.models.services import Service
from practice.core.db import db
from practice.models import Person


def tiers(*, also_old: bool = False) -> Sequence[Tier]:
    """Return the steps of the scale, the dearest first."""
    query = select(Tier).order_by(Tier.active.desc(), Tier.percent.desc(), Tier.id)
    return db.session.scalars(query if also_old else query.where(Tier.active)).all()


def standing_of(client_id: int) -> AgreedPrice | None:
    """Return what was agreed with a client and not ended, also when it is due to be looked at again."""
    query = select(AgreedPrice).where(AgreedPrice.client_id == client_id, AgreedPrice.ended_at.is_(None))
    return db.session.scalars(query.options(joinedload(AgreedPrice.tier))).first()


def in_force(client_id: int, today: date) -> AgreedPrice | None:
    """Return what holds for a client who books today."""
    found = standing_of(client_id)
    return found if found is not None and today < found.review_on else None


def standing(*, most: int = 500) -> Sequence[AgreedPrice]:
    """Return all agreed prices, those to be looked at first at the top."""
    query = (
        select(AgreedPrice)
        .where(AgreedPrice.ended_at.is_(None))
        .options(joinedload(AgreedPrice.client), joinedload(AgreedPrice.tier))
        .order_by(AgreedPrice.review_on, AgreedPrice.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def to_tell(until: date) -> Sequence[AgreedPrice]:
    """Return what is to be looked at again by a day, of which the client was not told."""
    query = select(AgreedPrice).where(
        AgreedPrice.ended_at.is_(None), AgreedPrice.told_at.is_(None), AgreedPrice.review_on <= until
    )
    return db.session.scalars(query.order_by(AgreedPrice.id)).all()


def vouchers() -> list[tuple[Voucher, int]]:
    """Return all vouchers with how often each is used, the latest first."""
    uses = (
        select(VoucherUse.voucher_id, func.count().label("uses"))
        .where(VoucherUse.released_at.is_(None))
        .group_by(VoucherUse.voucher_id)
        .subquery()
    )
    query = (
        select(Voucher, func.coalesce(uses.c.uses, 0))
        .outerjoin(uses, uses.c.voucher_id == Voucher.id)
        .options(joinedload(Voucher.service).joinedload(Service.counselor))
        .order_by(Voucher.active.desc(), Voucher.id.desc())
        .limit(500)
    )
    return [(voucher, int(count)) for voucher, count in db.session.execute(query)]


def is_used_up(voucher: Voucher) -> bool:
    """Tell whether a voucher was used as often as it may be."""
    query = select(func.count()).where(VoucherUse.voucher_id == voucher.id, VoucherUse.released_at.is_(None))
    return voucher.most_uses is not None and int(db.session.scalar(query) or 0) >= voucher.most_uses


def used_for(appointment_id: int) -> VoucherUse | None:
    """Return the voucher used for a session."""
    query = select(VoucherUse).where(VoucherUse.appointment_id == appointment_id, VoucherUse.released_at.is_(None))
    return db.session.scalars(query.options(joinedload(VoucherUse.voucher))).first()


def used_by(voucher: Voucher, client: Person) -> bool:
    """Tell whether a client uses a voucher already."""
    query = select(VoucherUse.id).where(
        VoucherUse.voucher_id == voucher.id, VoucherUse.client_id == client.id, VoucherUse.released_at.is_(None)
    )
    return db.session.scalar(query) is not None
