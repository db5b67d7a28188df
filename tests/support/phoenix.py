"""A web server that is killed and rises again at once: `python -m tests.support.phoenix DATABASE FOLDER PORT`.

The app is built once; each life is a fork of it, so that a new one takes a few
milliseconds and a hundred deaths fit into a test. A line on its input asks for a life,
and is answered with its process id.
"""

import os
import subprocess
import sys
from pathlib import Path

from werkzeug.serving import make_server

from tests.support.ports import free_ports
from tests.support.tree import ROOT


class Phoenix:
    """The server as its killer knows it."""

    def __init__(self, database: str, folder: Path) -> None:
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "tests.support.phoenix", database, str(folder), str(port)]
        self._parent = subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._life = 0
        self.rise()

    def rise(self) -> None:
        """Begin the next life; it takes requests when this returns."""
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write("rise\n")
        self._parent.stdin.flush()
        self._life = int(self._parent.stdout.readline())

    def kill(self) -> None:
        """End this life in the middle of whatever it does (SIGKILL)."""
        os.kill(self._life, 9)

    def end(self) -> None:
        """Let it rise no more."""
        self.kill()
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.close()
        self._parent.wait(30)
        self._parent.stdout.close()


def main(database: str, folder: str, port: str) -> None:
    """Give a life for every line, after the one before has ended."""
    from tests.support.apps import make_app, settings_for

    app = make_app(settings_for(database, Path(folder)))
    life = 0
    for _ in sys.stdin:
        if life:
            os.waitpid(life, 0)
        read, write = os.pipe()
        life = os.fork()
        if life == 0:
            server = make_server("127.0.0.1", int(port), app, threaded=True)
            os.write(write, b"!")
            server.serve_forever()
        os.read(read, 1)
        os.close(read)
        os.close(write)
        sys.stdout.write(f"{life}\n")
        sys.stdout.flush()
    if life:
        os.waitpid(life, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
