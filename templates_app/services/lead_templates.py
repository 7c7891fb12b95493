"""Make, publish and archive lead templates. Published versions are never touched again."""

from contextlib import AbstractContextManager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.models import Company
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from templates_app.enums import FieldKind, MapsTo, VersionState
from templates_app.models import DraftChange, LeadTemplate, Listing, Product, TemplateVersion
from templates_app.rules.fields import FieldSpec
from templates_app.rules.permissions import may_edit_marketplace, may_edit_template
from templates_app.rules.publishing import fingerprint, publish_problems
from templates_app.services.drafts import draft_to_change, editable_template, store_fields, touch
from templates_app.services.rows import forbid_unless, named_once, user_id_of


@transaction.atomic
def create_template(
    owner: Company,
    *,
    name: str,
    product: Product | None = None,
    with_contact_fields: bool = False,
    actor: Actor,
) -> LeadTemplate:
    """Store a template of `owner` with an empty first draft, or one that asks for name, email, company.

    Raises Forbidden, NotFound (product of somebody else), Invalid (name taken).
    """
    forbid_unless(may_edit_template(actor, owner.pk))
    if not (owner.is_developer or owner.is_marketplace):
        raise Forbidden(gettext("%(company)s has no developer access.") % {"company": owner})
    _check_product(product, owner.pk)
    with _one_name(name):
        template = LeadTemplate.objects.create(
            owner=owner, product=product, name=name, updated_by_id=user_id_of(actor)
        )
    draft = TemplateVersion.objects.create(template=template, number=1)
    if with_contact_fields:
        store_fields(draft, _contact_fields())
    return template


@transaction.atomic
def edit_template(
    template: LeadTemplate,
    *,
    name: str,
    product: Product | None,
    sends_acknowledgement: bool,
    acknowledgement: str,
    masks_contact: bool,
    actor: Actor,
) -> LeadTemplate:
    """Change name, product, what the prospect gets by mail, and whether contacts are masked, for all versions.

    Leads that are offered already stay as they are.

    Raises NotFound, Forbidden, Invalid (name taken; listed for its product).
    """
    row = editable_template(template, actor)
    _check_product(product, row.owner_id)
    new_product_id = product.pk if product else None
    others = Listing.objects.filter(version__template=row).exclude(product=new_product_id)
    if new_product_id is not None and others.exists():
        raise Invalid(
            {"product": gettext("Other products are listed with this form. Close them first.")}
        )
    row.name, row.product_id = name, new_product_id
    row.sends_acknowledgement, row.acknowledgement = sends_acknowledgement, acknowledgement
    row.masks_contact = masks_contact
    with _one_name(name):
        changed = ("name", "product", "sends_acknowledgement", "acknowledgement", "masks_contact")
        touch(row, actor, *changed)
    return row


@transaction.atomic
def start_draft(
    template: LeadTemplate, *, from_number: int | None = None, actor: Actor
) -> TemplateVersion:
    """Return the draft to work on: the present one, or a copy of version `from_number` (else the newest).

    A template that was archived comes back to life with it. Two people who start at once get the same
    draft. Raises NotFound, Forbidden; Conflict when a copy is asked for while there is a draft.
    """
    row = editable_template(template, actor, archived_too=True)
    versions = list(row.versions.order_by("-number"))
    draft = next((one for one in versions if one.state == VersionState.DRAFT), None)
    if draft is not None:
        if from_number is not None:
            raise Conflict(gettext("There is already a draft. Publish or discard it first."))
        return draft
    source = next((one for one in versions if from_number in {None, one.number}), None)
    if source is None:
        raise NotFound
    draft = TemplateVersion.objects.create(template=row, number=versions[0].number + 1)
    store_fields(draft, [field.spec for field in source.fields.order_by("position", "pk")])
    row.is_archived = False
    touch(row, actor, "is_archived")
    return draft


@transaction.atomic
def discard_draft(template: LeadTemplate, *, actor: Actor) -> None:
    """Delete the draft with its fields. Raises NotFound, Forbidden, Conflict (no draft, or the only version)."""
    row = editable_template(template, actor)
    draft = draft_to_change(row)
    if not row.versions.exclude(pk=draft.pk).exists():
        raise Conflict(gettext("This template was never published. Archive it instead."))
    draft.delete()
    touch(row, actor)


@transaction.atomic
def publish_draft(
    template: LeadTemplate, *, seen: str | None = None, actor: Actor
) -> TemplateVersion:
    """Make the draft the live version; every listing of the template shows it from now on.

    The version before it is archived and stays with its leads. `seen` is the fingerprint of what the
    person was shown. Raises NotFound, Forbidden, Conflict (no draft, or it changed since), Invalid
    (nobody could be contacted).
    """
    row = editable_template(template, actor)
    draft = draft_to_change(row)
    specs = [field.spec for field in draft.fields.order_by("position", "pk")]
    if seen is not None and seen != fingerprint(specs):
        raise Conflict(
            gettext("Somebody changed the draft meanwhile. Look at it again, then publish.")
        )
    if sentences := publish_problems(specs):
        raise Invalid({"draft": " ".join(sentences)})
    _archive_published(row)
    draft.state, draft.published_at = VersionState.PUBLISHED, clock.now()
    draft.published_by_id = user_id_of(actor)
    draft.save(update_fields=["state", "published_at", "published_by"])
    DraftChange.objects.filter(version=draft).delete()
    Listing.objects.filter(version__template=row).update(version=draft)
    touch(row, actor)
    return draft


@transaction.atomic
def archive_template(template: LeadTemplate, *, actor: Actor) -> LeadTemplate:
    """Close every form of the template; old addresses answer politely, leads keep their versions.

    Raises NotFound, Forbidden, Conflict (already archived).
    """
    row = editable_template(template, actor)
    _archive_published(row)
    row.is_archived, row.is_reseller_form = True, False
    touch(row, actor, "is_archived", "is_reseller_form")
    return row


@transaction.atomic
def choose_reseller_form(template: LeadTemplate, *, is_chosen: bool = True, actor: Actor) -> None:
    """Ask this template on the profile pages of the owner's resellers, instead of any other; or no longer.

    Raises NotFound, Forbidden, Conflict (not published).
    """
    row = editable_template(template, actor)
    forbid_unless(row.owner.is_marketplace and may_edit_marketplace(actor, row.owner_id))
    if is_chosen and not row.versions.filter(state=VersionState.PUBLISHED).exists():
        raise Conflict(gettext("Publish the template before it can be used."))
    if is_chosen:
        LeadTemplate.objects.filter(owner=row.owner_id, is_reseller_form=True).update(
            is_reseller_form=False
        )
    row.is_reseller_form = is_chosen
    try:
        with transaction.atomic():
            touch(row, actor, "is_reseller_form")
    except IntegrityError:
        raise Conflict(gettext("Somebody chose another form at the same moment.")) from None


def _archive_published(template: LeadTemplate) -> None:
    template.versions.filter(state=VersionState.PUBLISHED).update(
        state=VersionState.ARCHIVED, archived_at=clock.now()
    )


def _check_product(product: Product | None, owner_id: int) -> None:
    if product is not None and product.vendor_id != owner_id:
        raise NotFound


def _one_name(name: str) -> AbstractContextManager[None]:
    return named_once(
        "name", gettext("There is already a template called %(name)s") % {"name": name}
    )


def _contact_fields() -> list[FieldSpec]:
    text = FieldKind.SHORT_TEXT
    return [
        FieldSpec(
            "first_name", gettext("First name"), text, is_required=True, maps_to=MapsTo.FIRST_NAME
        ),
        FieldSpec(
            "last_name", gettext("Last name"), text, is_required=True, maps_to=MapsTo.LAST_NAME
        ),
        FieldSpec(
            "email", gettext("Work email"), FieldKind.EMAIL, is_required=True, maps_to=MapsTo.EMAIL
        ),
        FieldSpec("company", gettext("Company"), text, maps_to=MapsTo.COMPANY),
    ]
