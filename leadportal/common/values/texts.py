"""Texts: lines, long texts, and those with a form of their own."""

import re
from urllib.parse import urlsplit

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext

from leadportal.common.text import clean_line, clean_text
from leadportal.common.values.sentences import BadValueError, length_sentence

EMAIL_LENGTH = 254
PHONE_LENGTH = 40
ADDRESS_LENGTH = 200

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(r"(?=.{4,253}\Z)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
_is_email = EmailValidator()


def read_line(raw: object, *, label: object, max_length: int) -> str:
    """Return one clean line of at most `max_length` characters."""
    return _within(clean_line(_text(raw, label, max_length)), label, max_length)


def read_text(raw: object, *, label: object, max_length: int) -> str:
    """Return clean text with its line breaks, at most `max_length` characters."""
    value = _within(clean_text(_text(raw, label, max_length)), label, max_length)
    return value if clean_line(value) else ""  # nothing but characters that nobody sees


def read_email(raw: object) -> str:
    """Return an address whose domain is in lower case."""
    sentence = gettext("Enter an email address in the format name@example.com")
    value = line_or(raw, sentence, EMAIL_LENGTH)
    if not value:
        return ""
    try:
        _is_email(value)
    except ValidationError:
        raise BadValueError(sentence) from None
    name, _at, domain = value.rpartition("@")
    return f"{name}@{domain.lower()}"


def read_phone(raw: object, *, region: str | None = None) -> str:
    """Return a number as it is dialled from abroad, like +351 912 345 678.

    Without a country code it is read as a number of `region` (ISO code), when one is given.
    """
    sentence = gettext("Enter a phone number with its country code, like +351 912 345 678")
    value = line_or(raw, sentence, PHONE_LENGTH)
    if not value:
        return ""
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        raise BadValueError(sentence) from None
    # Possible, not valid: a numbering plan that is newer than the library must not cost a lead.
    if not phonenumbers.is_possible_number(number):
        raise BadValueError(sentence)
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if len(dialled) > PHONE_LENGTH:
        raise BadValueError(sentence)
    return dialled


def read_web_address(raw: object) -> str:
    """Return an http or https address; "example.com" gets its https://."""
    sentence = gettext("Enter a web address, like www.example.com")
    value = line_or(raw, sentence, ADDRESS_LENGTH)
    if not value:
        return ""
    if not _SCHEME.match(value) or _HOST.fullmatch(value.partition(":")[0]):
        value = f"https://{value}"
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise BadValueError(sentence) from None
    has_oddities = " " in value or "\\" in value or parts.username is not None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or has_oddities:
        raise BadValueError(sentence)
    if len(value) > ADDRESS_LENGTH:
        raise BadValueError(sentence)
    return value


def line_or(raw: object, sentence: str, max_length: int) -> str:
    """Read a line for which every complaint is the same sentence."""
    try:
        return read_line(raw, label="", max_length=max_length)
    except BadValueError:
        raise BadValueError(sentence) from None


def _text(raw: object, label: object, max_length: int) -> str:
    if raw is None:
        return ""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 2**53:
        return str(raw)  # a postcode that a machine sent as a number
    if not isinstance(raw, str):
        raise BadValueError(gettext("%(label)s must be text") % {"label": label})
    if len(raw) > 4 * max_length + 1000:
        # Cleaning looks at every character: refuse what cannot become short enough.
        raise BadValueError(length_sentence(label, max_length, len(raw)))
    return raw


def _within(value: str, label: object, max_length: int) -> str:
    if len(value) > max_length:
        raise BadValueError(length_sentence(label, max_length, len(value)))
    return value
