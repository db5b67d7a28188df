"""Which media server a room lives on. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_OVERDUE = 0.2


@dataclass(frozen=True, slots=True)
class Server:
    """What is known of a media server: its lease, and how many rooms live on it."""

    id: int
    url: str
    seen_at: datetime
    leased_until: datetime
    draining: bool
    load: int

    def takes_rooms(self, now: datetime) -> bool:
        """Whether rooms may live on it: its lease holds and it was not told to stop."""
        return now < self.leased_until and not self.draining

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been heard of again by now: eight beats make a lease, and one and a half are gone."""
        return now - self.seen_at > _OVERDUE * (self.leased_until - self.seen_at)


def choose(servers: Iterable[Server], *, home: int | None, unreachable: str, now: datetime) -> Server | None:
    """Choose where a room lives: at home as long as that serves, else where the fewest live.

    `unreachable` is the address a page could not reach: that alone proves nothing, but with a beat overdue it does.
    When no server serves, the room stays at home: that one may be starting again.
    """
    servers = list(servers)
    fit = [each for each in servers if each.takes_rooms(now) and not (each.url == unreachable and each.is_overdue(now))]
    kept = next((each for each in servers if each.id == home), None)
    if kept in fit or not fit:
        return kept
    return min(fit, key=lambda each: (each.load, each.url))
