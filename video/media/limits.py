"""How much one page may ask, and that a token is used once. Pure: the moment is an argument."""

from dataclasses import dataclass, field
from datetime import datetime

from video.tokens import JoinToken


@dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` a second on average, `burst` at once. Moments are in seconds."""

    rate: float
    burst: float
    _level: float = field(default=-1.0)
    _at: float = 0.0

    def allows(self, at: float, cost: float = 1) -> bool:
        """Take what it costs, if there is that much."""
        if self._level < 0:
            self._level, self._at = self.burst, at
        self._level = min(self.burst, self._level + (at - self._at) * self.rate)
        self._at = at
        if self._level < cost:
            return False
        self._level -= cost
        return True


@dataclass(slots=True)
class UsedTokens:
    """Remembers which tokens came, until they expire by themselves."""

    _until: dict[str, datetime] = field(default_factory=dict)

    def is_first_use(self, token: JoinToken, *, now: datetime) -> bool:
        """Note a token; false when it came before."""
        self._until = {nonce: until for nonce, until in self._until.items() if until > now}
        if token.nonce in self._until:
            return False
        self._until[token.nonce] = token.expires_at
        return True
