"""The stored search text of a lead; PostgreSQL and SQLite index it by trigrams (leads/models/guards.py)."""

from leadportal.common.text import fold
from leads.models import Lead

FIELDS = ("first_name", "last_name", "company", "email")


def search_text(lead: Lead) -> str:
    """Return what a search looks at, folded: both names together, company, product, e-mail and Lead ID.

    Every word follows a space, so that terms of one or two letters can be looked up as beginnings of words.
    """
    product = lead.product.name if lead.product else ""
    parts = [lead.user_name, lead.company, product, lead.email, lead.reference]
    return " " + " ".join(" ".join(fold(part).split()) for part in parts if part)
