"""What leaves for Slack and webhooks: bodies, and the signature of Standard Webhooks (standardwebhooks.com).

A message says what happened to which lead, in codes and names of companies and products. It holds nothing about
the prospect: whoever is told reads that on the portal or through the API, which know what each may see.
"""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from leads.enums import EventKind

PREFIX = "whsec_"
# The parts of a history line that a receiver may know: codes alone.
_CODES = ("from", "to")


@dataclass(frozen=True)
class News:
    """What happened to a lead, as a message tells it."""

    kind: EventKind
    at: datetime
    reference: str
    url: str
    product: str
    data: Mapping[str, Any]


def new_secret() -> str:
    """Return a secret to sign with, as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def signature(secret: str, *, identity: str, timestamp: int, body: bytes) -> str:
    """Return the value of the header `webhook-signature`. Raises ValueError for what is no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("no secret") from None
    signed = b".".join([identity.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.digest(key, signed, sha256)).decode()


def webhook_body(news: News) -> str:
    """Return the body of a webhook."""
    lead = {"id": news.reference, "url": news.url, "product": news.product}
    codes = {name: news.data[name] for name in _CODES if isinstance(news.data.get(name), str)}
    return json.dumps(
        {
            "type": f"lead.{news.kind.value}",
            "timestamp": news.at.isoformat(),
            "data": {"lead": lead, **codes},
        }
    )


def slack_body(news: News) -> str:
    """Return the body of a message in Slack: one line with a link."""
    about = _("%(lead)s for %(product)s") if news.product else "%(lead)s"
    words = about % {"lead": f"<{news.url}|{news.reference}>", "product": escaped(news.product)}
    return json.dumps({"text": f"{escaped(str(news.kind.label))}: {words}"})


def escaped(text: str) -> str:
    """Return a text without what Slack takes for links and mentions."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
