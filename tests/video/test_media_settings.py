"""What the media server refuses to start without, and what it makes of the settings."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from practice.core.settings import Settings
from tests.support.tree import ROOT
from video.media.settings import MediaSettingsError, check, is_on_this_machine, origin_of, report_url


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
