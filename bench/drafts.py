"""How many deaths of tab, network and server a note survives: the test of it, as long as one likes, by its seed."""

import argparse
import json
import secrets
import sys
import tempfile
import time
from pathlib import Path

from practice.core.db import db
from practice.passwords import hashed
from tests import builders
from tests.notes.losing import Losing
from tests.notes.scenes import a_session
from tests.support.apps import make_app, migrate, settings_for
from tests.support.browsers import chromium
from tests.support.databases import SqliteTemplate
from tests.support.phoenix import Phoenix


def lose(faults: int, seed: int) -> Losing:
    """Write through so many faults; raises when anything that was called safe is gone."""
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        folder = Path(place)
        with SqliteTemplate(folder, migrate).copy() as database:
            app = make_app(settings_for(database, folder))
            with app.app_context():
                builders.a_practice(lock_minutes=240)  # longer than a page waits before it tries again
                ines = builders.a_counselor(password_hash=hashed(builders.PASSWORD))
                path, email = f"/appointments/{a_session(ines, builders.a_client()).id}/note", ines.email
                db.engine.dispose()
            server = Phoenix(database, folder)
            losing = Losing(browser, server, f"{server.url}{path}", email, seed)
            try:
                losing.run(faults)
            finally:
                server.end()
    return losing


def main(arguments: list[str]) -> None:
    """Measure, show a table and close with the figures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--faults", type=int, default=0)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    told = asked.parse_args(arguments)
    faults = told.faults or (100 if told.quick else 1000)
    begun = time.perf_counter()
    losing = lose(faults, told.seed)
    for kind, times in sorted(losing.befell.items()):
        print(f"{kind:20}{times:6}")
    figures = {"faults": losing.befell.total(), "seed": told.seed, "words": losing.count, "lost": 0}
    print(json.dumps(figures | {"seconds": round(time.perf_counter() - begun, 1)}))


if __name__ == "__main__":
    main(sys.argv[1:])
