"""Define custom attributes of a host, and a referral user's own ones. A key never changes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from accounts.actors import Actor, Person
from accounts.enums import Role
from accounts.models import Company
from leadportal.common.errors import Conflict, Invalid, NotFound
from templates_app.enums import AttributeKind, TextFormat
from templates_app.models import CustomAttribute
from templates_app.rules.attributes import (
    ATTRIBUTES_MOST,
    LONGEST_TEXT,
    OWN_MOST,
    ROLES,
    WITH_OPTIONS,
)
from templates_app.rules.permissions import may_edit_attribute
from templates_app.rules.questions import KEY_LENGTH, make_key, options_problem
from templates_app.services.rows import forbid_unless, locked, named_once

COLUMNS = [
    "label",
    "hint",
    "text_format",
    "max_length",
    "options",
    "view_roles",
    "edit_roles",
    "required_roles",
    "position",
]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a form says about an attribute, beside its key and type, which never change."""

    label: str
    hint: str = ""
    text_format: TextFormat = TextFormat.ANY
    max_length: int | None = None
    options: Sequence[str] = ()
    view_roles: Sequence[str] = ()
    edit_roles: Sequence[str] = ()
    required_roles: Sequence[str] = ()
    position: int = 0


@transaction.atomic
def create_attribute(
    host: Company,
    *,
    kind: AttributeKind,
    definition: Definition,
    key: str = "",
    owner_id: int | None = None,
    actor: Actor,
) -> CustomAttribute:
    """Store an attribute of `host`, or of the referral user `owner_id`; without `key` it comes from the label.

    Own ones get a key of their own range, so that a clash tells nothing about other people's.
    Raises Forbidden, Invalid (setting → sentence), Conflict (too many).
    """
    forbid_unless(may_edit_attribute(actor, host.pk, owner_id))
    if owner_id is not None and isinstance(actor, Person) and actor.host_id != host.pk:
        raise NotFound
    # The host's row is the lock: two forms at once cannot pass the limit together.
    locked(Company.objects.all(), host.pk)
    mine = CustomAttribute.objects.filter(host=host, owner=owner_id)
    if mine.count() >= (ATTRIBUTES_MOST if owner_id is None else OWN_MOST):
        raise Conflict(gettext("There are already as many attributes as one can have."))
    _check(kind, definition)
    attribute = CustomAttribute(host=host, owner_id=owner_id, kind=kind)
    attribute.key = _key(definition.label, key, owner_id, list(mine.values_list("key", flat=True)))
    _describe(attribute, definition)
    with _one_key(attribute.key):
        attribute.save()
    return attribute


@transaction.atomic
def edit_attribute(
    attribute: CustomAttribute, *, definition: Definition, actor: Actor
) -> CustomAttribute:
    """Change everything but key and type. Raises NotFound, Forbidden, Invalid."""
    row = _editable(attribute, actor)
    _check(AttributeKind(row.kind), definition)
    _describe(row, definition)
    row.save(update_fields=COLUMNS)
    return row


@transaction.atomic
def deactivate_attribute(attribute: CustomAttribute, *, actor: Actor) -> CustomAttribute:
    """Take an attribute off forms, filters and files; its values stay. Raises NotFound, Forbidden, Conflict."""
    row = _editable(attribute, actor)
    if not row.is_active:
        raise Conflict(gettext("This attribute is already switched off."))
    row.is_active = False
    row.save(update_fields=["is_active"])
    return row


@transaction.atomic
def activate_attribute(attribute: CustomAttribute, *, actor: Actor) -> CustomAttribute:
    """Show an attribute again, with the values it had. Raises NotFound, Forbidden, Conflict."""
    row = _editable(attribute, actor)
    if row.is_active:
        raise Conflict(gettext("This attribute is already in use."))
    row.is_active = True
    row.save(update_fields=["is_active"])
    return row


def _editable(attribute: CustomAttribute, actor: Actor) -> CustomAttribute:
    row = locked(CustomAttribute.objects.visible_to(actor), attribute.pk)
    forbid_unless(may_edit_attribute(actor, row.host_id, row.owner_id))
    return row


def _describe(attribute: CustomAttribute, definition: Definition) -> None:
    attribute.label, attribute.hint = definition.label, definition.hint
    is_text = attribute.kind == AttributeKind.TEXT
    attribute.text_format = definition.text_format if is_text else TextFormat.ANY
    attribute.max_length = definition.max_length if is_text else None
    attribute.options = list(definition.options) if attribute.kind in WITH_OPTIONS else []
    is_own = attribute.owner_id is not None
    for column in ("view_roles", "edit_roles", "required_roles"):
        setattr(attribute, column, [] if is_own else sorted(getattr(definition, column)))
    attribute.position = definition.position


def _check(kind: AttributeKind, definition: Definition) -> None:
    found = {}
    if not definition.label:
        found["label"] = gettext("Enter a label")
    if kind in WITH_OPTIONS and (sentence := options_problem(definition.options)):
        found["options"] = sentence
    if definition.max_length is not None and not 1 <= definition.max_length <= LONGEST_TEXT:
        found["max_length"] = gettext("Longest text must be between 1 and 2,000")
    known = {*ROLES, Role.MARKETPLACE_MANAGER}
    for column in ("view_roles", "edit_roles", "required_roles"):
        if not known.issuperset(getattr(definition, column)):
            found[column] = gettext("Choose roles from the list")
    if found:
        raise Invalid(found)


def _key(label: str, key: str, owner_id: int | None, taken: list[str]) -> str:
    if owner_id is not None:
        # Digits and a dash never come out of `make_key`: the ranges of people and of the host are apart.
        prefix = f"own{owner_id}-"
        rest = KEY_LENGTH - len(prefix)
        return prefix + make_key(label, [one.removeprefix(prefix) for one in taken], most=rest)
    if not key:
        return make_key(label, taken)
    if make_key(key, []) != key:
        raise Invalid(
            {"key": gettext("Key must start with a letter and have only a to z, 0 to 9 and _")}
        )
    return key


def _one_key(key: str) -> AbstractContextManager[None]:
    return named_once(
        "key",
        gettext("Another attribute already has the key %(key)s. Choose another one.")
        % {"key": key},
    )
