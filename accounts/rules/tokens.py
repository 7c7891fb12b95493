"""Secrets that the database holds only as fingerprints: links in mails, API tokens (security.md R28)."""

import re
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

INVITATION, API = "accounts.invitation", "accounts.api_token"
# An API token says what it is, so that one that leaked is recognised; the prefix finds its row.
_API_TOKEN = re.compile(r"lp_([0-9a-f]{12})_[\w-]{43}", re.ASCII)


def new_token() -> str:
    """Return a token that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def new_api_token() -> str:
    """Return a new API token in full; see `prefix_of`."""
    return f"lp_{secrets.token_hex(6)}_{new_token()}"


def prefix_of(text: str) -> str:
    """Return the part of an API token that may be shown and looked up by; nothing for what is no token."""
    found = _API_TOKEN.fullmatch(text)
    return found[1] if found else ""


def fingerprint(token: str, purpose: str = INVITATION) -> str:
    """Return what is stored of `token`: an HMAC with the installation's secret key, 64 hex digits."""
    return salted_hmac(purpose, token, algorithm="sha256").hexdigest()


def is_api_token(text: str, stored: str) -> bool:
    """Say whether `text` is the API token whose fingerprint is `stored`, in the same time for any answer."""
    return constant_time_compare(fingerprint(text, API), stored)
