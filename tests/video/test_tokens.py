"""A join token opens one room for one person for a moment, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.video.scenes import INES, KEY, NOON, a_token
from video import tokens
from video.tokens import BadTokenError, ExpiredTokenError


def test_a_token_says_what_was_signed() -> None:
    token = a_token(INES, admitted=True)
    assert tokens.read(tokens.sign(token, KEY), KEY, now=NOON) == token


@pytest.mark.parametrize("seconds", [0, 119.9])
def test_a_token_lasts_to_its_last_moment(seconds: float) -> None:
    tokens.read(tokens.sign(a_token(), KEY), KEY, now=NOON + timedelta(seconds=seconds))


def test_an_expired_token_is_refused_in_words() -> None:
    with pytest.raises(ExpiredTokenError, match="Load it again"):
        tokens.read(tokens.sign(a_token(), KEY), KEY, now=NOON + timedelta(minutes=2))


def test_a_token_signed_with_another_key_is_refused() -> None:
    with pytest.raises(BadTokenError):
        tokens.read(tokens.sign(a_token(), "another key"), KEY, now=NOON)


def test_a_token_of_another_version_is_refused_even_when_signed() -> None:
    body = tokens.sign(a_token(), KEY).rpartition(".")[0].replace("v1.", "v0.")
    forged = f"{body}.{tokens._base64(tokens._signature(body, KEY))}"
    with pytest.raises(BadTokenError, match="older version"):
        tokens.read(forged, KEY, now=NOON)


def test_signed_nonsense_is_no_token() -> None:
    body = f"v1.{tokens._base64(b'[1, 2]')}"
    with pytest.raises(BadTokenError):
        tokens.read(f"{body}.{tokens._base64(tokens._signature(body, KEY))}", KEY, now=NOON)


@given(place=st.integers(min_value=0), letter=st.sampled_from("Aq9-_.=é"))
def test_no_letter_of_a_token_can_be_changed(place: int, letter: str) -> None:
    text = tokens.sign(a_token(nonce="fixed"), KEY)
    place %= len(text) - 1  # the very last letter of base64 may carry unused bits
    if text[place] == letter:
        return
    with pytest.raises(BadTokenError):
        tokens.read(text[:place] + letter + text[place + 1 :], KEY, now=NOON)


@given(st.text())
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    with pytest.raises(BadTokenError):
        tokens.read(text, KEY, now=NOON)
