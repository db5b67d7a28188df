"""Ports for the servers of the tests."""

import os
import secrets
import socket
from contextlib import suppress


def free_ports(count: int) -> list[int]:
    """Find ports that nothing listens on, each worker of the tests in a range of its own.

    They lie below those that the system gives to outgoing connections, so that nothing else takes one meanwhile.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    found: list[int] = []
    while len(found) < count:
        port = 11_000 + 2000 * (worker % 8) + secrets.randbelow(2000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found += [] if port in found else [port]
    return found
