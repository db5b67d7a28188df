"""What people do together in the room, as far as it needs no browser: drawing, marks, measures, names of files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.node import installed

SCENES = sorted(Path(__file__).with_name("talking").glob("*.test.mjs"))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.stem)
def test_the_page_keeps_its_rules(scene: Path) -> None:
    node = installed() or pytest.skip("Node is missing")
    done = subprocess.run([node, "--test", str(scene)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
