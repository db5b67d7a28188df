"""Where the payment provider brings its news."""

from __future__ import annotations

import logging

from flask import Response, request
from flask.typing import ResponseReturnValue

from billing import webhooks as intake
from billing.views.blueprint import bp
from practice.core.payments import BadSignatureError
from practice.core.ports import ports
from practice.security import machines_only

log = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024


@bp.post("/webhooks/stripe")
@machines_only
def webhooks() -> ResponseReturnValue:
    """Take news in once its signature is verified; anything else is turned away."""
    if (request.content_length or 0) > LARGEST_BODY:
        return Response("Too large.", 413, mimetype="text/plain")
    provider = ports().payments
    try:
        event = provider.read_event(request.get_data(), request.headers.get("Stripe-Signature", ""))
    except BadSignatureError:
        log.warning("news with a wrong signature was turned away")
        return Response("The signature does not match.", 400, mimetype="text/plain")
    return Response(intake.receive(provider, event, now=ports().clock.now()), 200, mimetype="text/plain")
