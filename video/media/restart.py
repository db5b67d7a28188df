"""ICE restart, which aiortc lacks: the same sockets and the same keys, on a new path (RFC 8445 section 9).

The path that was nominated carries on until the page nominates another.
"""

import re
from dataclasses import dataclass

import aioice.ice
from aioice.utils import random_string

from video.media.offers import UnfitOfferError

_FRAGMENT = re.compile(r"^a=ice-ufrag:([A-Za-z0-9+/]{4,256})(\r?)$", re.MULTILINE)
_PASSWORD = re.compile(r"^a=ice-pwd:([A-Za-z0-9+/]{22,256})(\r?)$", re.MULTILINE)
_FINGERPRINT = re.compile(r"^a=fingerprint:(\S+ \S+)", re.MULTILINE)
_FRAGMENT_LENGTH, _PASSWORD_LENGTH = 4, 22  # the least that RFC 8839 section 5.4 allows: 24 and 131 random bits


@dataclass(frozen=True, slots=True)
class Credentials:
    """One side's ICE user name fragment and password."""

    fragment: str
    password: str


def credentials_of(description: str) -> Credentials:
    """Read a bundled description's credentials. Raises `UnfitOfferError` when it names none."""
    fragment, password = _FRAGMENT.search(description), _PASSWORD.search(description)
    if fragment is None or password is None:
        raise UnfitOfferError("The offer names no way to check its path.")
    return Credentials(fragment[1], password[1])


def is_same_connection(one: str, other: str) -> bool:
    """Whether two descriptions speak of one DTLS connection: the same certificates, the same number of lines."""
    return _FINGERPRINT.findall(one) == _FINGERPRINT.findall(other) and _lines(one) == _lines(other)


def with_credentials(answer: str, ours: Credentials) -> str:
    """Write our new credentials into the answer that was given before; all else in it still holds."""
    named = _FRAGMENT.sub(rf"a=ice-ufrag:{ours.fragment}\g<2>", answer)
    return _PASSWORD.sub(rf"a=ice-pwd:{ours.password}\g<2>", named)


def restart(connection: aioice.ice.Connection, theirs: Credentials) -> Credentials:
    """Take the page's new credentials, draw ours, and forget every path but the nominated one; give ours."""
    before = connection.local_username
    ours = Credentials(random_string(_FRAGMENT_LENGTH), random_string(_PASSWORD_LENGTH))
    connection.remote_username, connection.remote_password = theirs.fragment, theirs.password
    connection._local_username, connection._local_password = ours.fragment, ours.password
    nominated = list(connection._nominated.values())
    for pair in connection._check_list:
        if pair.task is not None:
            pair.task.cancel()
            pair.task = None
    connection._check_list = [pair for pair in connection._check_list if pair in nominated]
    for protocol in connection._protocols:
        if hasattr(protocol.transport, "renamed"):
            protocol.transport.renamed(before, ours.fragment)
    return ours


def _lines(description: str) -> list[str]:
    return [line.split(" ", 1)[0] for line in description.splitlines() if line.startswith("m=")]
