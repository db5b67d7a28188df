"""Seals: what was written opens at its own place and nowhere else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.vault import DataKey, Place, Ring, VaultSealBrokenError, epoch_of, ring_of, seal, unseal

KEY = DataKey(chart_id=7, epoch=2, secret=bytes(range(32)))
PLACE = Place(chart_id=7, note_id=991, version=3, kind="body")
NONCE = bytes.fromhex("000102030405060708090a0b")
WORDS = "Slept better. Überlegt weiter.".encode()

FIRST_FORM = (
    "0100000002000102030405060708090a0b79cc5b3d27a38a497b33bf1c20892881c05477afcf3da19fae8cbc861e205a3702"
    "d20c6d9328098327ce398c576279e68cfdd1662664f9bda1b85390391a14a72dfa41e07a319262a3e873ae2d1b5a8d4e46f7"
    "27e401b6b37e015ef6c05f1740d87cedfe48a6e0fc1343737a2e1999e4879137b07953f2c08975180f4cf112f9c49e82a1ad"
    "118fe572c52d5f5548d9a06042a93a6e7a80f3f422083119cab69b014e53af11ec0bcdd47676b3822b649bbdbb71710c49ad"
    "e83aa921ab3f5afdadb27bc887ef76e06dcef8706c617d28b943e6c738a23a65dffb6984e1753f49d821d888ffaa49532efe"
    "cfb166a39219021664efcc095863b53d27c4f5e6ea0d0cce2f77e49272176146f5de0cac4696ec"
)
SEALED_VECTOR = (
    "020100000002000102030405060708090a0b33bcd6a28b597372d404741f0359e5851ff7bfb8854fbc52319439cfd23fda60"
    "2901ba355db8e3f2eb78a5ec795bc9a709e88a02b605dbed23396d953fe4936b72f89dc08379bfeef29b3013477a363651d9"
    "7db79508aa93ead99e2106e56e25a7033930ae6f5cb143a5d974f0f0edc4eb26b2d991c2e9f6f19b4e4b979d1119601a372a"
    "75049c09e43ff02411b339a1ede09af14774813bf27e1aba9b8460377dfd63732c336418726e01c25e48d40b033705d51a5d"
    "311091733bc4a473c64e8c315eb60672e1273ea160c164e5ab1bd4232aaa415e149c78385bfadff1a7c1d4f344706ded8685"
    "d26361457b5d57c87b0adbeea2f2e95646c08dd184dd0d1692471ae8b1821144a918f2426f4f4098"
)


def test_words_are_written_as_the_format_says() -> None:
    assert seal(KEY, WORDS, PLACE, nonce=NONCE).hex() == SEALED_VECTOR


@pytest.mark.parametrize("vector", [SEALED_VECTOR, FIRST_FORM])
def test_the_written_vectors_still_open(vector: str) -> None:
    assert unseal(KEY, bytes.fromhex(vector), PLACE) == WORDS


def test_words_of_before_there_were_rings_are_of_the_working_ring() -> None:
    assert ring_of(bytes.fromhex(FIRST_FORM)) is Ring.WORKING
    with pytest.raises(VaultSealBrokenError):
        unseal(replace(KEY, ring=Ring.RECORD), bytes.fromhex(FIRST_FORM), PLACE)


@given(words=st.binary(max_size=2000))
def test_any_words_come_back_whole(words: bytes) -> None:
    sealed = seal(KEY, words, PLACE)
    assert unseal(KEY, sealed, PLACE) == words
    assert len(sealed) % 256 == len(seal(KEY, b"", PLACE)) % 256


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, chart_id=8),
        replace(PLACE, note_id=992),
        replace(PLACE, version=2),
        replace(PLACE, kind="addendum"),
    ],
)
def test_words_moved_elsewhere_refuse_to_open(elsewhere: Place) -> None:
    with pytest.raises(VaultSealBrokenError):
        unseal(KEY, seal(KEY, WORDS, PLACE), elsewhere)


@pytest.mark.parametrize("at", [0, 1, 2, 5, 6, 17, 18, 40, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    sealed = bytearray(seal(KEY, WORDS, PLACE))
    sealed[at] ^= 1
    with pytest.raises(VaultSealBrokenError):
        unseal(KEY, bytes(sealed), PLACE)


@pytest.mark.parametrize("length", [0, 1, 6, 18, 20, 34])
def test_words_cut_short_are_noticed(length: int) -> None:
    with pytest.raises(VaultSealBrokenError):
        unseal(KEY, seal(KEY, WORDS, PLACE)[:length], PLACE)


def test_another_epochs_key_opens_nothing() -> None:
    with pytest.raises(VaultSealBrokenError):
        unseal(replace(KEY, epoch=3), seal(KEY, WORDS, PLACE), PLACE)


@pytest.mark.parametrize("ring", list(Ring))
def test_ring_and_epoch_are_read_without_opening(ring: Ring) -> None:
    sealed = seal(replace(KEY, ring=ring), WORDS, PLACE)
    assert (epoch_of(sealed), ring_of(sealed)) == (2, ring)


def test_another_rings_key_opens_nothing() -> None:
    with pytest.raises(VaultSealBrokenError, match="another ring"):
        unseal(replace(KEY, ring=Ring.PRIVATE), seal(KEY, WORDS, PLACE), PLACE)


def test_equal_words_never_look_equal() -> None:
    assert seal(KEY, WORDS, PLACE) != seal(KEY, WORDS, PLACE)


def test_keys_do_not_show_in_print() -> None:
    assert "\\x01\\x02" not in repr(KEY)
