"""Secrets in links: the link holds the token, the database only its fingerprint (security.md R28)."""

import secrets

from django.utils.crypto import salted_hmac


def new_token() -> str:
    """Return a token that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """Return what is stored of `token`: an HMAC with the installation's secret key, 64 hex digits."""
    return salted_hmac("accounts.invitation", token, algorithm="sha256").hexdigest()
