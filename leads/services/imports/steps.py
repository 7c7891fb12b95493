"""The steps of an import that people take behind the file: columns, check, import, and undoing it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.services.jobs import enqueue_job, retry_job
from leadportal.common import clock
from leadportal.common.csv import UnreadableError
from leadportal.common.errors import Conflict, Invalid
from leads.enums import Duplicates, FileKind, ImportState
from leads.models import Import, ImportMapping
from leads.rules.imports import KEPT_FOR, UNDO_WITHIN, key_of
from leads.selectors.import_files import header_and_rows
from leads.selectors.import_targets import known_to, needed_of, targets_for
from leads.services.imports import CHECK, RUN, UNDO
from leads.services.imports.files import check_right
from templates_app.models import Marketplace, Product

PREPARING = frozenset({ImportState.DRAFT, ImportState.CHECKED})


@transaction.atomic
def read_as(
    source: Import, *, encoding: str = "", separator: str = "", sheet: str = "", actor: Person
) -> Import:
    """Read the file another way than it was found to be written; other columns are chosen anew.

    Raises Invalid on field `encoding` when it cannot be read like that, Conflict once it is imported.
    """
    fresh = _locked(source, PREPARING, actor)
    before = fresh.header
    fresh.encoding, fresh.separator, fresh.sheet = encoding, separator, sheet
    try:
        fresh.header, _rows = header_and_rows(fresh, 100)
    except UnreadableError as error:
        raise Invalid(
            {"sheet" if fresh.kind == FileKind.XLSX else "encoding": error.sentence}
        ) from None
    fresh.state = ImportState.DRAFT
    if fresh.header != before:
        fresh.mapping = []
    fresh.save()
    return fresh


@transaction.atomic
def map_columns(
    source: Import,
    mapping: Sequence[str],
    *,
    marketplace: Marketplace | None = None,
    product: Product | None = None,
    save_as: str = "",
    actor: Person,
) -> Import:
    """Say what each column becomes, and have the whole file checked.

    Raises Invalid on field `columns` with what is missing or chosen twice, on `product` for one that is not
    listed in the marketplace.
    """
    fresh = _locked(source, PREPARING, actor)
    known = known_to(actor)
    targets = targets_for(known, fresh.header)
    fresh.mapping = [target if target in targets else "" for target in mapping]
    fresh.marketplace, fresh.product = marketplace, product
    _check_mapping(fresh, targets, needed_of(known, actor))
    if marketplace and product and (marketplace.pk, product.pk) not in known.places:
        raise Invalid({"product": _("Choose a product that is listed in the marketplace")})
    if save_as:
        kept = {
            key_of(name): target for name, target in zip(fresh.header, fresh.mapping, strict=True)
        }
        ImportMapping.objects.update_or_create(
            company_id=actor.company_id,
            name=save_as,
            defaults={"targets": kept, "saved_by_id": actor.user_id, "saved_at": clock.now()},
        )
    return _hand_over(fresh, ImportState.CHECKING, CHECK)


def _check_mapping(source: Import, targets: Mapping[str, Any], needed: Sequence[Any]) -> None:
    """Refuse a target that two columns have, and one that every lead needs and none has."""
    for target in filter(None, source.mapping):
        places = source.columns_of(target)
        if len(places) > 1:
            raise Invalid({"columns": _chosen_twice(source, places, targets[target])})
    given = set(filter(None, source.mapping))
    given |= {"marketplace"} if source.marketplace else set()
    given |= {"product"} if source.product else set()
    for one in needed:
        if not one.targets & given:
            sentence = _("No column is chosen for this, and every lead needs it: %(name)s")
            raise Invalid({"columns": sentence % {"name": one.label}})


def _chosen_twice(source: Import, places: Sequence[int], label: object) -> str:
    first, second = (source.header[place] for place in places[:2])
    if key_of(first) == key_of(second):
        return _("Two columns are both named %(name)s. Choose which one to import.") % {
            "name": first
        }
    return _(
        "%(first)s and %(second)s are both to become %(label)s. Choose which one to import."
    ) % {
        "first": first,
        "second": second,
        "label": label,
    }


@transaction.atomic
def start_import(source: Import, *, duplicates: Duplicates, actor: Person) -> Import:
    """Have the checked file imported. The same again changes nothing; Conflict before it is checked."""
    fresh = _locked(source, frozenset(ImportState), actor)
    if fresh.state == ImportState.IMPORTING:
        return fresh
    if fresh.state != ImportState.CHECKED:
        raise Conflict(_("This file is not checked, or was imported already."))
    if not fresh.is_there(clock.now()):
        raise Conflict(
            _("The file is no longer there. Files are kept for 7 days. Choose it again.")
        )
    if fresh.counts.get("unreadable"):
        raise Conflict(_("The file cannot be read to its end. Correct it and choose it again."))
    fresh.duplicates = duplicates
    return _hand_over(fresh, ImportState.IMPORTING, RUN)


@transaction.atomic
def cancel_import(source: Import, *, actor: Person) -> Import:
    """Stop an import: what it has made stays and can be undone; the rows behind it are not read.

    Raises Conflict when it is not going on: it may have ended at this moment.
    """
    running = Import.objects.visible_to(actor).filter(pk=source.pk, state=ImportState.IMPORTING)
    now = clock.now()
    if not running.update(state=ImportState.CANCELLED, finished_at=now, expires_at=now + KEPT_FOR):
        raise Conflict(_("This import is not going on any more."))
    source.refresh_from_db()
    return source


@transaction.atomic
def request_undo(source: Import, *, actor: Person) -> Import:
    """Have an import taken back within UNDO_WITHIN. The same again changes nothing. Raises Conflict."""
    fresh = _locked(source, frozenset(ImportState), actor)
    if fresh.state in {ImportState.UNDOING, ImportState.UNDONE}:
        return fresh
    if not is_undoable(fresh):
        raise Conflict(
            _("This can no longer be undone: 24 hours have passed, or nothing was imported.")
        )
    fresh.position = 0
    return _hand_over(fresh, ImportState.UNDOING, UNDO)


def is_undoable(source: Import) -> bool:
    """Say whether an import can be taken back now."""
    return bool(
        source.state in {ImportState.DONE, ImportState.CANCELLED}
        and source.finished_at
        and clock.now() - source.finished_at <= UNDO_WITHIN
        and (source.made or source.updated)
    )


@transaction.atomic
def retry_import(source: Import, *, actor: Person) -> None:
    """Have the worker try again what it gave up. Raises Conflict when it did not."""
    fresh = _locked(source, frozenset(ImportState), actor)
    if fresh.job is None or not retry_job(fresh.job):
        raise Conflict


def _hand_over(source: Import, state: ImportState, kind: str) -> Import:
    """Give the import to the worker."""
    source.state = state
    source.job = enqueue_job(kind, source=source.pk)
    source.save()
    return source


def _locked(source: Import, states: frozenset[ImportState], actor: Person) -> Import:
    """Lock the row of an import that is the actor's and in one of `states`. Raises Forbidden or Conflict."""
    check_right(actor)
    rows = Import.objects.visible_to(actor).select_for_update(of=("self",))
    fresh = rows.get(pk=source.pk)
    if fresh.state not in states:
        raise Conflict(_("This file is being worked on, or was imported already."))
    return fresh
