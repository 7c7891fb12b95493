"""The only scope: which leads, and what belongs to them, an actor may read (architecture.md, habit 3)."""

from leads.querysets.leads import (
    AccessQuerySet,
    BulkRunQuerySet,
    EventQuerySet,
    ExportFileQuerySet,
    ImportMappingQuerySet,
    ImportQuerySet,
    InboxQuerySet,
    LeadQuerySet,
    NoteQuerySet,
    OnALeadQuerySet,
    SavedViewQuerySet,
    SourceQuerySet,
    SubmissionQuerySet,
    TargetQuerySet,
)
from leads.querysets.offers import OfferQuerySet
from leads.querysets.rulebooks import AbsenceQuerySet, LinkQuerySet, RoutingQuerySet, SheetQuerySet
from leads.querysets.selling import OrderQuerySet, PipelineQuerySet, QuoteQuerySet, SalesQuerySet

__all__ = [
    "AbsenceQuerySet",
    "AccessQuerySet",
    "BulkRunQuerySet",
    "EventQuerySet",
    "ExportFileQuerySet",
    "ImportMappingQuerySet",
    "ImportQuerySet",
    "InboxQuerySet",
    "LeadQuerySet",
    "LinkQuerySet",
    "NoteQuerySet",
    "OfferQuerySet",
    "OnALeadQuerySet",
    "OrderQuerySet",
    "PipelineQuerySet",
    "QuoteQuerySet",
    "RoutingQuerySet",
    "SalesQuerySet",
    "SavedViewQuerySet",
    "SheetQuerySet",
    "SourceQuerySet",
    "SubmissionQuerySet",
    "TargetQuerySet",
]
