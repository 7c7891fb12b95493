"""Django admin of leads, for staff: looks are written down, moves go through the services (ux.md 2.12)."""

from leads.admin import imports, lead, outbox, records, routing, sales, scoring

__all__ = ["imports", "lead", "outbox", "records", "routing", "sales", "scoring"]
