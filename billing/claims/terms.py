"""What a claim says besides its superbill, and how it follows an earlier one. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

FIRST, CORRECTS, VOIDS = "1", "7", "8"
FREQUENCIES = (FIRST, CORRECTS, VOIDS)
"""How a claim stands to earlier ones (NUBC claim frequency codes; CMS-1500 02/12, item 22; X12 CLM05-3)."""
CLIENT, PRACTICE = "client", "practice"
PAYEES = (CLIENT, PRACTICE)


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one claim."""

    payee: str = CLIENT
    """Whom the insurer shall pay: the client, who paid already, or the practice (items 13; CLM08)."""
    accepts: bool = False
    """Whether the practice asks for no more than the insurer allows (item 27; CLM07)."""
    authorization: str = ""
    """The insurer's number for a leave asked in advance (item 23; REF G1)."""
    original: str = ""
    """The insurer's number of the claim that this one corrects or voids (item 22; REF F8)."""

    @property
    def to_practice(self) -> bool:
        """Tell whether benefits are assigned to the practice."""
        return self.payee == PRACTICE

    @classmethod
    def kept(cls, said: dict[str, Any]) -> Self:
        """Read what was kept; words that came later have their defaults."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in said.items() if name in names})

    def as_kept(self) -> dict[str, Any]:
        """Write them down."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Heading:
    """How a claim is named and what it does: the practice's number, and its frequency code."""

    label: str
    frequency: str = FIRST

    @property
    def follows(self) -> bool:
        """Tell whether it corrects or voids an earlier one."""
        return self.frequency != FIRST
