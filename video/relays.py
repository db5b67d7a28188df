"""TURN servers for networks that let no direct path through, with passwords that expire. Pure.

The password form is the TURN REST API's (draft-uberti-behave-turn-rest-00): username `expiry:name`,
password base64(HMAC-SHA1(secret, username)); coturn's `use-auth-secret` understands it.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any


def relays(urls: str, secret: str, *, name: str, until: datetime) -> list[dict[str, Any]]:
    """Give the `iceServers` for one entry; none when no relay is set up. `urls` is separated by commas.

    `name` is drawn for this entry alone: the relay's operator learns nothing about anybody.
    """
    addresses = [url.strip() for url in urls.split(",") if url.strip()]
    if not addresses:
        return []
    username = f"{int(until.timestamp())}:{name}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return [{"urls": addresses, "username": username, "credential": base64.b64encode(digest).decode()}]
