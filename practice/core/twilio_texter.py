"""Twilio, through its official library; nothing else imports it.

Creating a message takes no idempotency key, and a message keeps no id of ours. An attempt
whose answer was lost is therefore looked for among the latest messages to that telephone,
by its words, which are unlike any other's (see `Text`). The search names no date: a message
that is still queued has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from practice.core.carriers import CarrierDownError, LineDownError, OutcomeUnknownError, RefusedError
from practice.core.settings import Settings
from practice.core.texts import BadTextSignatureError, Fate, Incoming, Report, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twilio.http.response import Response

TIMEOUT_SECONDS = 15.0
LOOKED_THROUGH = 100
"""How many of the latest messages to a telephone are searched: a client gets a handful a day."""
CLOCK_SLACK = timedelta(hours=1)
HOME = "https://api.twilio.com"

_FATES: dict[str, Fate] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}


class _Wire(TwilioHttpClient):  # type: ignore[misc]  # the library ships no types
    """Twilio's own HTTP client, led to a server that speaks its API where the tests say so."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._base = base.rstrip("/")
        # What the environment says of proxies and certificates is read once, not for every text.
        around = self.session.merge_environment_settings(self._base or HOME, {}, None, None, None)
        self.session.proxies, self.session.verify = around["proxies"], around["verify"]
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Send the request."""
        return super().request(method, url.replace(HOME, self._base, 1) if self._base else url, *args, **kwargs)


class TwilioTexter:
    """The provider of texts, by Twilio's API or a server that speaks it."""

    offered = True

    def __init__(self, account: str, token: str, sender: str, *, api_base: str = "") -> None:
        self._client = Client(account, token, http_client=_Wire(api_base))
        self._validator = RequestValidator(token)
        self._sender = sender

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Build the provider this installation uses."""
        return cls(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            settings.twilio_from,
            api_base=settings.twilio_api_base,
        )

    @contextmanager
    def line(self) -> Iterator[Self]:
        """Be one's own line: the library keeps its connection open."""
        yield self

    def send(self, text: Text, *, now: datetime) -> str:
        """Create the message; return Twilio's id of it."""
        wanted: dict[str, Any] = {"to": text.to, "body": text.body}
        wanted["messaging_service_sid" if self._sender.startswith("MG") else "from_"] = self._sender
        if text.report_to.startswith("https://"):
            wanted["status_callback"] = text.report_to
        try:
            return str(self._client.messages.create(**wanted).sid)
        except TwilioRestException as error:
            raise _translated(error) from error
        except requests.ConnectTimeout as error:
            raise LineDownError(str(error)) from error
        except (requests.RequestException, TwilioException) as error:
            raise OutcomeUnknownError(str(error)) from error

    def found(self, text: Text) -> str | None:
        """Look for the message among the latest to that telephone."""
        try:
            latest = self._client.messages.list(to=text.to, limit=LOOKED_THROUGH, page_size=LOOKED_THROUGH)
        except (requests.RequestException, TwilioException) as error:
            raise CarrierDownError(f"asked what became of an earlier attempt: {error}") from error
        since = text.planned_at - CLOCK_SLACK if text.planned_at else None
        for each in latest:
            recent = since is None or each.date_created is None or each.date_created >= since
            if recent and str(each.body or "").endswith(text.body):  # a trial account puts words of its own before ours
                return str(each.sid)
        return None

    def read_report(self, url: str, fields: Mapping[str, str], signature: str) -> Report:
        """Verify and read a status callback."""
        self._verify(url, fields, signature)
        fate = _FATES.get(fields.get("MessageStatus", ""), "underway")
        return Report(fields.get("MessageSid", ""), fate, fields.get("ErrorCode", ""))

    def read_incoming(self, url: str, fields: Mapping[str, str], signature: str) -> Incoming:
        """Verify and read a text that came in."""
        self._verify(url, fields, signature)
        return Incoming(
            fields.get("MessageSid", ""), fields.get("From", ""), fields.get("Body", ""), fields.get("OptOutType", "")
        )

    def answer(self, words: str) -> str:
        """Write TwiML."""
        answer = MessagingResponse()
        if words:
            answer.message(words)
        return str(answer)

    def _verify(self, url: str, fields: Mapping[str, str], signature: str) -> None:
        if not self._validator.validate(url, fields, signature):
            raise BadTextSignatureError


def _translated(error: TwilioRestException) -> Exception:
    words = str(error.msg).removeprefix("Unable to create record: ")
    if error.status == 429:
        return LineDownError(f"Twilio asks for patience: {words}")
    if error.status >= 500:
        return OutcomeUnknownError(f"{error.status} {words}")
    if error.status in {401, 403}:
        return LineDownError(f"Twilio does not accept our key: {words}")
    return RefusedError(words, str(error.code or error.status))
