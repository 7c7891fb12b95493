"""When two companies look like one: the same folded name, or people with addresses of the same domain."""

from leadportal.common.text import clean_line, fold

LONGEST_KEY = 120
# At these, people of many companies have their mail: the domain says nothing about the company.
_PUBLIC_MAIL = frozenset(
    "aol.com gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mail.com me.com"
    " msn.com outlook.com proton.me protonmail.com web.de yahoo.com ymail.com zoho.com".split()
)


def name_key(name: str) -> str:
    """Return what names that differ only in case, accents and spaces have in common."""
    return fold(clean_line(name))[:LONGEST_KEY]


def company_domain(email: str) -> str:
    """Return the domain of an address as far as it says where somebody works; "" for a public mail service."""
    domain = email.rpartition("@")[2].strip().lower()
    return "" if domain in _PUBLIC_MAIL else domain
