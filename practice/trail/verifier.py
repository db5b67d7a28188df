"""Check an exported audit log against signed tree heads that left the house. Pure.

This file needs nothing of Stillpoint, only Python 3.11 and the library `cryptography`, so that
somebody who does not trust the practice can read it, copy it, and run it on what they were sent:

    python verifier.py audit-log.txt tree-heads.txt "VERIFIER KEY"

The log has one line an entry: its leaf hash in hexadecimal, a space, and the entry as canonical JSON. The
tree is that of RFC 9162, section 2.1.1 (SHA-256; leaves after 0x00, nodes after 0x01). A head is a signed
note in the form of C2SP's tlog-checkpoint: origin, size, root, when; then the signatures (Ed25519, RFC 8032).
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DASH = "\u2014 "
ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Head:
    """The root over the first `size` entries, as it was signed on a day."""

    origin: str
    size: int
    root: bytes
    at: str

    @property
    def body(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{self.at}\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One place in the log: the hash that was put into the tree, and the entry that should have it."""

    leaf: bytes
    entry: bytes | None


class HeadNotTrueError(ValueError):
    """A head is malformed, or not signed by the key it should be."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees as one."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the complete subtrees a growing tree consists of, the largest first."""

    def __init__(self, size: int = 0, packed: bytes = b"") -> None:
        self.size = size
        self.hashes = [packed[at : at + 32] for at in range(0, len(packed), 32)]

    def append(self, leaf: bytes) -> None:
        """Add a leaf at the right end; subtrees of one size become one."""
        size, self.size = self.size, self.size + 1
        while size & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            size >>= 1
        self.hashes.append(leaf)

    @property
    def packed(self) -> bytes:
        """Return the roots one after the other, 32 bytes each."""
        return b"".join(self.hashes)

    @property
    def root(self) -> bytes:
        """Return the root over everything so far."""
        if not self.hashes:
            return hashlib.sha256(b"").digest()
        *rest, root = self.hashes
        for left in reversed(rest):
            root = node_hash(left, root)
        return root


def key_of(verifier_key: str) -> tuple[str, bytes, Ed25519PublicKey]:
    """Read `origin+hash+base64` (C2SP signed-note): whose key it is, its short hash, and the key."""
    try:
        origin, short, encoded = verifier_key.strip().split("+", 2)
        kind, *_ = whole = base64.b64decode(encoded, validate=True)
        public = whole[1:]
        if bytes([kind]) != ED25519 or bytes.fromhex(short) != short_hash(origin, public):
            raise ValueError
        return origin, bytes.fromhex(short), Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        raise HeadNotTrueError("The verifier key is not one, or was cut.") from None


def short_hash(origin: str, public: bytes) -> bytes:
    """Return the four bytes by which a signature names its key."""
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + public).digest()[:4]


def read_heads(text: str, verifier_keys: Iterable[str]) -> list[Head]:
    """Read signed heads that follow one another; raises HeadNotTrueError for one that no key signed."""
    keys = {short: (origin, key) for origin, short, key in map(key_of, verifier_keys)}
    lines = text.splitlines()
    starts = [at for at, line in enumerate(lines) if any(line == origin for origin, _ in keys.values())]
    if not starts:
        raise HeadNotTrueError("There is no head of this practice in the file.")
    return [_head(lines[at : at + 6], keys) for at in starts]


def _head(lines: list[str], keys: Mapping[bytes, tuple[str, Ed25519PublicKey]]) -> Head:
    try:
        origin, size, root, at, empty, signature = lines
        head = Head(origin, int(size), base64.b64decode(root, validate=True), at)
        signed = base64.b64decode(signature.removeprefix(f"{DASH}{origin} "), validate=True)
        owner, key = keys[signed[:4]]
        key.verify(signed[4:], head.body.encode())
        if empty or owner != origin:
            raise ValueError
    except (ValueError, KeyError, InvalidSignature):
        raise HeadNotTrueError(f"This head is not as it was signed: {' / '.join(lines[:4])}") from None
    return head


def findings(lines: Iterable[Line], heads: Iterable[Head]) -> Iterator[str]:
    """Name everything that is not as it was when the heads were signed; nothing when all is well."""
    waiting = sorted(heads, key=lambda head: (head.size, head.at))
    known, frontier = 0, Frontier()
    stream = iter(lines)
    for size, group in itertools.groupby(waiting, key=lambda head: head.size):
        for line in itertools.islice(stream, size - frontier.size):
            yield from _of_line(line, frontier.size + 1)
            frontier.append(line.leaf)
        if frontier.size < size:
            yield f"The log ends after {frontier.size:,} entries; the head of {next(group).at} counts {size:,}."
            return
        wrong = [head for head in group if head.root != frontier.root]
        if wrong:
            yield (
                f"Between place {known + 1:,} and place {size:,} entries were altered, dropped or put into another"
                f" order together with their hashes: the head of {wrong[0].at} has another root."
            )
        known = size
    for place, line in enumerate(stream, frontier.size + 1):
        yield from _of_line(line, place)


def _of_line(line: Line, place: int) -> Iterator[str]:
    if line.entry is None:
        yield f"The entry at place {place:,} was taken out."
    elif leaf_hash(line.entry) != line.leaf:
        yield f"The entry at place {place:,} was altered{_named(line.entry)}."


def _named(entry: bytes) -> str:
    try:
        said = json.loads(entry)
        return f" (number {said['id']}, {said['action']}, {said['at']})"
    except (ValueError, KeyError, TypeError):
        return ""


def read_log(text: Iterable[str]) -> Iterator[Line]:
    """Read an exported log."""
    for line in text:
        leaf, _, entry = line.rstrip("\n").partition(" ")
        yield Line(bytes.fromhex(leaf), entry.encode() if entry else None)


def main(arguments: list[str]) -> int:
    """Say what was found; 0 when the log is whole, 1 when it is not, 2 when it could not be read."""
    if len(arguments) < 3:
        print(__doc__)  # noqa: T201 - a program of its own
        return 2
    log, heads, *keys = arguments
    try:
        signed = read_heads(Path(heads).read_text("utf-8"), keys)
        with Path(log).open(encoding="utf-8") as lines:
            found = list(findings(read_log(lines), signed))
    except (OSError, ValueError) as error:
        print(f"This could not be checked: {error}")  # noqa: T201 - a program of its own
        return 2
    newest = max(signed, key=lambda head: head.size)
    print("\n".join(found) or f"Whole: {len(signed)} heads agree, the newest over {newest.size:,} entries.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
