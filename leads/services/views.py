"""Saved views of the lead list: made, overwritten, named, shared, pinned, deleted (ux.md L19 to L22)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Company
from accounts.services.profile import remember, remember_for_company
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leadportal.common.text import fold
from leads.models import SavedView
from leads.rules.views import PINNED_MOST, VIEWS_MOST, is_own, may_change


@dataclass(frozen=True)
class Content:
    """What a view stands for, as the words of an address; the door has checked them."""

    filters: Mapping[str, Sequence[str]]
    sort: str
    columns: Sequence[str]


@transaction.atomic
def add_view(
    *, name: str, content: Content, reserved: Sequence[str] = (), actor: Person
) -> SavedView:
    """Keep `content` under a name, for the actor alone. `reserved` are slugs that others have already.

    The same view sent twice is made once. Raises Invalid for a name that the actor has used, or for
    one view too many.
    """
    # Slugs are unique in the company: one after the other.
    Company.objects.select_for_update().get(pk=actor.company_id)
    own = SavedView.objects.filter(company=actor.company_id, owner=actor.user_id)
    fields = {
        "filters": dict(content.filters),
        "sort": content.sort,
        "columns": list(content.columns),
    }
    if known := _called(own, name):
        if all(getattr(known, field) == value for field, value in fields.items()):
            return known
        raise Invalid({"name": _("You have a view with this name. Enter another name")})
    if own.count() >= VIEWS_MOST:
        raise Invalid(
            {"name": _("You have %(count)s views. Delete one first") % {"count": VIEWS_MOST}}
        )
    slug = _free_slug(name, reserved, actor)
    return SavedView.objects.create(
        company_id=actor.company_id, owner_id=actor.user_id, name=name, slug=slug, **fields
    )


@transaction.atomic
def overwrite_view(view: SavedView, *, content: Content, actor: Person) -> SavedView:
    """Let a view stand for `content` from now on. Raises Forbidden for somebody else's (see `may_change`)."""
    fresh = _lock(view, actor=actor)
    fresh.filters, fresh.sort = dict(content.filters), content.sort
    fresh.columns = list(content.columns)
    fresh.save(update_fields=["filters", "sort", "columns"])
    return fresh


@transaction.atomic
def rename_view(view: SavedView, *, name: str, actor: Person) -> SavedView:
    """Give a view another name; its address stays. Raises Invalid for a name that its owner has used."""
    fresh = _lock(view, actor=actor)
    siblings = SavedView.objects.filter(company=fresh.company_id, owner=fresh.owner_id)
    if _called(siblings.exclude(pk=fresh.pk), name):
        raise Invalid({"name": _("There is a view with this name. Enter another name")})
    fresh.name = name
    fresh.save(update_fields=["name"])
    return fresh


@transaction.atomic
def share_view(view: SavedView, *, is_shared: bool, actor: Person) -> SavedView:
    """Share a view with the company, which its owner alone does, or end that."""
    fresh = _lock(view, actor=actor)
    if is_shared and not is_own(fresh, actor):
        raise Forbidden(_("Only its owner can share a view."))
    fresh.is_shared = is_shared
    fresh.save(update_fields=["is_shared"])
    return fresh


@transaction.atomic
def delete_view(view: SavedView, *, actor: Person) -> None:
    """Delete a view, for everybody who uses it; no lead is touched."""
    _lock(view, actor=actor).delete()


@transaction.atomic
def pin_views(words: Sequence[str], *, actor: Person) -> None:
    """Show exactly these views as the actor's tabs, in this order. Raises Conflict for more than five."""
    if len(words) > PINNED_MOST:
        raise Conflict(
            _("%(count)s views are pinned already. Unpin one first.") % {"count": PINNED_MOST}
        )
    remember(pinned=list(words), actor=actor)


@transaction.atomic
def pin_by_default(words: Sequence[str], *, actor: Person) -> None:
    """Show exactly these views as tabs to everybody in the actor's company who has pinned none.

    Without any, they see the portal's own. Raises Forbidden for whoever does not manage the company's
    people, Invalid for more than five.
    """
    if len(words) > PINNED_MOST:
        raise Invalid({"views": _("Choose up to %(count)s views") % {"count": PINNED_MOST}})
    remember_for_company(pinned=list(words), actor=actor)


def _lock(view: SavedView, *, actor: Person) -> SavedView:
    """Lock the view; NotFound when the actor does not see it any more, Forbidden when it may not change it."""
    seen = SavedView.objects.visible_to(actor).filter(pk=view.pk)
    fresh = seen.select_for_update(of=("self",)).first()
    if fresh is None:
        raise NotFound
    if not may_change(fresh, actor):
        raise Forbidden(_("Only its owner or a manager can change a shared view."))
    return fresh


def _called(views: Iterable[SavedView], name: str) -> SavedView | None:
    return next((view for view in views if fold(view.name) == fold(name)), None)


def _free_slug(name: str, reserved: Sequence[str], actor: Person) -> str:
    taken = {*reserved}
    taken.update(SavedView.objects.filter(company=actor.company_id).values_list("slug", flat=True))
    stem = slugify(fold(name))[:60].strip("-_") or "view"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
