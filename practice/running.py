"""Two of the production processes as commands: `flask web` and `flask media`; `flask scheduler` is the third.

Each says on start which settings it lacks: building the app has checked them.
"""

from __future__ import annotations

import os
import sys

import click
from flask import Flask

from practice.processes import gunicorn


def add_to(app: Flask) -> None:
    """Give the app its commands."""
    for command in (web, media):
        app.cli.add_command(command)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes: as many as there are cores.")
@click.option("--threads", default=4, show_default=True, help="Threads in each process.")
def web(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages with gunicorn, behind a reverse proxy."""
    _become(gunicorn(port, host=host, workers=workers, threads=threads))


@click.command()
@click.option("--process", default=0, envvar="STILLPOINT_MEDIA_PROCESS", help="Which of this machine's, from 0.")
def media(process: int) -> None:
    """Serve the calls; STILLPOINT_MEDIA_HOST and STILLPOINT_MEDIA_PORT say where; the next process, the next port."""
    os.environ["STILLPOINT_MEDIA_PROCESS"] = str(process)
    _become((sys.executable, "-m", "video.media"))


def _become(command: tuple[str, ...]) -> None:
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted
