"""One practice for all modules here: its start costs more than most of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import RunningPractice, running_practice


@pytest.fixture(scope="package")
def live_app(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPractice]:
    """The whole demo practice in real processes, as `make run` starts it; leave it as you found it."""
    with running_practice(tmp_path_factory.mktemp("practice"), like=demo) as practice:
        practice.wait_until_open()
        yield practice
