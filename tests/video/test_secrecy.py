"""How pages keep the room to themselves, without a browser: their modules speak with each other in Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.node import installed
from tests.support.tree import files, text_of

SCENES = sorted(Path(__file__).with_name("secrecy").glob("*.test.mjs"))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name.partition(".")[0])
def test_the_modules_of_the_page_keep_their_promises(scene: Path) -> None:
    node = installed() or pytest.skip("Node is missing")
    command = (node, "--test", "--test-force-exit", "--test-reporter=spec", str(scene))
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_module_sends_anything_past_the_cover() -> None:
    scripts = {path.name: text_of(path) for path in files(".js")}
    carrying = {name for name, text in scripts.items() if "replaceTrack(" in text or "addTrack(" in text}
    connecting = {name for name, text in scripts.items() if "new RTCPeerConnection(" in text}
    assert carrying == {"path.js"}
    assert connecting == {"path.js", "probe.js"}, "the probe sends packets of its own making"
    assert "cover(line, label, slot)" in scripts["path.js"]
