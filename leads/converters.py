"""The part of addresses that names a lead, for pages and API."""

from django.urls import register_converter


class LeadIdConverter:
    """A Lead ID in an address. Every word matches, so that a malformed one gets the answer of an unknown one."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the Lead ID, or nothing that any lead is called for a word that is none."""
        return value if value.isascii() and value.isprintable() and len(value) <= 16 else "-"

    def to_url(self, value: str) -> str:
        """Return the Lead ID as it is."""
        return value


register_converter(LeadIdConverter, "lead")
LEAD_ID = "<lead:reference>"
