"""The addresses of tracked links: which link, and whose visit (domain.md section 8).

The visitor's part is the Lead ID with a keyed hash: nobody can make up visits of somebody else's lead, and the address
says nothing about the prospect.
"""

import secrets

from django.core import signing

_SALT = "leads.tracked"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> str:
    """Return the public name of a new link."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def visitor_word(link_key: str, reference: str) -> str:
    """Return the part of the address of `link_key` that says which lead's prospect visits."""
    return _signer(link_key).sign(reference)


def reference_in(link_key: str, word: str) -> str | None:
    """Return the Lead ID that `visitor_word` has named, None for anything else."""
    try:
        return _signer(link_key).unsign(word)
    except signing.BadSignature:
        return None


def _signer(link_key: str) -> signing.Signer:
    return signing.Signer(salt=f"{_SALT}.{link_key}", sep="~")
