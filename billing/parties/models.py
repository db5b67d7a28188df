"""What parties said of themselves for insurers, sealed under the field keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import SealedJSON, UTCDateTime
from practice.core.db import Model

CLIENT, COUNSELOR, PRACTICE = "client", "counselor", "practice"
KINDS = (CLIENT, COUNSELOR, PRACTICE)
OF_THE_PRACTICE = text("person_id IS NULL")


class BillingParty(Model):
    """One party: a client, a counselor, or the practice, which is nobody's."""

    __tablename__ = "billing_parties"
    __table_args__ = (
        UniqueConstraint("person_id", "kind"),
        CheckConstraint(f"kind IN {KINDS}", name="kind_known"),
        CheckConstraint("(kind = 'practice') = (person_id IS NULL)", name="whose_known"),
        Index(
            "uq_billing_parties_practice",
            "kind",
            unique=True,
            sqlite_where=OF_THE_PRACTICE,
            postgresql_where=OF_THE_PRACTICE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    said: Mapped[dict[str, Any]] = mapped_column(SealedJSON("billing_parties.said"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
