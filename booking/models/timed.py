"""What takes a counselor's time: an appointment of two, and a session that several share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import UTCDateTime
from practice.core.spans import Span


class Timed:
    """An hour with the counselor's buffers around it."""

    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_from: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_until: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def span(self) -> Span:
        """The hour itself."""
        return Span(self.starts_at, self.ends_at)

    @property
    def blocked(self) -> Span:
        """The hour with the counselor's buffers."""
        return Span(self.blocked_from, self.blocked_until)
