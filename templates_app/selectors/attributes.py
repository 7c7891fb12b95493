"""Custom attributes: which ones an actor may know, for pages and for leads."""

from accounts.actors import Actor, Person
from templates_app.models import CustomAttribute
from templates_app.rules.attributes import AttributeSpec, can_view
from templates_app.rules.permissions import MANAGERS


def attributes(actor: Actor) -> list[CustomAttribute]:
    """Return the definitions for the page: a manager's whole host, a referral user's own ones.

    Reseller managers read all of the host's, whoever sees the values (domain.md section 4).
    """
    rows = CustomAttribute.objects.visible_to(actor)
    if isinstance(actor, Person) and _has_only_own(actor):
        rows = rows.filter(owner=actor.user_id)
    return list(rows.select_related("owner").order_by("-is_active", "position", "label", "pk"))


def attribute(actor: Actor, pk: int) -> CustomAttribute | None:
    """Return one definition that the page shows to `actor`, or None."""
    return next((one for one in attributes(actor) if one.pk == pk), None)


def attribute_specs(actor: Actor, host_id: int) -> list[AttributeSpec]:
    """Return the active attributes of a lead of `host_id` whose values `actor` may see, in their order.

    Which of them it edits: `rules.attributes.editable`.
    """
    rows = CustomAttribute.objects.visible_to(actor).filter(host=host_id, is_active=True)
    return [row.spec for row in rows if can_view(row.spec, actor)]


def _has_only_own(actor: Person) -> bool:
    return not actor.has(*MANAGERS)
