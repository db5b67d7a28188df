"""The VP8 payload descriptor (RFC 7741 section 4.2): found and renumbered, never decoded. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Where a payload says which picture it belongs to, and whether a keyframe begins here.

    `picture_at` and `layer_at` are byte offsets, 0 when absent; `picture` has 7 or 15 bits.
    """

    picture_at: int = 0
    picture_bits: int = 0
    picture: int = 0
    layer_at: int = 0
    layer: int = 0
    begins_keyframe: bool = False
    data_at: int = 0


def describe(payload: bytes) -> Descriptor | None:
    """Read the descriptor; None when the payload is too short to have one."""
    size = len(payload)
    if size < 1:
        return None
    at, picture_at, bits, picture, layer_at, layer = 1, 0, 0, 0, 0, 0
    if payload[0] & 0x80:
        if size < 2:
            return None
        flags, at = payload[1], 2
        if flags & 0x80:
            if size < at + 2:
                return None
            picture_at = at
            bits = 15 if payload[at] & 0x80 else 7
            picture = ((payload[at] & 0x7F) << 8) | payload[at + 1] if bits == 15 else payload[at]
            at += 2 if bits == 15 else 1
        if flags & 0x40:
            if size <= at:
                return None
            layer_at, layer = at, payload[at]
            at += 1
        at += 1 if flags & 0x30 else 0
    starts_picture = payload[0] & 0x10 and not payload[0] & 0x0F
    keyframe = bool(starts_picture and size > at and not payload[at] & 0x01)
    return Descriptor(picture_at, bits, picture, layer_at, layer, keyframe, at)


def size(payload: bytes, descriptor: Descriptor) -> tuple[int, int]:
    """Read width and height where a keyframe begins (RFC 6386 section 9.1); (0, 0) when they are cut off.

    They lie in the ten bytes that stay clear when the rest is encrypted.
    """
    head = payload[descriptor.data_at + 6 : descriptor.data_at + 10]
    if len(head) < 4:
        return 0, 0
    return int.from_bytes(head[:2], "little") & 0x3FFF, int.from_bytes(head[2:], "little") & 0x3FFF


def renumber(payload: bytes, descriptor: Descriptor, picture_shift: int, layer_shift: int) -> bytes:
    """Shift the picture id and the TL0PICIDX, so that a changed source looks like one unbroken stream."""
    if not descriptor.picture_at and not descriptor.layer_at:
        return payload
    patched = bytearray(payload)
    if descriptor.picture_at:
        at, picture = descriptor.picture_at, descriptor.picture + picture_shift
        if descriptor.picture_bits == 15:
            patched[at : at + 2] = (0x8000 | (picture & 0x7FFF)).to_bytes(2, "big")
        else:
            patched[at] = picture & 0x7F
    if descriptor.layer_at:
        patched[descriptor.layer_at] = (descriptor.layer + layer_shift) & 0xFF
    return bytes(patched)


def shift(packet: memoryview, at: int, descriptor: Descriptor, picture_shift: int, layer_shift: int) -> None:
    """Do the same in place, for a payload that begins at byte `at`."""
    if descriptor.picture_at:
        place, picture = at + descriptor.picture_at, descriptor.picture + picture_shift
        if descriptor.picture_bits == 15:
            packet[place : place + 2] = (0x8000 | (picture & 0x7FFF)).to_bytes(2, "big")
        else:
            packet[place] = picture & 0x7F
    if descriptor.layer_at:
        packet[at + descriptor.layer_at] = (descriptor.layer + layer_shift) & 0xFF
