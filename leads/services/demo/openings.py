"""How a lead of the demo begins: a form is filled in, or somebody enters it."""

from datetime import timedelta
from typing import Any

from accounts.actors import Person
from accounts.models import Company
from leadportal.common import clock
from leads.enums import Channel
from leads.models import Lead
from leads.services.demo import remarks
from leads.services.demo.life import Life
from leads.services.demo.scene import Team
from leads.services.leads import Consent, create_from_listing, create_from_profile, create_lead
from templates_app.enums import FieldKind, VersionState
from templates_app.models import Listing, TemplateVersion
from templates_app.rules.answers import Answers, validate_answers
from templates_app.rules.fields import FieldSpec


def fill_form(it: Life, listing: Listing) -> Lead:
    """Let the prospect fill in the public form of a product."""
    assert listing.version is not None  # noqa: S101  (the demo closes no listing)
    answers = _answers(it, listing.version)
    return create_from_listing(
        listing,
        answers.mapped,
        answers.values,
        consent=_consent(answers, f"{listing.product.name}, {listing.marketplace.name}"),
    )


def fill_profile_form(it: Life, team: Team) -> Lead:
    """Let the prospect ask on a reseller's profile page."""
    assert it.host.reseller_form is not None  # noqa: S101  (chosen with the catalogue)
    version = it.host.reseller_form.versions.get(state=VersionState.PUBLISHED)
    answers = _answers(it, version)
    return create_from_profile(
        team.company,
        version,
        answers.mapped,
        answers.values,
        consent=_consent(answers, f"Profile page of {team.company.name}"),
    )


def enter(it: Life, actor: Person, *, recipient: Company | None = None) -> Lead:
    """Let `actor` write the lead down after a call or a fair."""
    listing = it.luck.choice(
        [
            one
            for one in it.host.listings
            if actor.host_id or one.product.vendor_id == actor.company_id
        ]
    )
    has_product = actor.host_id is None or it.happens(0.7)
    return create_lead(
        it.contact,
        actor=actor,
        marketplace=listing.marketplace,
        product=listing.product if has_product else None,
        channel=it.luck.choice((Channel.PHONE, Channel.PHONE, Channel.EVENT, Channel.OTHER)),
        recipient=recipient,
    )


def _answers(it: Life, version: TemplateVersion) -> Answers:
    specs = it.scene.questions[version.pk]
    return validate_answers(specs, {spec.key: _answer(it, spec) for spec in specs})


def _answer(it: Life, spec: FieldSpec) -> Any:  # noqa: C901  (one line for each kind of question)
    """Return what the prospect writes; optional questions are passed over now and then."""
    if spec.maps_to:
        return it.contact[spec.maps_to]
    if not spec.is_required and it.happens(0.25):
        return None
    luck = it.luck
    match spec.kind:
        case FieldKind.CHOICE:
            return luck.choice(spec.options)
        case FieldKind.CHOICES:
            return luck.sample(spec.options, luck.randint(1, 3))
        case FieldKind.NUMBER:
            return str(luck.choice((8, 15, 25, 40, 75, 120, 300)))
        case FieldKind.MONEY:
            return str(luck.choice((1500, 2400, 5000, 8000, 12000, 20000, 45000)))
        case FieldKind.DATE:
            return (clock.now() + timedelta(days=luck.randint(10, 120))).date().isoformat()
        case FieldKind.YES_NO:
            return luck.choice(("yes", "no"))
        case FieldKind.CONSENT:
            return "yes"
        case FieldKind.LONG_TEXT:
            return luck.choice(remarks.WISHES)
        case FieldKind.HIDDEN:
            return luck.choice(("autumn-fair", "newsletter", "search"))
    return None


def _consent(answers: Answers, source: str) -> Consent | None:
    return Consent(" ".join(answers.consents), source) if answers.consents else None
