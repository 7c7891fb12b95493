"""What the lead list can be narrowed to, and what an address of it asks for."""

from leads.filters.asked import Asked
from leads.filters.leads import LeadFilterSet
from leads.filters.views import PRESETS, View, Views, presets_of

__all__ = ["PRESETS", "Asked", "LeadFilterSet", "View", "Views", "presets_of"]
