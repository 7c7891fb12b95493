"""History in words: one sentence for every kind of line, what changed, and who reads which remark.

The kinds are AppDirect's History table and domain.md section 2; names are handed in, nothing is read here.
Viewers do not see other companies' decline reasons or messages; operator and channel do.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from leads.enums import EventKind, HolderDesk, Outcome, Progress, Relation, Slugged, Status
from leads.models import Event, EventValue
from leads.rules.masking import MASKED
from leads.rules.offers import OfferState
from leads.selectors.event_words import merge_sentence, score_change, score_sentence
from leads.selectors.fields import field_label, shown_field
from leads.selectors.reading import MANAGERS, Change, Names, Reader
from leads.selectors.sale_sentences import sale_sentence

Sentence = Callable[["Event", "Names", "Reader"], str]
_ATTRIBUTE = "attribute:"


def sentence(event: Event, names: Names, reader: Reader) -> str:
    """Return what happened, without who and when."""
    return sale_sentence(event) or _SENTENCES[EventKind(event.kind)](event, names, reader)


def changes(event: Event, names: Names, reader: Reader) -> list[Change]:
    """Return what became what: the status, people, and fields that the reader may see."""
    found = [_status_change(event), *_people_changes(event, names), _progress_change(event)]
    if event.kind in {EventKind.UPDATED, EventKind.NEXT_STEP_SET, EventKind.MERGED}:
        is_masked = event.lead_id in reader.masked
        values = (one for one in event.values.all() if not (is_masked and one.field in MASKED))
        found += [_field_change(value, reader) for value in values]
    return [change for change in found if change is not None and change.old != change.new]


def remark(event: Event, names: Names, reader: Reader) -> str:
    """Return what was said with it: a reason, a message, a comment; empty where it is not for the reader."""
    said = {value.field: value.new for value in event.values.all()}
    kind = EventKind(event.kind)
    if kind in {EventKind.DISQUALIFIED, EventKind.MARKED_INVALID}:
        return said.get("text", "")
    if kind == EventKind.RULE_MATCHED:
        return names.rules.get(event.pk, ("", ""))[1]
    if not _may_read_remark(event, names, reader):
        return ""
    return said.get("reason") or said.get("message") or said.get("comment") or ""


def _may_read_remark(event: Event, names: Names, reader: Reader) -> bool:
    own = reader.actor.company_id
    if reader.relations & MANAGERS or own == event.actor_company_id:
        return True
    if event.kind == EventKind.ASSIGNED:
        return own == event.data.get("to_holder")
    return own == names.askers.get(event.data.get("request", 0))


# --- What changed ---------------------------------------------------------------------------------


def _status_change(event: Event) -> Change | None:
    old, new = _status(event.data.get("from")), _status(event.data.get("to"))
    return Change(_("Status"), old, new) if old and new else None


def _status(slug: object) -> str:
    known = {status.slug: str(status.label) for status in Status}
    return known.get(str(slug), "")


def _people_changes(event: Event, names: Names) -> list[Change]:
    data = event.data
    found = []
    if "from_holder" in data and "to_holder" in data:
        old, new = (names.companies.get(data[key], "") for key in ("from_holder", "to_holder"))
        found.append(Change(_("Recipient"), old, new))
    if "to_in_charge" in data:
        old, new = (
            names.people.get(data[key] or 0, "") for key in ("from_in_charge", "to_in_charge")
        )
        found.append(Change(_("Person in charge"), old, new))
    return found


def _progress_change(event: Event) -> Change | None:
    if event.kind == EventKind.SCORE_CHANGED:
        return Change(_("Score"), *score_change(event))
    axes: dict[str, type[Slugged]] = {
        EventKind.PROGRESS_CHANGED: Progress,
        EventKind.OUTCOME_CHANGED: Outcome,
    }
    choices = axes.get(event.kind)
    if choices is None:
        return None
    known = {one.slug: str(one.label) for one in choices}
    old, new = (known.get(str(event.data.get(side)), "") for side in ("from", "to"))
    return Change(_("Progress") if choices is Progress else _("Outcome"), old, new)


def _field_change(value: EventValue, reader: Reader) -> Change | None:
    if value.field.startswith(_ATTRIBUTE):
        label = reader.attributes.get(value.field.removeprefix(_ATTRIBUTE))
        return Change(label, value.old, value.new) if label else None
    old, new = shown_field(value.field, value.old), shown_field(value.field, value.new)
    return Change(field_label(value.field), old, new)


# --- Sentences ------------------------------------------------------------------------------------


def _created(event: Event, names: Names, _reader: Reader) -> str:
    match event.data.get("source"):
        case "product_profile":
            product = names.products.get(event.data.get("product", 0), "")
            return _("Lead created from product profile %(product)s") % {"product": product}
        case "reseller_profile":
            company = names.companies.get(event.data.get("company", 0), "")
            return _("Lead created from Reseller profile %(company)s") % {"company": company}
        case "webhook":
            return _("Lead created by webhook")
        case "email":
            return _("Lead created by email")
        case "import":
            return _("Lead created by an import")
        case "api":
            return _("Lead created through the API")
    return _("Lead created manually")


def _updated(event: Event, _names: Names, _reader: Reader) -> str:
    return _("Lead updated by an import") if "import" in event.data else _("Lead updated")


def _assigned(event: Event, names: Names, _reader: Reader) -> str:
    company = names.companies.get(event.data.get("to_holder", 0), "")
    if event.data.get("to_desk") == HolderDesk.SALES:
        return _("Lead assigned to the sales support representatives of %(company)s") % {
            "company": company
        }
    return _("Lead assigned to %(company)s") % {"company": company}


def _matched(event: Event, names: Names, _reader: Reader) -> str:
    return _("Assignment rule “%(rule)s” matched") % {
        "rule": names.rules.get(event.pk, ("", ""))[0]
    }


def _disqualified(event: Event, names: Names, _reader: Reader) -> str:
    reason = names.reasons.get(event.data.get("reason_id") or 0)
    return (
        _("Lead disqualified: %(reason)s") % {"reason": reason}
        if reason
        else _("Lead disqualified")
    )


def _customer(event: Event, names: Names, reader: Reader) -> str:
    """Return the customer company, for those who manage the lead or may see the company anyway."""
    company = event.data.get("company", 0)
    if company in names.seen or reader.relations & (MANAGERS | {Relation.HOLDER}):
        return names.companies.get(company, "")
    return ""


def _with_customer(named: Any, unnamed: Any) -> Sentence:
    def _words(event: Event, names: Names, reader: Reader) -> str:
        company = _customer(event, names, reader)
        return str(named % {"company": company} if company else unnamed)

    return _words


def _with_product(words: Any) -> Sentence:
    return lambda event, names, _reader: str(
        words % {"product": names.products.get(event.data.get("product", 0), "")}
    )


def _declined(event: Event, names: Names, _reader: Reader) -> str:
    company = names.companies.get(event.data.get("from_holder", 0), "")
    return _("Lead declined by %(company)s") % {"company": company}


def _expired(event: Event, names: Names, _reader: Reader) -> str:
    company = {"company": names.companies.get(event.data.get("from_holder", 0), "")}
    if event.data.get("clock") == OfferState.WORKING:
        return _("Lead taken back from %(company)s: no progress in time") % company
    return _("Lead taken back from %(company)s: not accepted in time") % company


def _reminded(event: Event, _names: Names, _reader: Reader) -> str:
    until = datetime.fromisoformat(event.data["until"])
    when = {"when": formats.date_format(timezone.localtime(until), "l, j M Y, H:i")}
    if event.data.get("clock") == OfferState.WORKING:
        return _("Reminder: reach the customer and set the progress by %(when)s") % when
    return _("Reminder: accept or decline this lead by %(when)s") % when


def _outcome(event: Event, _names: Names, _reader: Reader) -> str:
    match event.data.get("to"):
        case Outcome.WON.slug:
            return _("Lead marked as won")
        case Outcome.LOST.slug:
            return _("Lead marked as lost")
    return _("Lead marked as open")


def _next_step(event: Event, _names: Names, _reader: Reader) -> str:
    is_set = any(value.field == "next_step" and value.new for value in event.values.all())
    return _("Next step set") if is_set else _("Next step cleared")


def _undone(event: Event, _names: Names, _reader: Reader) -> str:
    return _("Import undone") if "import" in event.data else _("Last change undone")


def _plain(words: Any) -> Sentence:
    return lambda _event, _names, _reader: str(words)


_SENTENCES: dict[EventKind, Sentence] = {
    EventKind.CREATED: _created,
    EventKind.UPDATED: _updated,
    EventKind.SUBMITTED: _plain(lazy("Lead submitted to partner managers")),
    EventKind.ASSIGNED: _assigned,
    EventKind.RULE_MATCHED: _matched,
    EventKind.ACCEPTED: _plain(lazy("Lead accepted")),
    EventKind.DECLINED: _declined,
    EventKind.EXPIRED: _expired,
    EventKind.REMINDED: _reminded,
    EventKind.IN_CHARGE_CHANGED: _plain(lazy("Person in charge changed")),
    EventKind.CONVERTED: _with_customer(
        lazy("Lead converted into the customer company %(company)s"),
        lazy("Lead converted into a customer company"),
    ),
    EventKind.DISQUALIFIED: _disqualified,
    EventKind.APPROVAL_REQUESTED: _plain(lazy("Lead conversion approval requested")),
    EventKind.APPROVAL_APPROVED: _plain(lazy("Lead conversion approved")),
    EventKind.APPROVAL_DENIED: _plain(lazy("Lead conversion denied")),
    EventKind.APPROVAL_WITHDRAWN: _plain(lazy("Lead conversion request withdrawn")),
    EventKind.QUALIFIED: _plain(lazy("Lead marked as qualified")),
    EventKind.MARKED_INVALID: _plain(lazy("Lead marked as invalid")),
    EventKind.SALES_QUALIFIED: _plain(lazy("Lead marked as sales qualified")),
    EventKind.PROGRESS_CHANGED: _plain(lazy("Progress changed")),
    EventKind.OUTCOME_CHANGED: _outcome,
    EventKind.PRODUCT_ADDED: _with_product(lazy("Product %(product)s added")),
    EventKind.PRODUCT_REMOVED: _with_product(lazy("Product %(product)s removed")),
    EventKind.ASSOCIATION_CREATED: _with_customer(
        lazy("Company association created: %(company)s"), lazy("Company association created")
    ),
    EventKind.ASSOCIATION_REMOVED: _with_customer(
        lazy("Company association removed: %(company)s"), lazy("Company association removed")
    ),
    EventKind.COMPANY_MERGED: _with_customer(
        lazy("Customer company merged into %(company)s"), lazy("Customer company merged")
    ),
    EventKind.MERGED: lambda event, _names, _reader: merge_sentence(event),
    EventKind.UNMERGED: lambda event, _names, _reader: merge_sentence(event),
    EventKind.NOTE_ADDED: _plain(lazy("Note added")),
    EventKind.NOTE_EDITED: _plain(lazy("Note edited")),
    EventKind.NOTE_DELETED: _plain(lazy("Note deleted")),
    EventKind.NEXT_STEP_SET: _next_step,
    EventKind.SCORE_CHANGED: lambda event, _names, _reader: score_sentence(event),
    EventKind.MARKETING_QUALIFIED: lambda event, _names, _reader: score_sentence(event),
    EventKind.DELETED: _plain(lazy("Lead deleted")),
    EventKind.RESTORED: _plain(lazy("Lead restored")),
    EventKind.UNDONE: _undone,
    EventKind.CONSENT_WITHDRAWN: _plain(lazy("Consent withdrawn")),
    EventKind.PERSON_EXPORTED: _plain(lazy("Data of the person exported")),
    EventKind.ACKNOWLEDGED: _plain(lazy("Acknowledgement sent to the prospect")),
    EventKind.SEEN_BY_STAFF: _plain(lazy("Contact data seen by staff of the portal")),
    EventKind.ANONYMISED: _plain(lazy("Personal data removed")),
}
