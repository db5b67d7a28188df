"""Redundant audio (RFC 2198): the newest block taken out, for a listener whose browser knows no RED. Pure."""


def primary(payload: bytes) -> bytes:
    """Give the newest block of a RED payload; empty when the payload is not well formed."""
    at = redundant = 0
    while at < len(payload) and payload[at] & 0x80:
        if at + 4 > len(payload):
            return b""
        redundant += int.from_bytes(payload[at + 2 : at + 4], "big") & 0x03FF
        at += 4
    return payload[at + 1 + redundant :]
