"""Make and change marketplaces and products."""

from contextlib import AbstractContextManager

from django.db import transaction
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.models import Company
from leadportal.common.errors import Forbidden
from templates_app.enums import ProductKind
from templates_app.models import Marketplace, Product
from templates_app.rules.permissions import may_edit_marketplace, may_edit_product
from templates_app.services.rows import forbid_unless, free_slug, locked, named_once


@transaction.atomic
def create_marketplace(
    host: Company,
    *,
    name: str,
    leads_go_to_vendor: bool = False,
    accept_hours: int | None = None,
    progress_hours: int | None = None,
    retention_days: int | None = None,
    actor: Actor,
) -> Marketplace:
    """Store a marketplace of `host`. Raises Forbidden, Invalid (name taken within the host)."""
    forbid_unless(may_edit_marketplace(actor, host.pk))
    if not host.is_marketplace:
        raise Forbidden(gettext("%(company)s has no marketplace access.") % {"company": host})
    with _one_marketplace(name):
        return Marketplace.objects.create(
            host=host,
            name=name,
            slug=free_slug(Marketplace, name, fallback="marketplace"),
            leads_go_to_vendor=leads_go_to_vendor,
            accept_hours=accept_hours,
            progress_hours=progress_hours,
            retention_days=retention_days,
        )


@transaction.atomic
def edit_marketplace(
    marketplace: Marketplace,
    *,
    name: str,
    leads_go_to_vendor: bool,
    accept_hours: int | None,
    progress_hours: int | None,
    retention_days: int | None,
    is_active: bool,
    actor: Actor,
) -> Marketplace:
    """Change a marketplace; its address stays. Raises NotFound, Forbidden, Invalid (name taken).

    The two clocks of an offer count working hours of its recipient; None is no deadline, and clocks that run
    keep theirs. `retention_days` after a lead has ended its personal data are removed; None keeps them.
    """
    row = locked(Marketplace.objects.visible_to(actor), marketplace.pk)
    forbid_unless(may_edit_marketplace(actor, row.host_id))
    values = {
        "name": name,
        "leads_go_to_vendor": leads_go_to_vendor,
        "accept_hours": accept_hours,
        "progress_hours": progress_hours,
        "retention_days": retention_days,
        "is_active": is_active,
    }
    for column, value in values.items():
        setattr(row, column, value)
    with _one_marketplace(name):
        row.save(update_fields=values.keys())
    return row


@transaction.atomic
def create_product(
    vendor: Company,
    *,
    name: str,
    kind: ProductKind,
    summary: str = "",
    description: str = "",
    actor: Actor,
) -> Product:
    """Store a product of `vendor`. Raises Forbidden, Invalid (name taken within the vendor)."""
    forbid_unless(may_edit_product(actor, vendor.pk))
    if not vendor.is_developer:
        raise Forbidden(gettext("%(company)s has no developer access.") % {"company": vendor})
    with _one_product(name):
        return Product.objects.create(
            vendor=vendor,
            name=name,
            slug=free_slug(Product, name, fallback="product"),
            kind=kind,
            summary=summary,
            description=description,
        )


@transaction.atomic
def edit_product(
    product: Product,
    *,
    name: str,
    kind: ProductKind,
    summary: str,
    description: str,
    is_active: bool,
    actor: Actor,
) -> Product:
    """Change a product; its address stays. Raises NotFound, Forbidden, Invalid (name taken)."""
    row = locked(Product.objects.visible_to(actor), product.pk)
    forbid_unless(may_edit_product(actor, row.vendor_id))
    row.name, row.kind, row.is_active = name, kind, is_active
    row.summary, row.description = summary, description
    with _one_product(name):
        row.save(update_fields=["name", "kind", "summary", "description", "is_active"])
    return row


def _one_marketplace(name: str) -> AbstractContextManager[None]:
    return named_once(
        "name", gettext("There is already a marketplace called %(name)s") % {"name": name}
    )


def _one_product(name: str) -> AbstractContextManager[None]:
    return named_once(
        "name", gettext("There is already a product called %(name)s") % {"name": name}
    )
