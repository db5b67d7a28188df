"""What a start leaves for later: the looking for garbage."""

import gc

import pytest

from practice.core.collecting import put_off


def test_garbage_waits_while_a_process_starts() -> None:
    with put_off():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_a_start_that_fails_leaves_collecting_as_it_was() -> None:
    with pytest.raises(ValueError, match="no settings"), put_off():
        raise ValueError("no settings")
    assert gc.isenabled()
