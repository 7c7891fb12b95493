"""A lead as JSON: what its page shows to the same role, and no more."""

from typing import Any

from accounts.models import Company
from leads.api.base import etag, plain
from leads.api.serializers.leads import LeadSeen
from leads.enums import Channel, Outcome, Progress, Qualification, RequestState, SourceKind, Status
from leads.models import ConversionRequest
from leads.rules.workflow import Action
from leads.selectors import detail
from leads.selectors.detail import Sight, find_lead, sees_still
from leads.selectors.offers import running_offer
from leads.selectors.reading import MANAGERS
from leads.selectors.standing import ending_of
from leads.services.answers import Given
from templates_app.rules.shown import Shown

CONTACT = (
    *("first_name", "last_name", "email", "phone", "job_title", "company", "website", "size"),
    *("industry", "street", "postcode", "city", "region", "country"),
)
_PLAIN = "channel qualification progress outcome score is_mql is_sql created_at updated_at".split()
_PLAIN += "status_changed_at source_kind source recipient in_charge product marketplace".split()
_PLAIN += (
    "next_step next_step_on deadline associated_company customer conversion_request ending".split()
)


def lead_json(sight: Sight) -> Any:
    """Return the lead as the actor sees it."""
    lead = sight.lead
    found: dict[str, Any] = {
        "lead_id": lead.reference,
        "status": Status(lead.status).slug,
        "is_past": sight.is_past,
        "is_masked": sight.is_masked,
        "version": None if sight.is_past else lead.version,
        "relations": sorted(sight.facts.relations),
        "actions": sorted(sight.allowed),
        **(_past(sight) if sight.is_past else _present(sight)),
    }
    return plain(LeadSeen(found).data)


def seen_headers(sight: Sight) -> dict[str, str]:
    """Return the ETag of the lead; a desk that lost it does not learn how often it changed since."""
    return {} if sight.is_past else {"ETag": etag(sight.lead.version)}


def lead_now(sight: Sight, *, status: int = 200, **headers: str) -> Given:
    """Return the lead as it is after a change; nothing when the actor no longer sees it."""
    if not sees_still(sight.lead, sight.actor):
        return Given(204, lead=sight.lead)
    now = find_lead(sight.lead.reference, sight.actor)
    return Given(status, lead_json(now), {**seen_headers(now), **headers}, now.lead)


def _past(sight: Sight) -> dict[str, Any]:
    contact = detail.past_contact(sight)
    return {
        **dict.fromkeys(_PLAIN),
        **{name: [] for name in ("answers", "attributes", "products")},
        "contact": {name: contact.get(name) or "" for name in CONTACT},
    }


def _present(sight: Sight) -> dict[str, Any]:
    lead = sight.lead
    is_converted = lead.status == Status.CONVERTED
    return {
        "contact": {name: getattr(lead, name) for name in CONTACT},
        "channel": Channel(lead.channel).slug,
        "qualification": Qualification(lead.qualification).slug,
        "progress": Progress(lead.progress).slug,
        "outcome": Outcome(lead.outcome).slug,
        "score": lead.score,
        "is_mql": lead.mql_at is not None,
        "is_sql": lead.sql_at is not None,
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
        "status_changed_at": lead.status_changed_at,
        "source_kind": SourceKind(lead.source_kind).slug,
        "source": lead.source_label,
        "recipient": lead.recipient_label,
        "in_charge": lead.in_charge,
        "product": lead.product,
        "marketplace": lead.marketplace,
        "next_step": lead.next_step,
        "next_step_on": lead.next_step_on,
        "deadline": offer.ends_at if (offer := running_offer(sight)) else None,
        "answers": [
            _answered(one, lead.answers)
            for one in detail.opportunity(lead, is_masked=sight.is_masked)
        ],
        "attributes": [_answered(one, lead.attributes) for one in detail.attributes(sight)],
        "products": detail.products_on(lead),
        "associated_company": lead.associated_company if sight.shows_association else None,
        "customer": _customer(sight) if is_converted else None,
        "conversion_request": _request(sight),
        "ending": ending_of(lead),
    }


def _answered(one: Shown, values: dict[str, Any]) -> dict[str, Any]:
    return {"key": one.key, "label": one.label, "text": one.text, "value": values.get(one.key)}


def _customer(sight: Sight) -> Company | None:
    return detail.customer_of(sight.lead, sight.actor).company


def _request(sight: Sight) -> ConversionRequest | None:
    """Return the conversion request to those who decide, and to the company that asked."""
    asked = detail.newest_request(sight.lead)
    if asked is None or asked.state == RequestState.CANCELLED:
        return None
    answers = {Action.APPROVE, Action.DENY, Action.WITHDRAW} & sight.allowed
    is_theirs = asked.company_id == sight.actor.company_id
    return asked if is_theirs or answers or sight.facts.relations & MANAGERS else None
