"""What may be said over the WebSocket, and what is refused in words."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.signalling import incoming, outgoing
from video.signalling.incoming import Admit, Join, Leave, MalformedError, Offer, Pass, Ping, Show
from video.signalling.outgoing import Pong


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"type": "join", "token": "v1.a.b"}, Join("v1.a.b")),
        ({"type": "offer", "sdp": "v=0", "number": 1, "generation": 2}, Offer("v=0", 1, 2)),
        ({"type": "admit", "person": "7"}, Admit("7")),
        ({"type": "show", "microphone": False, "camera": True}, Show(microphone=False, camera=True)),
        ({"type": "pass", "to": "7", "kind": "keys", "data": "AAE="}, Pass("7", "keys", "AAE=")),
        ({"type": "pass", "to": "", "kind": "sealed", "data": "AAEC"}, Pass("", "sealed", "AAEC")),
        ({"type": "leave"}, Leave()),
        ({"type": "ping", "stamp": 12}, Ping(12)),
    ],
)
def test_every_message_is_read(frame: dict[str, object], message: object) -> None:
    assert incoming.parse(json.dumps(frame)) == message


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ("", "not JSON"),
        ("[1]", "not an object"),
        ("{}", "no known type"),
        ('{"type": ["write"]}', "no known type"),
        ('{"type": "write"}', "lacks its text"),
        ('{"type": "write", "text": "   "}', "lacks its text"),
        ('{"type": "write", "text": 5}', "lacks its text"),
        (json.dumps({"type": "write", "text": "x" * 2001}), "longer than 2000"),
        (json.dumps({"type": "join", "token": "x" * 4097}), "longer than 4096"),
        ('{"type": "ping", "stamp": -1}', "not a whole number"),
        ('{"type": "ping", "stamp": true}', "not a whole number"),
        ('{"type": "ping", "stamp": 1e400}', "not a whole number"),
        ('{"type": "show", "microphone": 1, "camera": true}', "neither true nor false"),
        ('{"type": "pass", "kind": "keys", "data": ""}', "lacks its data"),
        ('{"type": "pass", "kind": "keys", "data": "a b"}', "not base64"),
        ('{"type": "pass", "kind": "words", "data": "AAEC"}', "no known kind"),
        ('{"type": "pass", "to": 7, "kind": "keys", "data": "AAEC"}', "lacks its to"),
        (json.dumps({"type": "pass", "kind": "keys", "data": "x" * 24577}), "longer than 24576"),
        ("x" * (incoming.LONGEST_FRAME + 1), "too long"),
        ("[" * 5000, "not JSON"),
    ],
)
def test_what_is_malformed_is_refused_in_words(frame: str, words: str) -> None:
    with pytest.raises(MalformedError, match=words):
        incoming.parse(frame)


_words = st.text(max_size=9)
_json = st.recursive(
    st.none() | st.booleans() | st.floats() | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(["token", "sdp", "number", "generation", "person", "text", "stamp"]), _json),
    st.sampled_from(sorted(incoming._READERS)),
)
def test_no_frame_breaks_the_reader(fields: dict[str, object], kind: str) -> None:
    with suppress(MalformedError):
        incoming.parse(json.dumps({"type": kind, **fields}))


def test_a_message_carries_its_name() -> None:
    assert json.loads(outgoing.encode(Pong(3))) == {"type": "pong", "stamp": 3}
