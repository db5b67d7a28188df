"""What the media server refuses to start without, and what it makes of the settings."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from practice.core.headers import policy
from practice.core.settings import MissingSettingsError, Settings
from tests.support.tree import ROOT
from video.media.settings import (
    MediaSettingsError,
    check,
    is_on_this_machine,
    origin_of,
    own_port,
    own_url,
    report_url,
    spool_path,
)


def settings(**changes: object) -> Settings:
    return Settings.model_validate({"environment": "test", "media_key": "a key"} | changes)


def test_good_settings_are_taken() -> None:
    check(settings(media_public_ip="203.0.113.7"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"media_key": ""}, "STILLPOINT_MEDIA_KEY"), ({"media_public_ip": "media.example"}, "must be an IP address")],
)
def test_what_is_missing_is_named(changes: dict[str, object], words: str) -> None:
    with pytest.raises(MediaSettingsError, match=words):
        check(settings(**changes))


def test_without_a_key_it_does_not_start() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("STILLPOINT_")}
    started = subprocess.run(
        [sys.executable, "-m", "video.media"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert started.returncode == 2
    assert "Set STILLPOINT_MEDIA_KEY" in started.stderr


def test_each_process_of_a_machine_has_an_address_a_port_and_a_file_of_its_own() -> None:
    own = settings(media_url="ws://127.0.0.1:{port}/room", media_port=9001, media_processes=3, media_process=2)
    assert (own_url(own), own_port(own), spool_path(own).name) == ("ws://127.0.0.1:9003/room", 9003, "reports-2.jsonl")
    assert own.media_sources == tuple(f"ws://127.0.0.1:{port}" for port in (9001, 9002, 9003))
    assert spool_path(settings()).name == "reports.jsonl"


def test_pages_may_go_where_the_practices_media_servers_are() -> None:
    behind = settings(
        media_url="wss://rooms.example/{process}", media_processes=2, media_origins="wss://*.media.example"
    )
    behind.check()
    assert behind.media_sources == ("wss://rooms.example", "wss://*.media.example")
    assert "connect-src 'self' wss://rooms.example wss://*.media.example;" in policy(behind)


def test_several_processes_at_one_address_are_refused() -> None:
    with pytest.raises(MissingSettingsError, match="each process has its own"):
        settings(media_processes=2).check()


@pytest.mark.parametrize(
    ("near", "url"),
    [
        ("", "https://rooms.example/internal/media/reports"),
        ("http://10.0.0.5:8000", "http://10.0.0.5:8000/internal/media/reports"),
        ("http://10.0.0.5:8000/hooks/media", "http://10.0.0.5:8000/hooks/media"),
    ],
)
def test_reports_go_to_the_nearest_web(near: str, url: str) -> None:
    assert report_url(settings(base_url="https://rooms.example", media_report_url=near)) == url


def test_only_the_practices_own_pages_may_connect() -> None:
    assert origin_of("https://rooms.example/practice") == "https://rooms.example"


@pytest.mark.parametrize(
    ("base", "here"), [("http://127.0.0.1:8000", True), ("http://localhost", True), ("https://rooms.example", False)]
)
def test_loopback_is_offered_on_one_machine_only(base: str, here: bool) -> None:
    assert is_on_this_machine(settings(base_url=base)) is here
