"""Keys and seals: what was written opens at its own place and nowhere else."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.vault import (
    DataKey,
    Place,
    Vault,
    VaultKeyMissingError,
    VaultSealBrokenError,
    epoch_of,
    seal,
    unseal,
)

KEY = DataKey(chart_id=7, epoch=2, secret=bytes(range(32)))
PLACE = Place(chart_id=7, note_id=991, version=3, kind="body")
NONCE = bytes.fromhex("000102030405060708090a0b")
MASTER_ONE = base64.b64encode(b"\x11" * 32).decode()
MASTER_TWO = base64.b64encode(b"\x22" * 32).decode()
WORDS = "Slept better. Überlegt weiter.".encode()

SEALED_VECTOR = (
    "0100000002000102030405060708090a0b79cc5b3d27a38a497b33bf1c20892881c05477afcf3da19fae8cbc861e205a3702"
    "d20c6d9328098327ce398c576279e68cfdd1662664f9bda1b85390391a14a72dfa41e07a319262a3e873ae2d1b5a8d4e46f7"
    "27e401b6b37e015ef6c05f1740d87cedfe48a6e0fc1343737a2e1999e4879137b07953f2c08975180f4cf112f9c49e82a1ad"
    "118fe572c52d5f5548d9a06042a93a6e7a80f3f422083119cab69b014e53af11ec0bcdd47676b3822b649bbdbb71710c49ad"
    "e83aa921ab3f5afdadb27bc887ef76e06dcef8706c617d28b943e6c738a23a65dffb6984e1753f49d821d888ffaa49532efe"
    "cfb166a39219021664efcc095863b53d27c4f5e6ea0d0cce2f77e49272176146f5de0cac4696ec"
)
WRAPPED_VECTOR = (
    "010101000102030405060708090a0bca7cc8b162a9f63f7d7d2dd9ddd5af121b34b30abd4aff2a3215e6f87791a2c361c086"
    "2612110bc6277b61e4087eb948"
)


def test_words_are_written_as_the_format_says() -> None:
    assert seal(KEY, WORDS, PLACE, nonce=NONCE).hex() == SEALED_VECTOR


def test_the_written_vector_still_opens() -> None:
    assert unseal(KEY, bytes.fromhex(SEALED_VECTOR), PLACE) == WORDS


def test_a_chart_key_is_wrapped_as_the_format_says() -> None:
    assert Vault.read(f"1:{MASTER_ONE}").wrap(KEY, nonce=NONCE).hex() == WRAPPED_VECTOR


def test_the_wrapped_vector_still_opens() -> None:
    vault = Vault.read(f"2:{MASTER_TWO},1:{MASTER_ONE}")
    assert vault.unwrap(bytes.fromhex(WRAPPED_VECTOR), chart_id=7, epoch=2) == KEY


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


@pytest.mark.parametrize("at", [0, 4, 5, 16, 17, 40, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    sealed = bytearray(seal(KEY, WORDS, PLACE))
    sealed[at] ^= 1
    with pytest.raises(VaultSealBrokenError):
        unseal(KEY, bytes(sealed), PLACE)


@pytest.mark.parametrize("length", [0, 1, 17, 20, 33])
def test_words_cut_short_are_noticed(length: int) -> None:
    with pytest.raises(VaultSealBrokenError):
        unseal(KEY, seal(KEY, WORDS, PLACE)[:length], PLACE)


def test_another_epochs_key_opens_nothing() -> None:
    with pytest.raises(VaultSealBrokenError):
        unseal(replace(KEY, epoch=3), seal(KEY, WORDS, PLACE), PLACE)


def test_the_epoch_is_read_without_opening() -> None:
    assert epoch_of(seal(KEY, WORDS, PLACE)) == 2


def test_equal_words_never_look_equal() -> None:
    assert seal(KEY, WORDS, PLACE) != seal(KEY, WORDS, PLACE)


def test_a_chart_key_opens_for_its_own_chart_and_epoch_only() -> None:
    vault = Vault.read(f"1:{MASTER_ONE}")
    wrapped = vault.wrap(KEY)
    assert vault.unwrap(wrapped, chart_id=7, epoch=2) == KEY
    for chart_id, epoch in ((8, 2), (7, 1)):
        with pytest.raises(VaultSealBrokenError):
            vault.unwrap(wrapped, chart_id=chart_id, epoch=epoch)


def test_a_new_master_wraps_and_the_old_one_still_opens() -> None:
    old = Vault.read(f"1:{MASTER_ONE}")
    both = Vault.read(f"2:{MASTER_TWO},1:{MASTER_ONE}")
    assert both.unwrap(old.wrap(KEY), chart_id=7, epoch=2) == KEY
    assert both.recipient == "practice:2"
    with pytest.raises(VaultKeyMissingError, match="Master key 2"):
        old.unwrap(both.wrap(KEY), chart_id=7, epoch=2)


@pytest.mark.parametrize("setting", ["", "short", "1:short", "1:AAAA", f"0:{MASTER_ONE}", f"x:{MASTER_ONE}"])
def test_without_a_proper_key_there_is_no_vault(setting: str) -> None:
    with pytest.raises(VaultKeyMissingError, match="STILLPOINT_VAULT_KEY"):
        Vault.read(setting)


@pytest.mark.parametrize("form", [b"", b"\x01\x01\x01", b"\x02" + bytes(80), b"\x01\x02" + bytes(80)])
def test_a_wrapped_key_in_an_unknown_form_is_refused(form: bytes) -> None:
    with pytest.raises(VaultSealBrokenError):
        Vault.read(f"1:{MASTER_ONE}").unwrap(form, chart_id=7, epoch=2)


def test_keys_do_not_show_in_print() -> None:
    vault = Vault.read(f"1:{MASTER_ONE}")
    assert MASTER_ONE not in repr(vault)
    assert "\\x11" not in repr(vault)
    assert "\\x01\\x02" not in repr(KEY)
