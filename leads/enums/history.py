"""What happens to leads, and what people are told of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """Every line that a lead's history can hold (AppDirect's History table and domain.md section 2)."""

    CREATED = "created", _("Lead created")
    UPDATED = "updated", _("Details updated")
    SUBMITTED = "submitted", _("Submitted to partner managers")
    RULE_MATCHED = "rule_matched", _("Rule matched")
    ASSIGNED = "assigned", _("Assigned")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    REMINDED = "reminded", _("Reminder of a deadline")
    IN_CHARGE_CHANGED = "in_charge_changed", _("Person in charge changed")
    CONVERTED = "converted", _("Converted")
    DISQUALIFIED = "disqualified", _("Disqualified")
    APPROVAL_REQUESTED = "approval_requested", _("Conversion approval requested")
    APPROVAL_APPROVED = "approval_approved", _("Conversion approved")
    APPROVAL_DENIED = "approval_denied", _("Conversion denied")
    APPROVAL_WITHDRAWN = "approval_withdrawn", _("Conversion request withdrawn")
    QUALIFIED = "qualified", _("Qualified")
    MARKED_INVALID = "marked_invalid", _("Marked as invalid")
    SALES_QUALIFIED = "sales_qualified", _("Marked as sales qualified")
    PROGRESS_CHANGED = "progress_changed", _("Progress changed")
    OUTCOME_CHANGED = "outcome_changed", _("Outcome changed")
    PRODUCT_ADDED = "product_added", _("Product added")
    PRODUCT_REMOVED = "product_removed", _("Product removed")
    ASSOCIATION_CREATED = "association_created", _("Company association created")
    ASSOCIATION_REMOVED = "association_removed", _("Company association removed")
    COMPANY_MERGED = "company_merged", _("Customer company merged")
    MERGED = "merged", _("Leads merged")
    UNMERGED = "unmerged", _("Merge undone")
    NOTE_ADDED = "note_added", _("Note added")
    NOTE_EDITED = "note_edited", _("Note edited")
    NOTE_DELETED = "note_deleted", _("Note deleted")
    NEXT_STEP_SET = "next_step_set", _("Next step set")
    SCORE_CHANGED = "score_changed", _("Score changed")
    MARKETING_QUALIFIED = "marketing_qualified", _("Marketing qualified")
    DEAL_CREATED = "deal_created", _("Deal created")
    DEAL_MOVED = "deal_moved", _("Deal moved to another stage")
    QUOTE_LINKED = "quote_linked", _("Linked to a quote")
    QUOTE_UNLINKED = "quote_unlinked", _("Unlinked from a quote")
    QUOTE_SENT = "quote_sent", _("Quote sent")
    QUOTE_ANSWERED = "quote_answered", _("Quote answered")
    ORDER_LINKED = "order_linked", _("Linked to an order")
    ORDER_UNLINKED = "order_unlinked", _("Unlinked from an order")
    DELETED = "deleted", _("Deleted")
    RESTORED = "restored", _("Restored")
    UNDONE = "undone", _("Undone")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Consent withdrawn")
    PERSON_EXPORTED = "person_exported", _("Data of the person exported")
    ACKNOWLEDGED = "acknowledged", _("Acknowledgement sent")
    SEEN_BY_STAFF = "seen_by_staff", _("Contact data seen by staff")
    ANONYMISED = "anonymised", _("Anonymised")


# Lines by which a recipient gave a lead back, or let its time pass.
GIVEN_BACK = (EventKind.DECLINED, EventKind.EXPIRED)
# Lines that tell how the portal came to what another line says.
WORKINGS = (EventKind.RULE_MATCHED, EventKind.SCORE_CHANGED)


class InboxKind(models.TextChoices):
    """What people are told about (domain.md section 10), in the reader's words."""

    CREATED = "created", _("New lead")
    GIVEN = "given", _("Given to my company")
    CHARGE = "charge", _("Put in my charge")
    ANSWERED = "answered", _("Accepted, declined or expired")
    DEADLINE = "deadline", _("Deadline comes closer")
    APPROVAL = "approval", _("Conversion request")
    CONVERTED = "converted", _("Converted")
    DISQUALIFIED = "disqualified", _("Disqualified")
    DELETED = "deleted", _("Deleted")
    VERDICT = "verdict", _("Qualified or invalid")
    NOTE = "note", _("Note")
    NEXT_STEP = "next_step", _("Next step due")
    THRESHOLD = "threshold", _("Marketing qualified")
    QUOTE = "quote", _("Quote answered")
    MESSAGE = "message", _("From the portal")
