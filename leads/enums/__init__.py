"""The words of a lead's life (domain.md section 2). Integers where the order of life is the sort order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.enums.history import GIVEN_BACK, WORKINGS, EventKind, InboxKind
from leads.enums.imports import Duplicates, FileKind, ImportState


class Slugged(models.IntegerChoices):
    """Integer choices whose lower-case name is the word in addresses, files and CSS."""

    @property
    def slug(self) -> str:
        """The word in addresses, files and CSS."""
        return self.name.lower()

    @classmethod
    def from_slug(cls, slug: str) -> "Slugged":
        """Return the member called `slug`; KeyError for an unknown word."""
        return cls[slug.upper()]

    @classmethod
    def slug_choices(cls) -> list[tuple[str, str]]:
        """Return (slug, label) pairs for forms and filters."""
        return [(member.slug, member.label) for member in cls]


class Status(Slugged):
    """Who holds the lead and how far it is in the channel, in the order of life."""

    PENDING_SUBMISSION = 1, _("Pending submission")
    SUBMITTED = 2, _("Submitted")
    ASSIGNED = 3, _("Assigned")
    REFERRED = 4, _("Referred")
    CONVERTED = 5, _("Converted")
    DISQUALIFIED = 6, _("Disqualified")
    DELETED = 7, _("Deleted")


OPEN = frozenset({Status.PENDING_SUBMISSION, Status.SUBMITTED, Status.ASSIGNED, Status.REFERRED})
CLOSED = frozenset({Status.CONVERTED, Status.DISQUALIFIED, Status.DELETED})


class Qualification(Slugged):
    """The vendor's verdict on a lead that came for a product from a marketplace (CloudBlue)."""

    NONE = 0, _("None")
    PENDING = 1, _("Pending")
    QUALIFIED = 2, _("Qualified")
    INVALID = 3, _("Invalid")


class Progress(Slugged):
    """What the seller reached with the customer (Oracle)."""

    NEW = 1, _("New")
    CONTACTED = 2, _("Contacted")
    PURCHASED = 3, _("Purchased")
    DELIVERED = 4, _("Delivered")


class Outcome(Slugged):
    """How a converted lead ended (AppDirect: marked as won, lost, or open)."""

    NONE = 0, _("None")
    OPEN = 1, _("Open")
    WON = 2, _("Won")
    LOST = 3, _("Lost")


class HolderDesk(models.IntegerChoices):
    """Which part of the holding company is responsible."""

    HOST = 1, _("Host")
    SALES = 2, _("Sales desk")
    COMPANY = 3, _("Company")


class SourceKind(Slugged):
    """How the lead began; with `source_company` and `source_name` it makes the Source label."""

    PRODUCT_PROFILE = 1, _("Product profile")
    RESELLER_PROFILE = 2, _("Reseller profile")
    MANUAL = 3, _("Added by hand")
    WEBHOOK = 4, _("Webhook")
    API = 5, _("API")
    EMAIL = 6, _("Email")
    IMPORT = 7, _("Import")


class Shape(models.TextChoices):
    """How a webhook source writes what it sends (webhooks.md)."""

    AUTO = "auto", _("Find out from what arrives")
    WEBFLOW = "webflow", _("Webflow")
    ELEMENTOR = "elementor", _("Elementor")
    GRAVITY = "gravity", _("Gravity Forms")
    WPFORMS = "wpforms", _("WPForms")
    FLAT = "flat", _("Contact Form 7, Salesforce Web-to-Lead or another form")


class Proof(models.TextChoices):
    """How a webhook source shows that it is the one it says it is."""

    ADDRESS = "address", _("The address alone: nobody else knows it")
    WEBFLOW = "webflow", _("Webflow signature")
    WPFORMS = "wpforms", _("WPForms signature")
    HEADER = "header", _("A secret in the header X-Intake-Secret")


class Channel(Slugged):
    """How the prospect got in touch."""

    WEB = 1, _("Web")
    PHONE = 2, _("Phone")
    EVENT = 3, _("Event")
    REFERRAL = 4, _("Referral")
    OTHER = 5, _("Other")


class Relation(models.TextChoices):
    """What a lead is to the current company and roles (domain.md section 2, "Relations")."""

    OPERATOR = "operator", _("Operator")
    CHANNEL = "channel", _("Channel")
    HOLDER = "holder", _("Holder")
    MAKER = "maker", _("Maker")
    VENDOR = "vendor", _("Vendor")
    PAST = "past", _("Past")


class AccessLevel(models.IntegerChoices):
    """How a desk sees a lead: as it is, or as it was when the desk lost it."""

    PAST = 1, _("Past")
    CURRENT = 2, _("Current")


class NoteKind(models.TextChoices):
    """What a note records."""

    NOTE = "note", _("Note")
    CALL = "call", _("Call")
    EMAIL = "email", _("Email")
    MEETING = "meeting", _("Meeting")


class Audience(models.TextChoices):
    """Who reads a note."""

    COMPANY = "company", _("My company")
    EVERYBODY = "everybody", _("Everybody on this lead")


class RequestState(models.TextChoices):
    """Where a conversion request stands."""

    PENDING = "pending", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    DENIED = "denied", _("Denied")
    CANCELLED = "cancelled", _("Withdrawn")


class SubmissionState(models.TextChoices):
    """How far what came in is on its way to a lead."""

    RECEIVED = "received", _("Received")
    MADE = "made", _("Made into a lead")
    ATTENTION = "attention", _("Needs attention")
    SET_ASIDE = "set_aside", _("Set aside")


class AttentionReason(models.TextChoices):
    """Why something that came in is no lead yet; what is mended for one is mended for all of a kind."""

    UNREADABLE = "unreadable", _("Cannot be read")
    NO_CONTACT = "no_contact", _("No email or phone")
    MAPPING = "mapping", _("Mapping does not fit")
    ANSWERS = "answers", _("Answers do not fit the form")
    CLOSED = "closed", _("Form or source is closed")
    AUTOMATIC = "automatic", _("Automatic mail or loop")
    TOO_LARGE = "too_large", _("Too large")
    REFUSED = "refused", _("Refused")
    ERROR = "error", _("Something went wrong")


class BulkState(models.TextChoices):
    """What became of one lead of a bulk action."""

    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


__all__ = [
    "CLOSED",
    "GIVEN_BACK",
    "OPEN",
    "WORKINGS",
    "AccessLevel",
    "AttentionReason",
    "Audience",
    "BulkState",
    "Channel",
    "Duplicates",
    "EventKind",
    "FileKind",
    "HolderDesk",
    "ImportState",
    "InboxKind",
    "NoteKind",
    "Outcome",
    "Progress",
    "Proof",
    "Qualification",
    "Relation",
    "RequestState",
    "Shape",
    "Slugged",
    "SourceKind",
    "Status",
    "SubmissionState",
]
