"""Lock a row through its scope, and let the database decide about names that two people want."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext

from accounts.actors import Actor, Person
from leadportal.common.errors import Forbidden, Invalid, NotFound

Row = TypeVar("Row", bound=Model)
_SUFFIX = "abcdefghjkmnpqrstuvwxyz23456789"


def locked(rows: "QuerySet[Row]", pk: int) -> Row:
    """Return the row locked to the end of the transaction; NotFound outside `rows`.

    The lock leaves foreign keys free (no_key): leads of the product come in meanwhile.
    """
    row = rows.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def forbid_unless(is_allowed: bool) -> None:
    """Raise Forbidden with the sentence for a person who sees the row but may not change it."""
    if not is_allowed:
        raise Forbidden(gettext("Your role can read this page, but not change it."))


@contextmanager
def named_once(field: str, sentence: str) -> Iterator[None]:
    """Turn the database's refusal of a second one into `Invalid` beside `field` (security.md R11)."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Invalid({field: sentence}) from None


def free_slug(model: Any, text: str, *, fallback: str) -> str:
    """Return an address part made of `text` that no row of `model` has; readable, with a suffix on a clash."""
    most = model._meta.get_field("slug").max_length
    stem = slugify(text)[: most - 6].strip("-_") or fallback
    slug = stem
    while model.objects.filter(slug=slug).exists():
        slug = f"{stem}-{get_random_string(5, _SUFFIX)}"
    return slug


def user_id_of(actor: Actor) -> int | None:
    """Return whose name a row keeps; None for the system."""
    return actor.user_id if isinstance(actor, Person) else None
