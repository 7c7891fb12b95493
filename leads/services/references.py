"""Lead IDs: digits that tell nobody how many leads others have (domain.md section 1)."""

import secrets

DIGITS = 9


def new_reference() -> str:
    """Return a random Lead ID such as LD-482193075; the unique key of the table refuses the rare repeat."""
    return f"LD-{secrets.randbelow(9 * 10 ** (DIGITS - 1)) + 10 ** (DIGITS - 1)}"
