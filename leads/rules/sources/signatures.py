"""Check that a webhook was written by who holds the secret (webhooks.md 1 and 5), over the bytes as they came."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from leads.enums import Proof
from leads.rules.sources.body import JSON, media_type

# How far a sender's clock may be off, and how long a message can be sent again by somebody who saw it.
TOLERANCE_MS = 300_000
SECRET_HEADER = "x-intake-secret"  # noqa: S105  (a name)
WEBFLOW_TIME, WEBFLOW_SIGNATURE = "x-webflow-timestamp", "x-webflow-signature"
WPFORMS_SIGNATURE = "x-wpforms-webhook-signature"


def is_proven(
    proof: Proof,
    *,
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    tree: Mapping[str, Any],
    now_ms: int,
) -> bool:
    """Say whether a message carries the `proof` that its source asks for.

    `headers` by lower-case name, `tree` what was read from `body`, to the letter.
    """
    match proof:
        case Proof.ADDRESS:
            return True
        case Proof.HEADER:
            return _same(headers.get(SECRET_HEADER, ""), secret)
        case Proof.WEBFLOW:
            return _is_webflow(secret, headers, body, now_ms)
        case Proof.WPFORMS:
            content_type = headers.get("content-type", "")
            signed = [body] if media_type(content_type) == JSON else _as_php_signs(tree)
            return _is_wpforms(secret, headers.get(WPFORMS_SIGNATURE, ""), signed, now_ms)
    return False


def _is_webflow(secret: str, headers: Mapping[str, str], body: bytes, now_ms: int) -> bool:
    moment = headers.get(WEBFLOW_TIME, "")
    if not _is_near(moment, now_ms):
        return False
    expected = _mac(secret, moment.encode() + b":" + body)
    return _same(headers.get(WEBFLOW_SIGNATURE, ""), expected)


def _is_wpforms(secret: str, header: str, bodies: list[bytes], now_ms: int) -> bool:
    parts = dict(part.strip().partition("=")[::2] for part in header.split(",")[:4])
    moment = parts.get("t", "")
    if not _is_near(f"{moment}000", now_ms):
        return False
    signed = [_mac(secret, moment.encode() + b"." + body) for body in bodies]
    return any(_same(parts.get("v", ""), expected) for expected in signed)


def _is_near(moment_ms: str, now_ms: int) -> bool:
    is_number = moment_ms.isascii() and moment_ms.isdigit() and len(moment_ms) < 16
    return is_number and abs(now_ms - int(moment_ms)) <= TOLERANCE_MS


def _mac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    """Compare in constant time, as bytes: a header may hold any character."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


# --- What WPForms signs when it sends a form ----------------------------------------------------------------


def _as_php_signs(tree: Mapping[str, Any]) -> list[bytes]:
    """Return the JSON that WPForms may have signed: the parameters before they were made into a form.

    A form keeps no types: only the second of a moment, "unix", is a number there.
    """
    return [php_json(tree), php_json(_with_numbers(tree))]


def php_json(tree: Any) -> bytes:
    """Return what PHP's json_encode makes of a tree: no spaces, slashes and everything beyond ASCII escaped."""
    text = json.dumps(tree, ensure_ascii=True, separators=(",", ":"))
    # A slash stands in texts and keys alone; each follows an even number of backslashes.
    return text.replace("/", "\\/").encode()


def _with_numbers(tree: Any, name: str = "") -> Any:
    if isinstance(tree, dict):
        return {key: _with_numbers(value, key) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_with_numbers(one) for one in tree]
    is_second = name == "unix" and tree.isascii() and tree.isdigit() and len(tree) < 16
    return int(tree) if is_second else tree
