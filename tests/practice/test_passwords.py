"""What a good password is, and what guarding it costs."""

import threading
import time

import pytest
from pydantic import ValidationError

from practice import passwords
from practice.core.settings import Settings
from tests.support.apps import make_app


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("", False),
        ("nine char", False),
        ("ten charac", True),
        ("1234567890", False),
        ("Password 1234", False),
        ("P A S S W O R D 1 2 3", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("abababababab", False),
        ("la lune est loin", True),
        ("пароль-непростой", True),
        ("x" * 100 + "yz!" * 40, False),
    ],
)
def test_a_password_is_long_and_not_the_first_one_tried(password: str, fine: bool) -> None:
    assert (passwords.objection(password) is None) is fine


def test_a_hash_is_argon2id_in_phc_form_and_salted() -> None:
    one, other = passwords.hashed("a long enough passphrase"), passwords.hashed("a long enough passphrase")
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert one != other
    assert passwords.matches("a long enough passphrase", one)
    assert not passwords.matches("a long enough passphras", one)


def test_a_hash_of_another_kind_matches_nothing() -> None:
    assert not passwords.matches("anything at all", "$2b$12$abcdefghijklmnopqrstuv")


def test_an_account_nobody_has_costs_as_much_as_one_somebody_has() -> None:
    kept = passwords.hashed("a long enough passphrase")
    known, unknown = _seconds(kept), _seconds(None)
    assert unknown > known / 3


def test_two_hashes_are_made_at_once_and_the_third_waits() -> None:
    done = threading.Event()

    def third() -> None:
        passwords.hashed("a long enough passphrase")
        done.set()

    gate = passwords._two_at_once
    with gate, gate:
        thread = threading.Thread(target=third)
        thread.start()
        assert not done.wait(0.6)
    thread.join(30)
    assert done.is_set()


def _seconds(kept: str | None) -> float:
    begun = time.process_time()  # the processor's, so that a busy machine changes nothing
    assert not passwords.matches("wrong but long enough", kept)
    return time.process_time() - begun


def test_a_hash_takes_the_memory_the_installation_chose(settings: Settings) -> None:
    with make_app(settings.model_copy(update={"password_memory_kib": 512})).app_context():
        kept = passwords.hashed("a long enough passphrase")
        assert "m=512," in kept
        assert passwords.matches("a long enough passphrase", kept)
    assert passwords.matches("a long enough passphrase", kept)


def test_production_takes_no_cheap_hashes() -> None:
    with pytest.raises(ValidationError, match="19456"):
        Settings(environment="production", password_memory_kib=8)
