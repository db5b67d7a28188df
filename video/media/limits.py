"""How much one page may ask, and that a token is used once. Pure: the moment is an argument."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from video.tokens import JoinToken

_MOST_NAMES = 1000


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

    def is_full(self, at: float) -> bool:
        """Tell whether it is as if nothing had ever been taken."""
        return self._level + (at - self._at) * self.rate >= self.burst


@dataclass(slots=True)
class Buckets:
    """A bucket for each name, kept over connections and forgotten once it is full again."""

    rate: float
    burst: float
    _known: dict[str, Bucket] = field(default_factory=dict)

    def allows(self, name: str, at: float) -> bool:
        """Take one for somebody, if there is one."""
        if len(self._known) > _MOST_NAMES:
            self._known = {each: bucket for each, bucket in self._known.items() if not bucket.is_full(at)}
        return self._known.setdefault(name, Bucket(self.rate, self.burst)).allows(at)


@dataclass(slots=True)
class Strangers:
    """Connections of whom nobody knows yet who they are: beyond `most` the one that dawdled longest is cut off.

    A page says who it is at once; whoever opens many connections and says nothing only crowds out their own.
    """

    most: int = 200
    _cut: dict[str, Callable[[], object]] = field(default_factory=dict)

    def come(self, name: str, cut: Callable[[], object]) -> None:
        """Note a connection, and how to cut it off."""
        self._cut[name] = cut
        if len(self._cut) > self.most:
            self._cut.pop(next(iter(self._cut)))()

    def known(self, name: str) -> None:
        """Note that a connection said who it is, or went."""
        self._cut.pop(name, None)


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
