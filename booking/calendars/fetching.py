"""Reads a calendar's file from wherever a person said it is, and from nowhere it must not be read.

The name is resolved once, every address it has must be public, and the connection goes to one of just those, so that
a name that changes its mind in between leads nowhere else. Each redirect goes through the same door.
"""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from booking.calendars import addresses
from booking.calendars.addresses import Address, AddressRefusedError

MOST_REDIRECTS = 3
MOST_PINS = 4
CHUNK = 65536
AGENT = "Stillpoint-Calendar/1"


class UnreadableError(Exception):
    """The calendar could not be read; `str()` says why in words for its owner."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the server said of the content taken in last time (RFC 9110, section 8.8)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies there; no content when it has not changed."""

    content: bytes | None
    known: Known


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system for a name's addresses."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Road:
    """How the outside is reached, and how much of it is taken in."""

    loopback: bool = False
    seconds: float = 10
    most_bytes: int = 5 * 1024 * 1024
    resolve: Callable[[str, int], list[str]] = system_resolve
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def fetch(text: str, known: Known, road: Road) -> Fetched:
    """Read what lies at an address, or raise UnreadableError."""
    until = time.monotonic() + road.seconds
    try:
        address = addresses.read(text, loopback=road.loopback)
        for _ in range(MOST_REDIRECTS + 1):
            found = _ask(address, known, road, until)
            if isinstance(found, Fetched):
                return found
            address = address.redirected(found, loopback=road.loopback)
    except AddressRefusedError as refusal:
        raise UnreadableError(str(refusal)) from refusal
    raise UnreadableError(f"The address leads on more than {MOST_REDIRECTS} times.")


def _ask(address: Address, known: Known, road: Road, until: float) -> Fetched | str:
    """Send one request; return the content, or where the server sends us instead."""
    pins = _pins(address, road, until)
    with _in_words(address, road, until), _connected(address, pins, road, until) as connection:
        connection.putrequest("GET", address.target, skip_host=True, skip_accept_encoding=True)
        for name, value in _headers(address, known).items():
            connection.putheader(name, value)
        connection.endheaders()
        with closing(connection.getresponse()) as answer:
            if answer.status in {301, 302, 303, 307, 308}:
                return answer.getheader("Location") or ""
            if answer.status == 304:
                return Fetched(None, known)
            return _taken_in(answer, address, road, until)


def _taken_in(answer: http.client.HTTPResponse, address: Address, road: Road, until: float) -> Fetched:
    if answer.status != 200:
        raise UnreadableError(_status_words(answer.status, address.host))
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise UnreadableError(f"{address.host} sends the calendar packed in a way we did not ask for.")
    content = _body(answer, road.most_bytes)
    if time.monotonic() >= until:
        raise TimeoutError
    etag, last_modified = answer.getheader("ETag") or "", answer.getheader("Last-Modified") or ""
    return Fetched(content, Known(etag[:300], last_modified[:60]))


def _headers(address: Address, known: Known) -> dict[str, str]:
    headers = {
        "Host": address.authority,
        "User-Agent": AGENT,
        "Accept": "text/calendar, */*;q=0.5",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _pins(address: Address, road: Road, until: float) -> list[str]:
    """Resolve the name, within the time there is, and refuse it unless every address it has is public."""
    answers: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(road.resolve(address.host, address.port))
        except (OSError, UnicodeError):
            answers.put(None)

    threading.Thread(target=look_up, daemon=True).start()  # the system's resolver cannot be told to hurry
    try:
        found = answers.get(timeout=max(0.01, until - time.monotonic()))
    except queue.Empty:
        raise UnreadableError(_slow(road)) from None
    if not found:
        raise UnreadableError(f"There is no place called {address.host}. Look for a slip in the address.")
    if not all(addresses.is_public(each, loopback=road.loopback) for each in found):
        raise UnreadableError(f"{address.host} is not on the public internet, so we do not read from it.")
    return list(dict.fromkeys(found))[:MOST_PINS]


@contextmanager
def _connected(address: Address, pins: list[str], road: Road, until: float) -> Iterator[http.client.HTTPConnection]:
    """Connect to one of the resolved addresses; whatever is not over in time is cut off."""
    sock = _dial(address, pins, road, until)
    # A server that sends a byte now and then never trips a socket's own time-out.
    guard = threading.Timer(max(0.01, until - time.monotonic()), _cut, args=(sock,))
    guard.daemon = True
    guard.start()
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.sock = sock
    try:
        yield connection
    finally:
        guard.cancel()
        connection.close()


def _dial(address: Address, pins: list[str], road: Road, until: float) -> socket.socket:
    last: OSError = TimeoutError()
    for pin in pins:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            plain = socket.create_connection((pin, address.port), timeout=left)
        except OSError as error:
            last = error
            continue
        if address.scheme == "http":
            return plain
        try:
            return road.trust.wrap_socket(plain, server_hostname=address.host)
        except OSError:
            plain.close()
            raise
    raise last


def _cut(sock: socket.socket) -> None:
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # the plain one, also beneath TLS
    except OSError:
        return


def _body(answer: http.client.HTTPResponse, most: int) -> bytes:
    size, chunks = 0, []
    if (answer.length or 0) > most:
        raise UnreadableError(_large(most))
    while chunk := answer.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise UnreadableError(_large(most))
        chunks.append(chunk)
    return b"".join(chunks)


@contextmanager
def _in_words(address: Address, road: Road, until: float) -> Iterator[None]:
    try:
        yield
    except UnreadableError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise UnreadableError(f"{address.host} could not prove that it is who it says it is.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() >= until:
            raise UnreadableError(_slow(road)) from error
        if isinstance(error, http.client.HTTPException):
            raise UnreadableError(f"{address.host} did not answer as a web server does.") from error
        raise UnreadableError(f"Nothing answers at {address.host}.") from error


def _status_words(status: int, host: str) -> str:
    if status in {404, 410}:
        return f"There is no calendar at this address ({status}). It may have been deleted or renewed."
    if status in {401, 403}:
        return f"{host} wants a sign-in ({status}). Use the calendar’s secret or public address instead."
    if status == 429 or status >= 500:
        return f"{host} has trouble at the moment ({status})."
    return f"{host} answered with {status} instead of a calendar."


def _slow(road: Road) -> str:
    return f"It took longer than {road.seconds:g} seconds."


def _large(most: int) -> str:
    return f"The calendar is larger than {most / 1024 / 1024:g} MB."
