"""What is counted while the server runs, for whoever watches over it; numbers only, nobody's name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from video.media.router import Router

DELAYS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


@dataclass(slots=True)
class Traffic:
    """Packets and octets sent on to viewers, and packets that never came from the pages."""

    packets: int = 0
    octets: int = 0
    lost: int = 0

    def add(self, router: Router) -> None:
        """Add what went through one connection."""
        self.packets += sum(each.packets for each in router.subscriptions)
        self.octets += sum(each.octets for each in router.subscriptions)
        self.lost += sum(max(each.lost, 0) for each in router.streams)


@dataclass(slots=True)
class Meters:
    """Counters that only grow."""

    events: Counter[str] = field(default_factory=Counter)
    """What the session log notes: joined, dropped, returned, left…"""
    refusals: Counter[str] = field(default_factory=Counter)
    """Connections turned away or cut off, by code."""
    offers: Counter[str] = field(default_factory=Counter)
    """Offers of connections: answered, restarted, unfit, throttled."""
    beats: int = 0
    delays: Counter[float] = field(default_factory=Counter)
    """How late beats of the process came, in buckets of `DELAYS_S`; later than the last are in none."""
    delay_s: float = 0.0
    past: Traffic = field(default_factory=Traffic)
    """What went through connections that are closed."""

    def beat(self, late_s: float) -> None:
        """Count one beat of the process and how late it came."""
        self.beats += 1
        self.delay_s += max(late_s, 0.0)
        bucket = next((limit for limit in DELAYS_S if late_s <= limit), None)
        if bucket is not None:
            self.delays[bucket] += 1

    def traffic(self, routers: Iterable[Router]) -> Traffic:
        """Add up what went through all connections, the closed ones and these."""
        total = Traffic(self.past.packets, self.past.octets, self.past.lost)
        for router in routers:
            total.add(router)
        return total
