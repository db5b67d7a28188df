"""`make run`: everything starts, what dies comes back, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from practice.first_start import Addresses, CannotStartError, environment, secrets_file
from practice.processes import Child
from practice.supervisor import children
from tests.support.servers import RunningPractice, running_practice, until
from tests.support.tree import ROOT


def _answers(practice: RunningPractice) -> bool:
    try:
        with urlopen(f"{practice.url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_practice_opens_heals_and_closes(tmp_path: Path) -> None:
    with running_practice(tmp_path) as practice:
        practice.wait_until_open()
        assert practice.url in practice.output
        assert stat.S_IMODE((tmp_path / "demo.env").stat().st_mode) == 0o600
        assert _answers(practice)

        web = practice.child("gunicorn")
        web.kill()
        until(lambda: "web was ended by SIGKILL; starting it again" in practice.output, what="the notice")
        until(lambda: _answers(practice), what="a new web tier")
        assert practice.child("gunicorn").pid != web.pid

        assert practice.stop(signal.SIGINT, seconds=30) == 0
        until(lambda: practice.survivors() == [], seconds=30, what="an empty house")
        assert "Stillpoint is closed." in practice.output


def test_help_is_given_and_nothing_is_started(tmp_path: Path) -> None:
    told = {**os.environ, "STILLPOINT_VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "practice.supervisor"]
    run = subprocess.run([*command, "--help"], cwd=ROOT, env=told, capture_output=True, text=True, check=True)
    assert "MEDIA_PORT" in run.stdout
    run = subprocess.run([*command, "--prot"], cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert (run.returncode, "unrecognized arguments" in run.stderr) == (2, True)
    assert not (tmp_path / "var").exists()


def test_the_demo_makes_its_secrets_once(tmp_path: Path) -> None:
    path = secrets_file(tmp_path / "var")
    first = path.read_text()
    assert "STILLPOINT_FIELD_KEYS='1:" in first
    assert secrets_file(tmp_path / "var").read_text() == first


def test_a_killed_supervisor_leaves_nobody_behind(demo: Path, tmp_path: Path) -> None:
    with running_practice(tmp_path, like=demo) as practice:
        practice.wait_until_open()
        assert len(practice.processes()) >= 3
        assert practice.stop(signal.SIGKILL) == -signal.SIGKILL
        until(lambda: practice.survivors() == [], seconds=30, what="an empty house")


def test_a_port_that_is_taken_is_said_in_words(tmp_path: Path) -> None:
    with socket.socket() as rival:
        rival.bind(("127.0.0.1", 0))
        rival.listen()
        port = rival.getsockname()[1]
        with running_practice(tmp_path, PORT=str(port)) as practice:
            assert practice.process.wait(60) == 1
            until(lambda: f"Port {port} is taken" in practice.output, what="a word about the port")
    assert "make run" in practice.output


@pytest.mark.parametrize("port", ["99999", "eighty"])
def test_a_port_that_is_none_is_said_in_words(tmp_path: Path, port: str) -> None:
    with running_practice(tmp_path, PORT=port) as practice:
        assert practice.process.wait(60) == 1
        until(lambda: "PORT must be a port number" in practice.output, what="a word about the port")


def test_a_machine_runs_as_many_media_processes_as_it_is_told(tmp_path: Path) -> None:
    given = {"PORT": "9000", "STILLPOINT_MEDIA_PROCESSES": "3"}
    addresses = Addresses.read(given)
    assert (addresses.media, addresses.testpay) == (9001, 9004)
    media = [child for child in children(addresses, environment(addresses, tmp_path, given)) if "media" in child.name]
    assert [child.name for child in media] == ["media 1", "media 2", "media 3"]
    assert [child.told for child in media] == [{"STILLPOINT_MEDIA_PROCESS": str(process)} for process in range(3)]
    for words in ("0", "65", "many"):
        with pytest.raises(CannotStartError, match="from 1 to 64"):
            Addresses.read({"STILLPOINT_MEDIA_PROCESSES": words})


def test_what_dies_starts_again_at_once_and_later_each_time_it_dies_again() -> None:
    child, waits = Child("short", (sys.executable, "-c", "")), []
    for _ in range(4):
        child.start(os.environ, 0.0)
        with child.output:
            child.process.wait(30)
            child.ended(0.0)
        waits.append(child.start_at)
    assert waits == [0, 1, 2, 4]


def test_production_says_what_it_lacks(tmp_path: Path) -> None:
    with running_practice(tmp_path, STILLPOINT_ENVIRONMENT="production", STILLPOINT_ENV_FILE="") as practice:
        assert practice.process.wait(60) == 1
        until(lambda: "STILLPOINT_SMTP_URL" in practice.output, what="a list of what is missing")
    assert "Traceback" not in practice.output
