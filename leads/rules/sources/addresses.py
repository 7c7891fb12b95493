"""The address and the secret of a source (security.md R28).

An address must be shown again, to be copied into the sender's settings, and must not be readable in a copy of
the database. So it is not stored: it is made from the source's public key and the installation's secret key.
The signing secret must be known to check signatures: it is stored sealed with the same key, and never shown.
"""

import base64
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

KEY_LENGTH = 16
_LONGEST = 80
_MAIL_BYTES = 15  # 24 letters: the part before the @ has room for 64


def new_key() -> str:
    """Return the public part of a new address."""
    return secrets.token_hex(KEY_LENGTH // 2)


def token_of(key: str) -> str:
    """Return what stands in the address: the key, and 256 bits that nobody can guess without our secret."""
    return f"{key}-{_mac(key)}"


def key_in(token: str) -> str | None:
    """Return the key of the source that `token` names, or None for a token that we did not make."""
    key, _dash, mac = token[:_LONGEST].partition("-")
    is_ours = hmac.compare_digest(mac.encode("utf-8", "replace"), _mac(key).encode())
    return key if is_ours else None


def mail_token_of(key: str) -> str:
    """Return what stands in the address of a mailbox: as `token_of`, in letters that no mail server changes."""
    digest = salted_hmac("leads.sources.mail", key, algorithm="sha256").digest()
    return f"{key}-{base64.b32encode(digest[:_MAIL_BYTES]).decode().rstrip('=').lower()}"


def mail_key_in(address: str) -> str | None:
    """Return the key of the mailbox that a mail address names, or None. Its domain does not matter: servers differ."""
    plain = address.encode("ascii", "replace").decode()
    local = plain.strip().strip("<>").partition("@")[0].lower()
    token = local[-_LONGEST:].rpartition("+")[2]
    key = token.partition("-")[0]
    is_ours = hmac.compare_digest(token, mail_token_of(key))
    return key if is_ours else None


def seal(secret: str) -> str:
    """Return a secret as it is stored; nothing for nothing."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """Return a stored secret; raises ValueError when it was sealed with another SECRET_KEY."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("sealed with another SECRET_KEY") from None


def _mac(key: str) -> str:
    digest = salted_hmac("leads.sources.address", key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _box() -> Fernet:
    key = salted_hmac("leads.sources.secret", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
