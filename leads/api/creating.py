"""A new lead from a program: as *Add lead* makes one, or as a listing's form does (domain.md section 2)."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.enums import Role
from leadportal.common.errors import Forbidden, Invalid
from leads.api.bodies import Body, check_form, filled, refuse_unknown, sent
from leads.api.operations import TEXT
from leads.api.seen import lead_json, seen_headers
from leads.enums import SourceKind
from leads.forms.add import AddForm
from leads.models import Lead
from leads.rules.permissions import creating_role
from leads.selectors.detail import find_lead
from leads.services.answers import Given
from leads.services.leads import Consent, WayIn, create_from_listing, create_lead
from leads.services.scoring.behaviour import note_repeat
from templates_app.models import Listing
from templates_app.rules.answers import validate_answers
from templates_app.selectors.catalogue import open_listings
from templates_app.selectors.lead_templates import specs_of

OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}
_FORM = {"listing", "answers"}
NEW_LEAD = Body(
    AddForm,
    {
        "target": {"type": "string", "enum": ["", "sales", "company"]},
        "recipient": {"type": "integer", "minimum": 1, "description": "With target “company”"},
        "attributes": {**OBJECT, "description": "Custom attributes by key"},
        "listing": {**TEXT, "description": "The form of a listing; then only answers are sent"},
        "answers": {**OBJECT, "description": "The form's answers by key"},
    },
    is_filled=True,
)


def create(actor: Person, data: Mapping[str, Any]) -> Given:
    """Create a lead and return it. Raises Forbidden without the right to create leads, Invalid, Refused.

    A lead that the actor would not see afterwards is not created: raises NotFound (security.md R7).
    """
    if creating_role(actor) is None:
        raise Forbidden(
            _("Your company may not create leads. Ask your reseller manager for the right.")
        )
    lead = _from_form(actor, data) if "listing" in data else _by_hand(actor, data)
    sight = find_lead(lead.reference, actor)
    headers = {"Location": reverse("api:lead", args=[lead.reference]), **seen_headers(sight)}
    return Given(201, lead_json(sight), headers, sight.lead)


def _by_hand(actor: Person, data: Mapping[str, Any]) -> Lead:
    if (
        creating_role(actor) == Role.VENDOR
    ):  # whose leads come with the answers of a form, as in the wizard
        raise Invalid({"listing": _("Choose a listing whose form is open.")})
    typed = sent(data)
    form = AddForm(filled(AddForm(actor=actor), typed), actor=actor)
    check_form(form, typed)
    details = form.details
    return create_lead(
        details,
        actor=actor,
        channel=details.pop("channel"),
        marketplace=form.place,
        attributes=form.filled_attributes,
        recipient=form.chosen,
        to_sales=form.is_for_sales,
    )


def _from_form(actor: Person, data: Mapping[str, Any]) -> Lead:
    if not actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.VENDOR):
        raise Forbidden(_("Your role does not send answers to the forms of listings."))
    if other := sorted(data.keys() - _FORM):
        sentence = _("Leave this out: the answers say everything about the lead.")
        raise Invalid(dict.fromkeys(other, sentence))
    listing = open_listings(actor).filter(slug=str(data["listing"])[:120]).first()
    if listing is None:
        raise Invalid({"listing": _("Choose a listing whose form is open.")})
    given = data.get("answers")
    if not isinstance(given, dict):
        raise Invalid({"answers": _("Send the answers as an object.")})
    specs = specs_of(listing.version)
    unknown = _("The form has no question “%(name)s”.")
    refuse_unknown(given, {spec.key for spec in specs}, unknown)
    answers = validate_answers(specs, given)
    if answers.errors:
        raise Invalid({f"answers.{key}": str(one) for key, one in answers.errors.items()})
    consent = None
    if answers.consents:
        consent = Consent("\n".join(answers.consents), source=_source(actor, listing))
    way = WayIn("api", SourceKind.API, actor.token, sender=actor)
    lead = create_from_listing(listing, answers.mapped, answers.values, consent=consent, way=way)
    note_repeat(lead, form=listing.marketplace.name, actor=actor)
    return lead


def _source(actor: Person, listing: Listing) -> str:
    number = listing.version.number if listing.version else 0
    words = {"number": number, "token": actor.token}
    return (_("Version %(number)s through API token %(token)s") % words)[:120]
