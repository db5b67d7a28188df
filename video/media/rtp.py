"""RTP packets on the wire (RFC 3550) with one-byte header extensions (RFC 8285). Pure: bytes in, bytes out."""

import struct
from collections.abc import Mapping

_HEADER = struct.Struct("!BBHII")
START = struct.Struct("!BBHIIIB")
"""The fixed header, the extension's profile and length, and its first element's id and length."""
_SEQUENCE_AND_TIMESTAMP = struct.Struct("!BHI")
_ONE_BYTE_PROFILE = 0xBEDE

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
TRANSPORT_SEQUENCE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"


class MalformedPacketError(ValueError):
    """The bytes are no RTP packet."""


class Packet:
    """One RTP packet, its payload without padding."""

    __slots__ = ("extensions", "marker", "payload", "payload_type", "sequence", "ssrc", "timestamp")

    def __init__(
        self, payload_type: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, *, marker: int = 0
    ) -> None:
        self.payload_type = payload_type
        self.sequence = sequence
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.payload = payload
        self.marker = marker
        self.extensions: Mapping[int, bytes] = {}


def parse(data: bytes) -> Packet:
    """Read a packet. Raises `MalformedPacketError`."""
    if len(data) < _HEADER.size:
        raise MalformedPacketError("shorter than its header")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise MalformedPacketError("not version 2")
    start = _HEADER.size + 4 * (first & 0x0F)
    extensions: Mapping[int, bytes] = {}
    if first & 0x10:
        start, extensions = _extensions(data, start)
    end = len(data) - (data[-1] if first & 0x20 else 0)
    if start > end:
        raise MalformedPacketError("shorter than it says")
    packet = Packet(second & 0x7F, sequence, timestamp, ssrc, data[start:end], marker=second >> 7)
    packet.extensions = extensions
    return packet


def unwrap_rtx(packet: Packet, payload_type: int, ssrc: int) -> Packet | None:
    """Recover the lost packet from a retransmission (RFC 4588 section 4); None when it only pads."""
    if len(packet.payload) < 2:
        return None
    sequence = int.from_bytes(packet.payload[:2], "big")
    return Packet(payload_type, sequence, packet.timestamp, ssrc, packet.payload[2:], marker=packet.marker)


class Header:
    """The header of one outgoing stream, laid out once and patched for each packet."""

    __slots__ = ("_level_at", "_send_time_at", "_template", "length")

    def __init__(self, ids: Mapping[str, int], mid: str, *, with_level: bool) -> None:
        block = b""
        start = _HEADER.size + 4
        self._level_at = self._send_time_at = 0
        if fits(ids.get(MID)):
            block += bytes([(ids[MID] << 4) | (len(mid) - 1)]) + mid.encode()
        if with_level and fits(ids.get(AUDIO_LEVEL)):
            self._level_at = start + len(block) + 1
            block += bytes([ids[AUDIO_LEVEL] << 4, 127])
        if fits(ids.get(ABS_SEND_TIME)):
            self._send_time_at = start + len(block) + 1
            block += bytes([(ids[ABS_SEND_TIME] << 4) | 2, 0, 0, 0])
        block += bytes(-len(block) % 4)
        if block:
            block = struct.pack("!HH", _ONE_BYTE_PROFILE, len(block) // 4) + block
        self._template = bytearray(_HEADER.pack(0x90 if block else 0x80, 0, 0, 0, 0) + block)
        self.length = len(self._template)

    def write(
        self, payload_type: int, sequence: int, timestamp: int, ssrc: int, *, marker: int, level: int, at: float
    ) -> bytes:
        """Give the header's bytes; `at` is the moment of sending in seconds (abs-send-time: 6.18 fixed point)."""
        header = self._template
        _SEQUENCE_AND_TIMESTAMP.pack_into(header, 1, (marker << 7) | payload_type, sequence, timestamp)
        struct.pack_into("!I", header, 8, ssrc)
        if self._level_at:
            header[self._level_at] = level
        if self._send_time_at:
            header[self._send_time_at : self._send_time_at + 3] = (int(at * 262144) & 0xFFFFFF).to_bytes(3, "big")
        return bytes(header)


def fits(number: int | None) -> bool:
    """Whether an extension id can be written with a one-byte header."""
    return number is not None and 1 <= number <= 14


def after(sequence: int, other: int) -> bool:
    """Whether a 16-bit sequence number comes after another (RFC 1982)."""
    return 0 < (sequence - other) & 0xFFFF < 0x8000


def elements(data: bytes) -> tuple[int, list[tuple[int, int, int]]]:
    """Give where the payload begins, and each one-byte element's id, the place and the length of what it says.

    Raises `MalformedPacketError`, also for packets without one-byte elements or with contributing sources.
    """
    if len(data) < START.size or data[0] & 0x1F != 0x10:
        raise MalformedPacketError("no extension where it should be")
    profile, words = struct.unpack_from("!HH", data, _HEADER.size)
    place, end = _HEADER.size + 4, _HEADER.size + 4 + 4 * words
    if profile != _ONE_BYTE_PROFILE or end > len(data):
        raise MalformedPacketError("no one-byte elements")
    found = []
    while place < end:
        number, length = data[place] >> 4, (data[place] & 0x0F) + 1
        if data[place] == 0:
            place += 1
            continue
        if number in (0, 15) or place + 1 + length > end:
            raise MalformedPacketError("an element that is cut off")
        found.append((number, place + 1, length))
        place += 1 + length
    return end, found


def _extensions(data: bytes, start: int) -> tuple[int, Mapping[int, bytes]]:
    if len(data) < start + 4:
        raise MalformedPacketError("extension header cut off")
    profile, words = struct.unpack_from("!HH", data, start)
    start += 4
    end = start + 4 * words
    if len(data) < end:
        raise MalformedPacketError("extensions cut off")
    found: dict[int, bytes] = {}
    while profile == _ONE_BYTE_PROFILE and start < end:
        first = data[start]
        if first == 0:
            start += 1
            continue
        length = (first & 0x0F) + 1
        found[first >> 4] = data[start + 1 : min(start + 1 + length, end)]
        start += 1 + length
    return end, found
