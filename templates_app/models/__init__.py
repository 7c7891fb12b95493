"""What can be asked and sold: what is stored."""

from templates_app.models.attribute import CustomAttribute
from templates_app.models.catalogue import Listing, Marketplace, Product
from templates_app.models.template import DraftChange, LeadTemplate, TemplateField, TemplateVersion

__all__ = [
    "CustomAttribute",
    "DraftChange",
    "LeadTemplate",
    "Listing",
    "Marketplace",
    "Product",
    "TemplateField",
    "TemplateVersion",
]
