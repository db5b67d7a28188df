"""Texts by Twilio's own library, against a server that speaks its API and fails as servers do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from practice.core import twilio_texter
from practice.core.carriers import CarrierDownError, LineDownError, OutcomeUnknownError, RefusedError
from practice.core.settings import MissingSettingsError
from practice.core.texts import BadTextSignatureError, Text
from practice.core.twilio_texter import TwilioTexter
from tests.support.apps import settings_for
from tests.support.twilio_server import ACCOUNT, NUMBER, TOKEN, Recorder, twilio_server

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ALICE = "+12125550142"
TEXT = Text(ALICE, "Your code is 471100.", report_to="https://stillpoint.example/reports/7")
URL = "https://stillpoint.example/webhooks/texts"


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[str, Recorder]]:
    """A server that speaks Twilio's API."""
    with twilio_server() as server:
        yield server


@pytest.fixture
def recorder(provider: tuple[str, Recorder]) -> Recorder:
    """What it took, empty."""
    provider[1].messages.clear()
    provider[1].faults.clear()
    return provider[1]


@pytest.fixture
def texter(provider: tuple[str, Recorder], recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> TwilioTexter:
    """The real library, led to it and quick to lose patience."""
    monkeypatch.setattr(twilio_texter, "TIMEOUT_SECONDS", 0.2)
    return TwilioTexter(ACCOUNT, TOKEN, NUMBER, api_base=provider[0])


def send(texter: TwilioTexter, text: Text = TEXT) -> str:
    with texter.line() as line:
        return line.send(text, now=NOW)


def test_a_text_is_created_with_its_words_its_number_and_where_to_report(
    texter: TwilioTexter, recorder: Recorder
) -> None:
    sid = send(texter)
    [taken] = recorder.messages
    assert (taken["sid"], taken["to"], taken["from"], taken["body"]) == (sid, ALICE, NUMBER, TEXT.body)
    assert taken["status_callback"] == "https://stillpoint.example/reports/7"


def test_a_messaging_service_may_stand_in_for_the_number(provider: tuple[str, Recorder], recorder: Recorder) -> None:
    send(TwilioTexter(ACCOUNT, TOKEN, "MG" + "b" * 32, api_base=provider[0]))
    assert (recorder.messages[0]["messaging_service_sid"], recorder.messages[0]["from"]) == ("MG" + "b" * 32, None)


def test_a_telephone_that_said_stop_is_refused_for_good(texter: TwilioTexter, recorder: Recorder) -> None:
    recorder.faults.append(400)
    with pytest.raises(RefusedError) as refused:
        send(texter)
    assert refused.value.code == "21610"


@pytest.mark.parametrize(("fault", "error"), [(429, LineDownError), (500, OutcomeUnknownError)])
def test_a_provider_in_trouble_is_asked_again(
    texter: TwilioTexter, recorder: Recorder, fault: int, error: type[CarrierDownError]
) -> None:
    recorder.faults.append(fault)
    with pytest.raises(error):
        send(texter)
    assert texter.found(TEXT) is None


@pytest.mark.parametrize("fault", ["slow", "hangs up"])
def test_a_text_that_was_taken_though_the_answer_was_lost_is_found_by_its_words(
    texter: TwilioTexter, recorder: Recorder, fault: str
) -> None:
    recorder.faults.append(fault)
    with pytest.raises(OutcomeUnknownError):
        send(texter)
    assert texter.found(TEXT.keyed("k", datetime.now(UTC))) == recorder.messages[0]["sid"]
    assert texter.found(Text(ALICE, "Your code is 471101.")) is None
    assert texter.found(TEXT.keyed("k", datetime.now(UTC) + timedelta(hours=2))) is None


def test_a_wrong_key_makes_everything_wait(provider: tuple[str, Recorder], recorder: Recorder) -> None:
    with pytest.raises(LineDownError):
        send(TwilioTexter(ACCOUNT, "another token", NUMBER, api_base=provider[0]))


def test_only_what_twilio_signed_is_read(texter: TwilioTexter) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    signature = RequestValidator(TOKEN).compute_signature(URL, fields)
    report = texter.read_report(URL, fields, signature)
    assert (report.provider_id, report.fate, report.code) == ("SM1", "failed", "30003")
    for url, sent, signed in (
        (URL, fields | {"MessageStatus": "delivered"}, signature),
        (URL + "?x=1", fields, signature),
        (URL, fields, ""),
        (URL, fields, RequestValidator("another").compute_signature(URL, fields)),
    ):
        with pytest.raises(BadTextSignatureError):
            texter.read_report(url, sent, signed)


def test_what_comes_in_is_read_and_answered_in_twilios_markup(texter: TwilioTexter) -> None:
    fields = {"MessageSid": "SM2", "From": ALICE, "Body": "C", "To": NUMBER}
    incoming = texter.read_incoming(URL, fields, RequestValidator(TOKEN).compute_signature(URL, fields))
    assert (incoming.sender, incoming.body, incoming.handled) == (ALICE, "C", "")
    assert texter.answer("Tea & <cake>").endswith("<Response><Message>Tea &amp; &lt;cake&gt;</Message></Response>")
    assert texter.answer("").endswith("<Response />")


def test_production_refuses_half_a_provider_and_one_of_the_tests(tmp_path: Path) -> None:
    usual = {
        "environment": "production",
        "base_url": "https://stillpoint.example",
        "smtp_url": "smtp://mail",
        "stripe_api_key": "sk",
        "twilio_account_sid": ACCOUNT,
    }
    for more, words in (({}, "TWILIO_FROM"), ({"twilio_api_base": "http://127.0.0.1"}, "TWILIO_API_BASE")):
        told = settings_for("sqlite://", tmp_path, **usual, **more)
        with pytest.raises(MissingSettingsError, match=words):
            told.check()
