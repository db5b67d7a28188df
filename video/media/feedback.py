"""Transport-wide congestion control feedback: when each packet came, told to its sender. Pure.

Format: draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1. The browser's own estimator does the rest.
"""

import struct
from dataclasses import dataclass, field

_TICK_US = 250
_REFERENCE_US = 64_000
_MOST_PACKETS = 400
_LONGEST_GAP = 1000
_RTPFB, _TRANSPORT_CC = 205, 15


@dataclass(slots=True)
class Arrivals:
    """Collects arrivals by transport sequence number. Moments are in seconds."""

    _at: dict[int, float] = field(default_factory=dict)
    _highest: int = -1
    _next: int = -1
    _count: int = 0

    def add(self, sequence: int, at: float) -> None:
        """Note a packet; the 16-bit number is unwrapped here."""
        if self._highest < 0:
            self._highest = self._next = sequence
        else:
            ahead = (sequence - self._highest) & 0xFFFF
            sequence = self._highest + (ahead if ahead < 0x8000 else ahead - 0x10000)
            if sequence - self._highest > _LONGEST_GAP:  # begin anew: a stranger's numbers must not cost us time
                self._at, self._next = {}, sequence
            self._highest = max(self._highest, sequence)
        if sequence >= self._next:
            self._at[sequence] = at

    def packets(self, sender_ssrc: int, media_ssrc: int) -> list[bytes]:
        """Write the RTCP packets for everything that came since the last call."""
        written = []
        while self._at:
            number = min(self._highest - self._next + 1, _MOST_PACKETS)
            if (packet := self._packet(sender_ssrc, media_ssrc, number)) is not None:
                written.append(packet)
        return written

    def _packet(self, sender_ssrc: int, media_ssrc: int, number: int) -> bytes | None:
        base, self._next = self._next, self._next + number
        came = [self._at.pop(sequence, None) for sequence in range(base, base + number)]
        first = next((at for at in came if at is not None), None)
        if first is None:
            return None
        reference = int(first * 1_000_000) // _REFERENCE_US
        symbols, deltas = _deltas(came, reference * _REFERENCE_US)
        body = struct.pack("!IIHH", sender_ssrc, media_ssrc, base & 0xFFFF, number)
        body += (reference & 0xFFFFFF).to_bytes(3, "big") + bytes([self._count & 0xFF])
        self._count += 1
        return _rtcp(body + _chunks(symbols) + deltas)


def _deltas(came: list[float | None], clock_us: int) -> tuple[list[int], bytes]:
    symbols, deltas = [], b""
    for at in came:
        ticks = None if at is None else round((at * 1_000_000 - clock_us) / _TICK_US)
        if ticks is None or not -32768 <= ticks <= 32767:
            symbols.append(0)
            continue
        clock_us += ticks * _TICK_US
        small = 0 <= ticks <= 255
        symbols.append(1 if small else 2)
        deltas += struct.pack("!B" if small else "!h", ticks)
    return symbols, deltas


def _chunks(symbols: list[int]) -> bytes:
    """Write two-bit status vectors, seven symbols to a chunk."""
    chunks = b""
    for start in range(0, len(symbols), 7):
        chunk = 0xC000
        for place, symbol in enumerate(symbols[start : start + 7]):
            chunk |= symbol << (12 - 2 * place)
        chunks += struct.pack("!H", chunk)
    return chunks


def _rtcp(body: bytes) -> bytes:
    padding = -len(body) % 4
    if padding:
        body += bytes(padding - 1) + bytes([padding])
    first = 0x80 | (0x20 if padding else 0) | _TRANSPORT_CC
    return struct.pack("!BBH", first, _RTPFB, len(body) // 4) + body
