"""What anonymous visitors may see: forms that are open, and polite answers for those that are closed.

No actor: whoever knows the address may read the page. Nothing here tells about leads or people.
"""

from dataclasses import dataclass

from accounts.models import Company
from templates_app.enums import VersionState
from templates_app.models import LeadTemplate, Listing, TemplateVersion
from templates_app.rules.fields import FieldSpec
from templates_app.selectors.lead_templates import specs_of


@dataclass(frozen=True, slots=True)
class PublicForm:
    """A listing with the questions of its live version; none when it is closed.

    A closed one keeps its page: `listing.contact` is the alternative contact to show (ux.md T7).
    """

    listing: Listing
    specs: tuple[FieldSpec, ...]

    @property
    def is_open(self) -> bool:
        """Whether the form takes answers."""
        return self.listing.is_open and bool(self.specs)


def public_form(slug: str) -> PublicForm | None:
    """Return the stand-alone form at /f/<slug>/, open or closed; None when there never was one."""
    return _form(slug=slug)


def product_profile(marketplace_slug: str, product_slug: str) -> PublicForm | None:
    """Return the product profile page at /m/<marketplace>/<product>/, open or closed; or None."""
    return _form(marketplace__slug=marketplace_slug, product__slug=product_slug)


def reseller_form(host: Company) -> TemplateVersion | None:
    """Return the version that is asked on the profile pages of the host's resellers, or None.

    Its questions: `lead_templates.specs_of`.
    """
    return (
        TemplateVersion.objects.filter(
            template__in=LeadTemplate.objects.filter(
                owner=host, is_reseller_form=True, is_archived=False
            ),
            state=VersionState.PUBLISHED,
        )
        .select_related("template")
        .first()
    )


def _form(**address: str) -> PublicForm | None:
    listing = (
        Listing.objects.filter(**address)
        .select_related("product__vendor", "marketplace__host", "version__template")
        .first()
    )
    if listing is None:
        return None
    return PublicForm(listing, tuple(specs_of(listing.version)) if listing.is_open else ())
