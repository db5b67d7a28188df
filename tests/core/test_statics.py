"""Files that browsers keep: under an address of their release, and never asked for again."""

from pathlib import Path

import pytest
from flask import Flask, url_for

from practice.core.statics import FOREVER, release
from tests.support.pages import PageClient

SCRIPT = "js/base.js"


def test_a_file_is_kept_forever_under_the_name_of_its_release(app: Flask, client: PageClient) -> None:
    with app.test_request_context():
        address = url_for("static", filename=SCRIPT)
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOREVER)
    assert address in client.get("/sign-in").text


@pytest.mark.parametrize("other", ["0123456789ab", "before"])
def test_a_page_from_before_a_release_still_finds_its_files_and_keeps_none(client: PageClient, other: str) -> None:
    answer = client.get(f"/static/{other}/{SCRIPT}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, no-cache")


@pytest.mark.parametrize("name", ["js/nothing.js", "js", "../app.py", "js/../../core/statics.py"])
def test_what_is_no_file_of_ours_is_not_found_and_not_kept(client: PageClient, name: str) -> None:
    answer = client.get(f"/static/{release(Path('practice/static').resolve())}/{name}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_a_release_is_named_by_what_its_files_hold_and_where(tmp_path: Path) -> None:
    def named(**files: str) -> str:
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        (folder / "js").mkdir(parents=True)
        for name, said in files.items():
            (folder / "js" / name).write_text(said)
        return release(folder)

    first = named(one="1", two="2")
    assert named(two="2", one="1") == first
    assert (
        len({first, named(one="1", two="3"), named(one="1", three="2"), named(one="12"), named(one="1", two="")}) == 5
    )
