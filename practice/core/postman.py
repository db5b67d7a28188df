"""The postman: a process of its own that hands letters to the mail server and notes its replies.

SMTP cannot be asked whether it took a letter: between the end of the letter and the note of the server's reply, a
process that dies knows nothing (RFC 5321, section 6.1; RFC 1047). So the scheduler, which renders, talks to the
database and may be killed at any time, does not carry letters. The postman does little else; when its scheduler dies,
it brings the letter in its hands to an end, notes the reply, and goes. It holds the scheduler's sign of life (see
`presence`) until then, so nobody takes the scheduler's messages over before the note is there.

What remains: the postman itself killed, or the machine losing power, between the end of a letter and the note. Then
that one letter goes out again, under the same Message-ID. Exactly once is not to be had over SMTP.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from practice.core.carriers import LineDownError, OutcomeUnknownError
from practice.core.mail import Mail
from practice.core.mailers import SmtpLine, SmtpMailer
from practice.core.receipts import Receipts

ROOT = Path(__file__).parents[2]
log = logging.getLogger(__name__)


class Postman:
    """A mailer whose letters are carried by a process that outlives a killed scheduler."""

    def __init__(self, url: str, sender: str, receipts: Path) -> None:
        self._told = (url, sender, receipts.resolve())
        self._receipts = Receipts(receipts)
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    @contextlib.contextmanager
    def line(self) -> Iterator[Postman]:
        """Be one's own line; at its end the connection to the mail server is closed, and the postman waits."""
        try:
            yield self
        finally:
            if self._connection is not None:
                with contextlib.suppress(OutcomeUnknownError):
                    self._ask(self._connection, None)

    def send(self, mail: Mail, *, now: datetime) -> str:
        """Have the letter carried."""
        answer = self._ask(self._connection or self._begin(), (mail, now))
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    def found(self, mail: Mail) -> str | None:
        """Tell whether the server's reply to an earlier attempt was noted."""
        return "" if self._receipts.holds(mail.message_id) else None

    def end(self) -> None:
        """Let the postman go, and wait until it has."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _ask(self, connection: Connection, asked: tuple[Mail, datetime] | None) -> object:
        try:
            connection.send(asked)
            return connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise OutcomeUnknownError("The postman ended while it had the letter.") from error

    def _begin(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.set_inheritable(True)
            try:
                self._process = subprocess.Popen(
                    (sys.executable, "-m", "practice.core.postman", str(theirs.fileno())),
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    close_fds=False,  # the scheduler's sign of life goes with it
                    start_new_session=True,  # whoever kills the scheduler's group leaves the postman alone
                )
            except OSError as error:
                ours.close()
                raise LineDownError(f"The postman could not be started: {error}") from error
        self._connection = Connection(ours.detach())
        self._connection.send(self._told)
        return self._connection


def main(descriptor: int) -> None:
    """Carry what comes down the line until it is closed."""
    with Connection(descriptor) as scheduler, contextlib.suppress(EOFError, OSError):
        url, sender, receipts = cast(tuple[str, str, Path], scheduler.recv())
        mailer = SmtpMailer(url, sender, Receipts(receipts))
        while True:
            with mailer.line() as line:
                while (asked := cast("tuple[Mail, datetime] | None", scheduler.recv())) is not None:
                    scheduler.send(_carry(line, *asked))
            scheduler.send(None)


def _carry(line: SmtpLine, mail: Mail, now: datetime) -> object:
    try:
        return line.send(mail, now=now)
    except Exception as error:  # noqa: BLE001 -- raised again where the letter came from
        return error


if __name__ == "__main__":
    main(int(sys.argv[1]))
