"""Envelopes and passwords: a data key opens for its recipient, a private half under its password, nothing else does."""

import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from notes.custody import envelopes, passwords
from notes.custody.envelopes import BROWSERS, HYBRID, Pair, Recipient
from notes.custody.master import Masters
from notes.custody.passwords import Cost, PasswordKey
from notes.custody.people import password_key
from notes.vault import DataKey, Place, Ring, VaultKeyMissingError, VaultSealBrokenError

KEY = DataKey(7, 2, bytes(range(32)), Ring.RECORD)
INES = Pair.grown(bytes(range(96)))
BOX = Recipient("person/7/1", HYBRID, INES.public)
PLACE = Place(7, 12, 1, "measure")
CHEAP = Cost(8, 1)
MASTER = "1:" + "ERERERERERERERERERERERERERERERERERERERERERE="
UNDER_MASTER = (
    "010101000102030405060708090a0bca7cc8b162a9f63f7d7d2dd9ddd5af121b34b30abd4aff2a3215e6f87791a2c361c086"
    "2612110bc6277b61e4087eb948"
)


def open_it(wrapped: bytes, **otherwise: object) -> DataKey:
    usual = {"owner": 7, "ring": Ring.RECORD, "epoch": 2, "name": "person/7/1"}
    return envelopes.unwrap(wrapped, envelopes.private_key(INES.private), **(usual | otherwise))  # type: ignore[arg-type]


def test_an_envelope_opens_for_its_recipient() -> None:
    assert open_it(envelopes.wrap(KEY, BOX)) == KEY


@pytest.mark.parametrize(
    "elsewhere", [{"owner": 8}, {"ring": Ring.WORKING}, {"epoch": 1}, {"name": "person/7/2"}, {"name": "recovery/1"}]
)
def test_an_envelope_moved_elsewhere_refuses_to_open(elsewhere: dict[str, object]) -> None:
    with pytest.raises(VaultSealBrokenError):
        open_it(envelopes.wrap(KEY, BOX), **elsewhere)


@pytest.mark.parametrize("at", [0, 1, 2, 500, 1121, 1140, -1])
def test_an_altered_envelope_refuses_to_open(at: int) -> None:
    wrapped = bytearray(envelopes.wrap(KEY, BOX))
    wrapped[at] ^= 1
    with pytest.raises(VaultSealBrokenError):
        open_it(bytes(wrapped))


def test_somebody_elses_private_half_opens_nothing() -> None:
    with pytest.raises(VaultSealBrokenError):
        envelopes.unwrap(
            envelopes.wrap(KEY, BOX),
            envelopes.private_key(os.urandom(96)),
            owner=7,
            ring=Ring.RECORD,
            epoch=2,
            name="person/7/1",
        )


def test_the_recovery_keys_envelope_is_one_a_browser_opens() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    wrapped = envelopes.wrap(KEY, Recipient("recovery/1", BROWSERS, public))
    assert len(wrapped) == 2 + 65 + 32 + 16
    assert open_it_with(private, wrapped) == KEY


def open_it_with(private: ec.EllipticCurvePrivateKey, wrapped: bytes) -> DataKey:
    return envelopes.unwrap(wrapped, private, owner=7, ring=Ring.RECORD, epoch=2, name="recovery/1")


def test_an_altered_public_half_is_refused() -> None:
    for broken in (b"", INES.public[:-40]):
        with pytest.raises(VaultSealBrokenError, match="public key"):
            envelopes.wrap(KEY, replace(BOX, public=broken))


def test_whoever_reads_the_record_empties_its_letterbox() -> None:
    box = envelopes.letterbox(KEY)
    dropped = envelopes.drop(box.public, KEY.epoch, b"Nearly every day.", PLACE)
    assert b"Nearly" not in dropped
    assert envelopes.is_dropped(dropped)
    assert envelopes.collect(KEY, dropped, PLACE) == b"Nearly every day."
    for key, place in (
        (replace(KEY, epoch=3), PLACE),
        (KEY, replace(PLACE, note_id=13)),
        (replace(KEY, secret=bytes(32)), PLACE),
    ):
        with pytest.raises(VaultSealBrokenError):
            envelopes.collect(key, dropped, place)


def test_a_private_half_opens_under_its_password_alone() -> None:
    key = password_key("quiet harbour morning", CHEAP)
    sealed = passwords.seal(key, INES, person_id=7, number=1)
    cost, salt = passwords.asked(sealed)
    again = password_key("quiet harbour morning", cost, salt)
    assert passwords.unseal(again, sealed, person_id=7, number=1, public=INES.public) == INES.private
    other = password_key("quiet harbour evening", cost, salt)
    for key, person_id, number in ((other, 7, 1), (again, 8, 1), (again, 7, 2)):
        with pytest.raises(VaultSealBrokenError):
            passwords.unseal(key, sealed, person_id=person_id, number=number, public=INES.public)


def test_a_row_may_not_ask_for_a_gigabyte_of_memory_and_more() -> None:
    sealed = passwords.seal(PasswordKey(Cost(2**21, 1), bytes(16), bytes(32)), INES, person_id=7, number=1)
    with pytest.raises(VaultSealBrokenError, match="more than any"):
        passwords.asked(sealed)


def test_an_open_vault_needs_the_browsers_own_key() -> None:
    kept = passwords.keep_open(bytes(32), {1: INES.private, 3: bytes(96)}, person_id=7, sign_in_id=5)
    assert passwords.opened(bytes(32), kept, person_id=7, sign_in_id=5) == {1: INES.private, 3: bytes(96)}
    for key, person_id, sign_in_id in ((b"x" * 32, 7, 5), (bytes(32), 8, 5), (bytes(32), 7, 6)):
        with pytest.raises(VaultSealBrokenError):
            passwords.opened(key, kept, person_id=person_id, sign_in_id=sign_in_id)


def test_what_a_master_key_wrapped_before_still_opens() -> None:
    key = Masters.read(MASTER).unwrap(bytes.fromhex(UNDER_MASTER), chart_id=7, epoch=2)
    assert key.secret == bytes(range(32))
    with pytest.raises(VaultSealBrokenError):
        Masters.read(MASTER).unwrap(bytes.fromhex(UNDER_MASTER), chart_id=8, epoch=2)
    with pytest.raises(VaultKeyMissingError, match="Master key 1"):
        Masters.read("2" + MASTER[1:]).unwrap(bytes.fromhex(UNDER_MASTER), chart_id=7, epoch=2)


@pytest.mark.parametrize("setting", ["", "short", "1:short", "1:AAAA", "0" + MASTER[1:], "x" + MASTER[1:]])
def test_without_a_proper_master_key_nothing_of_before_opens(setting: str) -> None:
    with pytest.raises(VaultKeyMissingError, match="STILLPOINT_VAULT_KEY"):
        Masters.read(setting)


def test_keys_do_not_show_in_print() -> None:
    assert "\\x01\\x02" not in repr(INES) + repr(KEY) + repr(PasswordKey(CHEAP, bytes(16), bytes(range(32))))
    assert MASTER[2:] not in repr(Masters.read(MASTER))
