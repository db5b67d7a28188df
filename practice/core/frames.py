"""The language spoken with the press: length-prefixed frames over two pipes. Pure but for the pipes."""

import base64
import json
import os
import select
import struct
import time
from collections.abc import Sequence

PRINTED, REFUSED = b"\x00", b"\x01"
LARGEST = 64 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 16


def order(html: str, title: str, enclosures: Sequence[tuple[str, str, bytes]]) -> bytes:
    """Write an order for one document; enclosures are (name, description, data)."""
    files = [(name, about, base64.b64encode(data).decode()) for name, about, data in enclosures]
    return json.dumps({"html": html, "title": title, "enclosures": files}).encode()


def read_order(frame: bytes) -> tuple[str, str, list[tuple[str, str, bytes]]]:
    """Read an order back: markup, title and enclosures."""
    asked = json.loads(frame)
    files = [(name, about, base64.b64decode(data)) for name, about, data in asked["enclosures"]]
    return asked["html"], asked["title"], files


def write(pipe: int, payload: bytes, deadline: float | None = None) -> None:
    """Write one frame; raises TimeoutError when the other side does not take it by the deadline (monotonic)."""
    rest = memoryview(_LENGTH.pack(len(payload)) + payload)
    while rest:
        _ready([], [pipe], deadline)
        rest = rest[os.write(pipe, rest[:_CHUNK]) :]


def read(pipe: int, deadline: float | None = None) -> bytes:
    """Read one frame; raises EOFError when the other side is gone, TimeoutError at the deadline."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size, deadline))
    if length > LARGEST:
        raise EOFError
    return _exactly(pipe, length, deadline)


def _exactly(pipe: int, count: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        _ready([pipe], [], deadline)
        part = os.read(pipe, min(_CHUNK, count - len(parts)))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _ready(readers: list[int], writers: list[int], deadline: float | None) -> None:
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    poll = select.poll()  # not select(): descriptors above 1023 are ordinary in a busy server
    for pipe in readers:
        poll.register(pipe, select.POLLIN)
    for pipe in writers:
        poll.register(pipe, select.POLLOUT)
    if not poll.poll(None if left is None else left * 1000):
        raise TimeoutError
