"""Lead templates, their versions and fields. All start at `visible_to`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.actors import Actor
from leadportal.common import clock
from templates_app.enums import VersionState
from templates_app.models import DraftChange, LeadTemplate, Listing, TemplateField, TemplateVersion
from templates_app.rules.fields import FieldSpec
from templates_app.rules.publishing import Question, Use
from templates_app.signals import answers_used, leads_counted, leads_looked_for

COUNTED = timedelta(days=30)
QUIET_MOST = 500


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A line of the list (ux.md T1): the template, the version that counts, and where it is live."""

    template: LeadTemplate
    version: TemplateVersion | None
    draft: TemplateVersion | None
    marketplaces: tuple[str, ...]

    @property
    def state(self) -> VersionState:
        """Archived as a whole, published while a version is live, else a draft."""
        if self.template.is_archived:
            return VersionState.ARCHIVED
        if self.version and self.version.state == VersionState.PUBLISHED:
            return VersionState.PUBLISHED
        return VersionState.DRAFT


def template_rows(
    actor: Actor, query: str = "", *, only_quiet: bool = False
) -> "QuerySet[LeadTemplate]":
    """Return the templates that `actor` sees, ready for `row_of`; those in use first, then by name."""
    templates = LeadTemplate.objects.visible_to(actor)
    if only_quiet:
        templates = templates.filter(pk__in=quiet_templates(actor))
    if query:
        templates = templates.filter(Q(name__icontains=query) | Q(product__name__icontains=query))
    return _with_versions(templates, actor).order_by("is_archived", "name", "pk")


def row_of(template: LeadTemplate) -> TemplateRow:
    """Return the line of a template that `template_rows` or `template` read; no query."""
    versions = list(template.versions.all())
    draft = next((one for one in versions if one.state == VersionState.DRAFT), None)
    live = next((one for one in versions if one.state == VersionState.PUBLISHED), None)
    places = {listing.marketplace.name for one in versions for listing in one.listings.all()}
    return TemplateRow(
        template=template,
        version=live or next(iter(versions), None),
        draft=draft,
        marketplaces=tuple(sorted(places)),
    )


def lead_counts(actor: Actor, templates: Sequence[LeadTemplate]) -> dict[int, int]:
    """Return how many leads that `actor` sees came by each template in the last 30 days."""
    asked = {
        "templates": [one.pk for one in templates],
        "since": clock.now() - COUNTED,
        "actor": actor,
    }
    found: list[Any] = leads_counted.send(sender=LeadTemplate, **asked)
    return {pk: count for _receiver, counts in found for pk, count in counts.items()}


def quiet_templates(actor: Actor) -> dict[int, datetime]:
    """Return the templates with an open form by which no lead that `actor` sees came in the last 30 days.

    The value is when the form was published: longer ago than that. At most QUIET_MOST are looked at.
    """
    since = clock.now() - COUNTED
    listed = Listing.objects.visible_to(actor).filter(
        is_active=True, version__template=OuterRef("pk")
    )
    live = (
        LeadTemplate.objects.visible_to(actor)
        .filter(
            Q(is_reseller_form=True) | Exists(listed),
            is_archived=False,
            versions__state=VersionState.PUBLISHED,
            versions__published_at__lt=since,
        )
        .order_by("name", "pk")
    )
    published: dict[int, Any] = dict(live.values_list("pk", "versions__published_at")[:QUIET_MOST])
    asked = {"templates": list(published), "since": since, "actor": actor}
    found: list[Any] = leads_looked_for.send(sender=LeadTemplate, **asked)
    busy = {pk for _receiver, keys in found for pk in keys}
    return {pk: at for pk, at in published.items() if pk not in busy}


def uses_of(actor: Actor, parent: LeadTemplate, questions: Mapping[str, Question]) -> list[Use]:
    """Return what reads the answers to `questions` of a template, as far as `actor` sees it (ux.md T6)."""
    if not questions:
        return []
    asked = {"template": parent, "questions": questions, "actor": actor}
    found: list[Any] = answers_used.send(sender=LeadTemplate, **asked)
    return [use for _receiver, uses in found for use in uses]


def template(actor: Actor, pk: int) -> LeadTemplate | None:
    """Return one template that `actor` sees, with versions, field counts and listings; or None."""
    return _with_versions(LeadTemplate.objects.visible_to(actor), actor).filter(pk=pk).first()


def version_of(actor: Actor, parent: LeadTemplate, number: int) -> TemplateVersion | None:
    """Return one version of a template, or None when `actor` does not see it."""
    return _versions(actor).filter(template=parent, number=number).first()


def draft_of(actor: Actor, parent: LeadTemplate) -> TemplateVersion | None:
    """Return the draft of a template, or None."""
    return _versions(actor).filter(template=parent, state=VersionState.DRAFT).first()


def published_of(actor: Actor, parent: LeadTemplate) -> TemplateVersion | None:
    """Return the live version of a template, or None."""
    return _versions(actor).filter(template=parent, state=VersionState.PUBLISHED).first()


def fields_of(version: TemplateVersion) -> Sequence[TemplateField]:
    """Return the fields of a version in their order."""
    return list(version.fields.order_by("position", "pk"))


def last_change(draft: TemplateVersion) -> DraftChange | None:
    """Return what was changed last in a draft, to be undone; None in a draft that nobody has touched."""
    return DraftChange.objects.filter(version=draft).first()


def specs_of(version: TemplateVersion | None) -> list[FieldSpec]:
    """Return the questions of a version as the rules read them; none without a version."""
    return [field.spec for field in fields_of(version)] if version else []


def listings_using(actor: Actor, parent: LeadTemplate) -> "QuerySet[Listing]":
    """Return the listings that `actor` sees and that show a version of this template (ux.md T6)."""
    return (
        Listing.objects.visible_to(actor)
        .filter(version__template=parent)
        .select_related("product", "marketplace", "version")
    )


def published_keys(parent: LeadTemplate) -> dict[str, str]:
    """Return the keys that published or archived versions use, each with its newest type."""
    rows = (
        TemplateField.objects.filter(version__template=parent)
        .exclude(version__state=VersionState.DRAFT)
        .order_by("version__number")
    )
    return dict(rows.values_list("key", "kind"))


def _with_versions(templates: "QuerySet[LeadTemplate]", actor: Actor) -> "QuerySet[LeadTemplate]":
    listings = (
        Listing.objects.visible_to(actor).filter(is_active=True).select_related("marketplace")
    )
    versions = (
        _versions(actor)
        .annotate(field_count=Count("fields"))
        .prefetch_related(Prefetch("listings", listings))
        .order_by("-number")
    )
    return templates.select_related("owner", "product", "updated_by").prefetch_related(
        Prefetch("versions", versions)
    )


def _versions(actor: Actor) -> "QuerySet[TemplateVersion]":
    return TemplateVersion.objects.visible_to(actor).select_related("template", "published_by")
