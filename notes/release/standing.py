"""Whether an authorisation holds. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

STANDING, REVOKED, ENDED, EXPIRED = "standing", "revoked", "ended", "expired"


@dataclass(frozen=True, slots=True)
class Ends:
    """What may have ended an authorisation: a word of the client, its event, or its day."""

    revoked_at: datetime | None = None
    ended_at: datetime | None = None
    ends_on: date | None = None

    def state(self, today: date) -> str:
        """Say how it stands on a day of the client's calendar; it holds through its last day (45 CFR 164.508(b)(2))."""
        if self.revoked_at:
            return REVOKED
        if self.ended_at:
            return ENDED
        return EXPIRED if self.ends_on and self.ends_on < today else STANDING


def years_before(day: date, years: int) -> date:
    """Return the same day so many years before; the 28th where there is no 29th of February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def year_on(day: date) -> date:
    """Return the same day a year on: how long an authorisation lasts when nobody says otherwise."""
    return years_before(day, -1)
