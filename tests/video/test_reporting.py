"""Reports are signed, fresh and well formed, or they are not taken."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.video.scenes import KEY, NOON
from video.reporting import BadReportError, read, signature

REPORT = {
    "server": "s1",
    "number": 1,
    "room": "r",
    "person": "2",
    "event": "joined",
    "at": NOON.timestamp(),
    "detail": {},
}
BODY = json.dumps({"reports": [REPORT]}).encode()
NOW = int(NOON.timestamp())


def test_a_signed_report_is_read() -> None:
    (report,) = read(BODY, signature(BODY, KEY, NOW), KEY, now=NOON)
    assert (report.server, report.number, report.event, report.at) == ("s1", 1, "joined", NOON)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        "t=1,v1=00",
        "t=x,v1=00",
        f"t={NOW}",
        signature(BODY, "another key", NOW),
        signature(b"{}", KEY, NOW),
        "t=²,v1=",
    ],
)
def test_what_is_not_signed_by_us_is_refused(header: str) -> None:
    with pytest.raises(BadReportError):
        read(BODY, header, KEY, now=NOON)


def test_an_old_report_cannot_be_sent_again() -> None:
    with pytest.raises(BadReportError, match="too old"):
        read(BODY, signature(BODY, KEY, NOW), KEY, now=NOON + timedelta(minutes=6))


@pytest.mark.parametrize("body", [b"", b"[]", b'{"reports": 5}', b'{"reports": [{}]}', b'{"reports": [5]}'])
def test_a_signed_body_that_is_no_report_is_refused(body: bytes) -> None:
    with pytest.raises(BadReportError, match="cannot be read"):
        read(body, signature(body, KEY, NOW), KEY, now=NOON)
