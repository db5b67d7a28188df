"""How long a record is kept. Pure.

The law of the place decides; where it is silent, seven years after the last service, or three after a
minor comes of age, whichever is later. A year ends on the day of the same date, 29 February on 1 March.
"""

from dataclasses import dataclass
from datetime import date

YEARS, UNTIL_AGE, MAJORITY = 7, 21, 18
ACCOUNTED = 6
"""Years for which a client may ask what was given out (45 CFR 164.528(a)(1))."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Years after the last contact; and of somebody treated as a minor, until this age at least."""

    years: int = YEARS
    until_age: int | None = UNTIL_AGE

    def kept_until(self, last_contact: date, born_on: date | None = None) -> date:
        """Return the last day a record is kept; the day after it may be destroyed."""
        after = years_after(last_contact, self.years)
        if born_on is None or self.until_age is None or last_contact >= years_after(born_on, MAJORITY):
            return after
        return max(after, years_after(born_on, self.until_age))


def years_after(day: date, years: int) -> date:
    """Return the same date so many years on."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
