import sqlite3
from contextlib import closing

import pytest

from practice.core import turns


def connected(folder):
    return closing(sqlite3.connect(folder / "turns.db", isolation_level=None))


def test_whoever_has_waited_longer_asks_more_often():
    pauses = [turns.pause(waited) for waited in (0.0, 0.05, 0.2, 1.0, 20.0)]
    assert pauses == sorted(pauses, reverse=True)
    assert (pauses[0], pauses[-1]) == (0.004, 0.0005)


def test_a_writer_gives_up_in_the_end_and_may_try_again(tmp_path):
    with connected(tmp_path) as first, connected(tmp_path) as second:
        turns.begin(first)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            turns.begin(second, longest=0.0)
        assert not second.in_transaction
        first.rollback()
        turns.begin(second)
        assert second.in_transaction
