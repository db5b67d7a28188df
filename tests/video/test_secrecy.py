"""How pages keep the room to themselves, without a browser: their modules speak with each other in Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.node import installed

SCENES = sorted(Path(__file__).with_name("secrecy").glob("*.test.mjs"))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name.partition(".")[0])
def test_the_modules_of_the_page_keep_their_promises(scene: Path) -> None:
    node = installed() or pytest.skip("Node is missing")
    command = (node, "--test", "--test-force-exit", "--test-reporter=spec", str(scene))
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
