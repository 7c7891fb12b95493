"""When two leads look like one: same address, telephone number, or name at the same company (domain.md section 7)."""

from accounts.rules.likeness import company_domain
from leadportal.common.text import fold

# What keys begin with: why two leads look alike.
EMAIL, PHONE, NAME = "email", "phone", "name"
LONGEST_KEY = 300
# With or without the country's code, these digits are the same; fewer than the second say too little.
PHONE_DIGITS, FEWEST_DIGITS = 9, 7
FIELDS = frozenset({"first_name", "last_name", "email", "phone", "website"})


def keys_of(
    *, first_name: str, last_name: str, email: str, phone: str, website: str
) -> frozenset[str]:
    """Return what leads of the same prospect have in common, a text for each reason; empty when too little is known."""
    address, digits = mailbox(email), phone_digits(phone)
    name = " ".join(fold(f"{first_name} {last_name}").split()) if first_name and last_name else ""
    domains = {company_domain(address), web_domain(website)} - {""}
    keys = {f"{NAME}:{domain} {name}" for domain in domains} if name else set()
    if address:
        keys.add(f"{EMAIL}:{address}")
    if digits:
        keys.add(f"{PHONE}:{digits}")
    return frozenset(key[:LONGEST_KEY] for key in keys)


def mailbox(email: str) -> str:
    """Return the mailbox of an address: lower case, without what a person added after a plus sign."""
    local, at, domain = email.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if at else ""


def phone_digits(phone: str) -> str:
    """Return the digits in which notations of one number agree: "+44 (0)20 7946 0000" and "020 7946 0000"."""
    digits = "".join(char for char in phone if char.isascii() and char.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= FEWEST_DIGITS else ""


def web_domain(website: str) -> str:
    """Return the domain of a web site, without "www."."""
    host = website.strip().casefold().partition("://")[2] or website.strip().casefold()
    domain = host.partition("/")[0].partition(":")[0].removeprefix("www.")
    return company_domain(f"@{domain}") if "." in domain else ""
