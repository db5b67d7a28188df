"""The numbers of one person's copy of a stream: whatever its source, it goes on where it stopped."""

import random
from dataclasses import dataclass

from video.media.publication import Kept
from video.media.rtp import after


@dataclass(frozen=True, slots=True)
class Shift:
    """From the source's numbers to ours."""

    sequence: int
    timestamp: int
    picture: int
    layer: int


class Numbering:
    """Which numbers went out last. Moments are seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self.sequence = random.randrange(0x8000)  # noqa: S311 -- low half: a wrap too early upsets SRTP
        self._timestamp = random.getrandbits(32)
        self._picture, self._layer = random.getrandbits(15), random.getrandbits(8)
        self._floor = 0  # the source's packets before this one belong to nobody
        self._sent_at: float | None = None

    def begin(self, kept: Kept, at: float) -> Shift:
        """Go on with another source's packets from this one on; time goes on by as much as passed."""
        packet, descriptor = kept.packet, kept.descriptor
        pause = 0.0 if self._sent_at is None else at - self._sent_at
        timestamp = self._timestamp + max(1, int(pause * kept.codec.clock_rate))
        self._floor = packet.sequence
        return Shift(
            sequence=self.sequence + 1 - packet.sequence,
            timestamp=timestamp - packet.timestamp,
            picture=self._picture + 1 - (descriptor.picture if descriptor else 0) if self._sent_at is not None else 0,
            layer=self._layer + 1 - (descriptor.layer if descriptor else 0) if self._sent_at is not None else 0,
        )

    def has(self, sequence: int) -> bool:
        """Tell whether a packet of the source belongs to what goes out: none from before it was begun does."""
        return sequence == self._floor or after(sequence, self._floor)

    def note(self, kept: Kept, shift: Shift, at: float) -> None:
        """Note what was sent, unless something later was sent before it."""
        sequence = (kept.packet.sequence + shift.sequence) & 0xFFFF
        if not after(sequence, self.sequence):
            return
        self.sequence, self._sent_at = sequence, at
        self._timestamp = (kept.packet.timestamp + shift.timestamp) & 0xFFFFFFFF
        if (kept.packet.sequence - self._floor) & 0xFFFF > 0x4000:  # or half the number space later nothing would count
            self._floor = (kept.packet.sequence - 0x2000) & 0xFFFF
        if kept.descriptor is not None:
            self._picture = (kept.descriptor.picture + shift.picture) & 0x7FFF
            self._layer = (kept.descriptor.layer + shift.layer) & 0xFF
