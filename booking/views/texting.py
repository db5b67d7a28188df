"""Where the provider of texts brings what came in, and what became of what went out."""

from __future__ import annotations

import logging

from flask import Response, request
from flask.typing import ResponseReturnValue

from booking.reminding import replies, reports
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.ports import ports
from practice.core.settings import settings
from practice.core.texts import BadTextSignatureError
from practice.security import machines_only

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024


@bp.post("/webhooks/texts")
@machines_only
def text_incoming() -> ResponseReturnValue:
    """Act on a text that came in, once its signature is verified, and answer it."""
    if (request.content_length or 0) > LARGEST_BODY:
        return Response("Too large.", 413, mimetype="text/plain")
    texter = ports().texter
    try:
        incoming = texter.read_incoming(_address(), request.form.to_dict(), _signature())
    except BadTextSignatureError:
        return _turned_away()
    answer = replies.receive(incoming, ports().clock.now())
    db.session.commit()
    return Response(texter.answer(answer), 200, mimetype="text/xml")


@bp.post("/webhooks/texts/<int:message_id>")
@machines_only
def text_report(message_id: int) -> ResponseReturnValue:
    """Note what became of a text."""
    if (request.content_length or 0) > LARGEST_BODY:
        return Response("Too large.", 413, mimetype="text/plain")
    try:
        report = ports().texter.read_report(_address(), request.form.to_dict(), _signature())
    except BadTextSignatureError:
        return _turned_away()
    reports.take(message_id, report, ports().clock.now())
    db.session.commit()
    return Response("", 204)


def _address() -> str:
    """Return the address as the provider called it: what it signed, whatever proxies made of it."""
    return settings().base_url + request.full_path.removesuffix("?")


def _signature() -> str:
    return request.headers.get("X-Twilio-Signature", "")


def _turned_away() -> ResponseReturnValue:
    log.warning("a text or report with a wrong signature was turned away")
    return Response("The signature does not match.", 403, mimetype="text/plain")
