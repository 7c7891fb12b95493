"""Put a product into a marketplace with a live form, change the form, close and open it again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.enums import DeskKind, Role
from accounts.models import Company, Desk
from accounts.services.desks import desk_for, show_company
from leadportal.common.errors import Conflict, Invalid, NotFound
from templates_app.enums import Corner, VersionState
from templates_app.models import LeadTemplate, Listing, Marketplace, Product, TemplateVersion
from templates_app.rules.permissions import may_manage_listing
from templates_app.rules.themes import accent_problem
from templates_app.services.rows import forbid_unless, free_slug, locked, named_once


@transaction.atomic
def list_product(
    product: Product,
    marketplace: Marketplace,
    *,
    version: TemplateVersion,
    contact: str = "",
    thanks: str = "",
    actor: Actor,
) -> Listing:
    """Open a form for `product` in `marketplace`; the host's marketplace managers then see the vendor.

    Raises NotFound (product, marketplace or version out of scope or switched off), Forbidden, Invalid
    (version not published or not for this product; product already listed there).
    """
    item = locked(Product.objects.visible_to(actor).filter(is_active=True), product.pk)
    place = locked(Marketplace.objects.visible_to(actor).filter(is_active=True), marketplace.pk)
    forbid_unless(may_manage_listing(actor, item.vendor_id, place.host_id))
    live = _live(version, actor)
    _check_fit(live, item, place)
    with named_once(
        "marketplace",
        gettext("%(product)s already stands in %(marketplace)s. Open that listing instead.")
        % {"product": item, "marketplace": place},
    ):
        listing = Listing.objects.create(
            product=item,
            marketplace=place,
            version=live,
            slug=free_slug(Listing, f"{item.name}-{place.name}", fallback="form"),
            contact=contact,
            thanks=thanks,
        )
    show_company(item.vendor, _operator_desks(place.host))
    return listing


@transaction.atomic
def edit_listing(
    listing: Listing, *, version: TemplateVersion, contact: str, thanks: str, actor: Actor
) -> Listing:
    """Change the live form and its texts; the address stays. Raises NotFound, Forbidden, Invalid."""
    live = _live(version, actor)
    row = _managed(listing, actor)
    _check_fit(live, row.product, row.marketplace)
    row.version = live
    row.contact, row.thanks = contact, thanks
    row.save(update_fields=["version", "contact", "thanks"])
    return row


@transaction.atomic
def edit_embed(
    listing: Listing, *, allowed_sites: Sequence[str], accent: str, corner: Corner, actor: Actor
) -> Listing:
    """Say which sites may show the form in a frame (origins, see `rules.sites`), and how it looks there.

    Raises NotFound, Forbidden, Invalid (accent: nobody could read what stands on it).
    """
    row = _managed(listing, actor)
    if problem := accent_problem(accent):
        raise Invalid({"accent": problem})
    row.allowed_sites, row.accent, row.corner = list(allowed_sites), accent.upper(), corner
    row.save(update_fields=["allowed_sites", "accent", "corner"])
    return row


@transaction.atomic
def close_listing(listing: Listing, *, actor: Actor) -> Listing:
    """Stop taking answers; the address then shows the closed page. Raises NotFound, Forbidden, Conflict."""
    row = _managed(listing, actor)
    if not row.is_active:
        raise Conflict(gettext("This listing is already closed."))
    row.is_active = False
    row.save(update_fields=["is_active"])
    return row


@transaction.atomic
def open_listing(listing: Listing, *, actor: Actor) -> Listing:
    """Take answers again. Raises NotFound, Forbidden, Conflict (already open)."""
    row = _managed(listing, actor)
    if row.is_active:
        raise Conflict(gettext("This listing is already open."))
    row.is_active = True
    row.save(update_fields=["is_active"])
    return row


def _managed(listing: Listing, actor: Actor) -> Listing:
    row = locked(Listing.objects.visible_to(actor), listing.pk)
    forbid_unless(may_manage_listing(actor, row.product.vendor_id, row.marketplace.host_id))
    return row


def _live(version: TemplateVersion, actor: Actor) -> TemplateVersion:
    """Return the version as it is now. Locks its template: publishing and archiving wait, or have happened.

    Take it before the lock of a listing: publishing goes from the template to its listings, too.
    """
    present = TemplateVersion.objects.visible_to(actor).filter(pk=version.pk).first()
    if present is None:
        raise NotFound
    locked(LeadTemplate.objects.visible_to(actor), present.template_id)
    present.refresh_from_db(fields=["state"])
    if present.state != VersionState.PUBLISHED:
        raise Invalid({"version": gettext("Choose a version that is published now")})
    return present


def _check_fit(version: TemplateVersion, item: Product, place: Marketplace) -> None:
    template = version.template
    is_for_product = template.product_id in {None, item.pk}
    if not is_for_product or template.owner_id not in {item.vendor_id, place.host_id}:
        raise Invalid({"version": gettext("Choose a form that is made for this product")})


def _operator_desks(host: Company) -> list[Desk]:
    """Return the desks of the host's marketplace managers, the plain one opened if there is none yet."""
    desk_for(host, [Role.MARKETPLACE_MANAGER])
    return [desk for desk in Desk.objects.filter(company=host) if desk.kinds & DeskKind.OPERATOR]
