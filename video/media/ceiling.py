"""How much a publisher may send, so that its slowest viewer keeps up. Pure.

The browser's own estimator knows the way up to us; of the way down to the viewers it knows nothing. A viewer's
REMB follows what it receives and would hold a quiet picture down for good, so it counts only when it says less
than what is being sent and the viewer's packets are late or lost too.
"""

from dataclasses import dataclass

LEAST = 80_000
FREE = 10_000_000
_RISE = 1.25
_LIGHT_LOSS, _HEAVY_LOSS = 0.02, 0.1
_LATE_S = 0.1


@dataclass(slots=True)
class Ceiling:
    """One publisher's limit in bit/s; `FREE` is none."""

    limit: int = FREE

    def note(self, *, sent: int, remb: int | None, loss: float, late_s: float) -> int:
        """Take one second's figures of the worst viewer: bit/s sent to it, its REMB, share lost, added round trip."""
        wanted = FREE
        if remb is not None and remb < 0.95 * sent and (loss > _LIGHT_LOSS or late_s > _LATE_S):
            wanted = remb
        if loss > _HEAVY_LOSS:
            wanted = min(wanted, int(sent * (1 - loss / 2)))
        if wanted < self.limit:
            self.limit = max(LEAST, wanted)
        elif self.limit < FREE:
            self.limit = min(FREE, int(self.limit * _RISE))
        return self.limit
