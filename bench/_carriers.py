"""A mail server and a provider of texts that only count, in a process of their own, as lean as they can be.

They speak SMTP (RFC 5321) and the part of Twilio's REST API that the texter uses, so that what is measured is the
practice's own code with the real clients of both.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)

_REPLIES = {b"EHLO": b"250-counting\r\n250 PIPELINING\r\n", b"DATA": b"250 taken\r\n", b"QUIT": b"221 bye\r\n"}


@dataclass(slots=True)
class Taken:
    """Everything that was taken, by the one thing that tells messages apart."""

    letters: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    by_phone: dict[str, list[dict[str, object]]] = field(default_factory=lambda: defaultdict(list))

    def tally(self) -> dict[str, int]:
        """Count what was taken, and how many different ones that were."""
        return {
            "letters": self.letters.total(),
            "different_letters": len(self.letters),
            "texts": self.texts.total(),
            "different_texts": len(self.texts),
        }


def serve(ready: Connection) -> None:
    """Run both, send their ports, and answer every word on the pipe with the tally until it closes."""
    asyncio.run(_serve(ready))


async def _serve(ready: Connection) -> None:
    taken = Taken()
    smtp = await asyncio.start_server(lambda *line: _smtp(taken, *line), "127.0.0.1", 0)
    http = await asyncio.start_server(lambda *line: _http(taken, *line), "127.0.0.1", 0)
    ready.send([server.sockets[0].getsockname()[1] for server in (smtp, http)])
    while True:
        try:
            await asyncio.to_thread(ready.recv)
        except EOFError:
            return
        ready.send(taken.tally())


async def _smtp(taken: Taken, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 counting\r\n")
    while line := await _or_nothing(reader.readline()):
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            content = await _or_nothing(reader.readuntil(b"\r\n.\r\n"))
            if not content:
                break
            found = _MESSAGE_ID.search(content)
            taken.letters[found[1].decode() if found else ""] += 1
        writer.write(_REPLIES.get(verb, b"250 counting\r\n"))
        if verb == b"QUIT":
            break
    writer.close()


async def _http(taken: Taken, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await _or_nothing(reader.readuntil(b"\r\n\r\n")):
        method, path, _ = head.split(b" ", 2)
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = await _or_nothing(reader.readexactly(int(length[1]))) if length else b""
        if length and not body:
            break
        status, answer = (201, _take(taken, body)) if method == b"POST" else (200, _latest(taken, path.decode()))
        content = json.dumps(answer).encode()
        writer.write(
            f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        )
        writer.write(content)
    writer.close()


def _take(taken: Taken, body: bytes) -> dict[str, object]:
    sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    at = format_datetime(datetime.now(UTC))
    message: dict[str, object] = {
        "sid": f"SM{len(taken.texts):032x}",
        "to": sent["To"],
        "body": sent["Body"],
        "status": "queued",
        "date_created": at,
        "date_updated": at,
        "date_sent": None,
    }
    taken.texts[sent["Body"]] += 1
    taken.by_phone[sent["To"]].append(message)
    return message


def _latest(taken: Taken, path: str) -> dict[str, object]:
    wanted = parse_qs(urlsplit(path).query)["To"][0]
    return {"messages": taken.by_phone[wanted][::-1][:100], "next_page_uri": None}


async def _or_nothing(reading: object) -> bytes:
    try:
        found: bytes = await reading  # type: ignore[misc]  # a coroutine of the reader
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    return found
