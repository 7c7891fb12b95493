"""Read one value that somebody typed or a machine sent: cleaned and bounded, or refused in words.

Pure, and the same for every door: form fields (`leadportal.common.forms`), lead templates, custom
attributes, later webhooks, API and import. An empty value is read as "" or None; whether it may be
empty is the caller's question. Wrong types, odd numbers and over-long texts end as `BadValueError`,
never as another error (security.md R19, M1 to M4).
"""

from leadportal.common.values.choices import read_country, read_option, read_options, read_yes_no
from leadportal.common.values.numbers import (
    as_json_number,
    read_date,
    read_number,
    read_time,
)
from leadportal.common.values.sentences import LARGEST, BadValueError, choose, enter
from leadportal.common.values.texts import (
    ADDRESS_LENGTH,
    EMAIL_LENGTH,
    PHONE_LENGTH,
    read_email,
    read_line,
    read_phone,
    read_text,
    read_web_address,
)

__all__ = [
    "ADDRESS_LENGTH",
    "EMAIL_LENGTH",
    "LARGEST",
    "PHONE_LENGTH",
    "BadValueError",
    "as_json_number",
    "choose",
    "enter",
    "read_country",
    "read_date",
    "read_email",
    "read_line",
    "read_number",
    "read_option",
    "read_options",
    "read_phone",
    "read_text",
    "read_time",
    "read_web_address",
    "read_yes_no",
]
