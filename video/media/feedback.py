"""Transport-wide congestion control feedback: when each packet came, told to its sender. Pure.

Format: draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1. The browser's own estimator does the rest.
"""

import struct
from dataclasses import dataclass, field

_TICKS_A_SECOND = 4000
_TICKS_A_REFERENCE = 256
_MOST_PACKETS = 400
_LONGEST_GAP = 1000
_RTPFB, _TRANSPORT_CC = 205, 15
_ABSENT, _SMALL, _LARGE = 0, 1, 2


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
        reference = int(first * _TICKS_A_SECOND) // _TICKS_A_REFERENCE
        symbols, deltas = _deltas(came, reference * _TICKS_A_REFERENCE)
        body = struct.pack("!IIHH", sender_ssrc, media_ssrc, base & 0xFFFF, number)
        body += (reference & 0xFFFFFF).to_bytes(3, "big") + bytes([self._count & 0xFF])
        self._count += 1
        return _rtcp(body + _chunks(symbols) + deltas)


def _deltas(came: list[float | None], clock: int) -> tuple[bytearray, bytearray]:
    """Write how many ticks each came after the one before; the first counts from `clock`."""
    symbols, deltas = bytearray(), bytearray()
    for at in came:
        ticks = None if at is None else round(at * _TICKS_A_SECOND) - clock
        if ticks is None or not -32768 <= ticks <= 32767:
            symbols.append(_ABSENT)
            continue
        clock += ticks
        if 0 <= ticks <= 255:
            symbols.append(_SMALL)
            deltas.append(ticks)
        else:
            symbols.append(_LARGE)
            deltas += struct.pack("!h", ticks)
    return symbols, deltas


def _chunks(symbols: bytearray) -> bytes:
    """Write one run where all are alike (section 3.1.3), else two-bit status vectors of seven (section 3.1.4)."""
    if symbols.count(symbols[0]) == len(symbols):
        return struct.pack("!H", symbols[0] << 13 | len(symbols))
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
