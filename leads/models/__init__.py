"""What happens to a lead: what is stored."""

from leads.models.access import LeadAccess, PastView
from leads.models.api import ApiAnswer
from leads.models.bulk import BulkOutcome, BulkRun
from leads.models.editing import Editing
from leads.models.history import Event, EventValue
from leads.models.imports import Import, ImportedLead, ImportFault, ImportMapping
from leads.models.inbox import InboxItem
from leads.models.intake import RateLimit, Submission
from leads.models.lead import DisqualifyReason, Lead
from leads.models.merging import LeadKey, LeadMerge
from leads.models.notes import Note
from leads.models.offers import Offer
from leads.models.outbox import CallState, OutgoingCall, Target, TargetKind
from leads.models.papers import Order, OrderLine, Quote, QuoteLine
from leads.models.routing import (
    Absence,
    BookState,
    Cause,
    RoutingDecision,
    RoutingTurn,
    RoutingVersion,
)
from leads.models.sales import Conversion, ConversionRequest, LeadProduct
from leads.models.scoring import Behaviour, LeadScore, ScoreSheet, SheetVersion, TrackedLink
from leads.models.selling import Deal, Pipeline, Stage
from leads.models.sources import Mailbox, Source
from leads.models.transfer import ExportFile, ExportRecord
from leads.models.views import SavedView

__all__ = [
    "Absence",
    "ApiAnswer",
    "Behaviour",
    "BookState",
    "BulkOutcome",
    "BulkRun",
    "CallState",
    "Cause",
    "Conversion",
    "ConversionRequest",
    "Deal",
    "DisqualifyReason",
    "Editing",
    "Event",
    "EventValue",
    "ExportFile",
    "ExportRecord",
    "Import",
    "ImportFault",
    "ImportMapping",
    "ImportedLead",
    "InboxItem",
    "Lead",
    "LeadAccess",
    "LeadKey",
    "LeadMerge",
    "LeadProduct",
    "LeadScore",
    "Mailbox",
    "Note",
    "Offer",
    "Order",
    "OrderLine",
    "OutgoingCall",
    "PastView",
    "Pipeline",
    "Quote",
    "QuoteLine",
    "RateLimit",
    "RoutingDecision",
    "RoutingTurn",
    "RoutingVersion",
    "SavedView",
    "ScoreSheet",
    "SheetVersion",
    "Source",
    "Stage",
    "Submission",
    "Target",
    "TargetKind",
    "TrackedLink",
]
