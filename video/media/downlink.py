"""What a page can take, as its browser says (REMB, draft-alvestrand-rmcat-remb-03), and each stream's share of it."""

import struct
from collections.abc import Sequence

from aiortc.rtp import unpack_remb_fci

from video.media.subscription import Subscription

_LASTS_S = 5.0
"""A browser that says nothing for so long has nothing to say against what it gets."""


class Downlink:
    """The last word of one browser. Moments are in seconds."""

    def __init__(self) -> None:
        self._said: tuple[int, float] | None = None

    def note(self, fci: bytes, at: float) -> None:
        """Note how many bit/s the browser can take; leave what is no such word."""
        try:
            self._said = (unpack_remb_fci(fci)[0], at)
        except (ValueError, struct.error, IndexError):
            return

    def share(self, subscriptions: Sequence[Subscription], at: float) -> None:
        """Note what each stream sent in the last second, and its share of what the browser can take."""
        for subscription in subscriptions:
            subscription.measure()
        total = sum(each.rate for each in subscriptions)
        fresh = self._said is not None and at - self._said[1] < _LASTS_S
        for subscription in subscriptions:
            share = subscription.rate / total if total else 0
            subscription.allowance = int(self._said[0] * share) if self._said and fresh and share else None
