"""Words about a person that people left behind elsewhere: searches that were saved, exported or acted on."""

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import quote, quote_plus

from django.db.models import Model, Q

from leads.models import BulkRun, ExportFile, ExportRecord, Lead, SavedView

# Where somebody may have written whom they looked for.
_TEXTS: dict[type[Model], tuple[str, ...]] = {
    ExportRecord: ("query",),
    ExportFile: ("query", "words"),
    BulkRun: ("query",),
}
INSTEAD = "removed"
SHORTEST = 5


def traces_of(lead: Lead) -> frozenset[str]:
    """Return by what words somebody would look for this person and nobody else: address, number, full name."""
    name = lead.user_name if lead.first_name and lead.last_name else ""
    return frozenset(word for word in (lead.email, lead.phone, name) if len(word) >= SHORTEST)


def forget_words(words: Collection[str]) -> None:
    """Replace `words` in everything that people have looked for: such a search finds nothing any more."""
    variants = {form for word in words for form in (word, quote(word), quote_plus(word))}
    if not variants:
        return
    # The longest first: one may be part of another.
    pattern = re.compile(
        "|".join(map(re.escape, sorted(variants, key=len, reverse=True))), re.IGNORECASE
    )
    for model, names in _TEXTS.items():
        said = Q()
        for name in names:
            for word in variants:
                said |= Q(**{f"{name}__icontains": word})
        _replace(model._default_manager.filter(said), names, pattern)
    _replace(SavedView.objects.all(), ("name", "filters"), pattern)


def _replace(rows: Any, names: Collection[str], pattern: re.Pattern[str]) -> None:
    for row in rows.only("pk", *names).iterator():
        found = {name: getattr(row, name) for name in names}
        cleaned = {name: _cleaned(value, pattern) for name, value in found.items()}
        if "name" in names and cleaned["name"] != found["name"]:
            cleaned["slug"] = f"{INSTEAD}-{row.pk}"  # made of the name
        if cleaned != found:
            type(row)._default_manager.filter(pk=row.pk).update(**cleaned)


def _cleaned(value: Any, pattern: re.Pattern[str]) -> Any:
    """Return a text, or texts in lists and by names, without the words."""
    match value:
        case str():
            return pattern.sub(INSTEAD, value)
        case list():
            return [_cleaned(one, pattern) for one in value]
        case dict():
            return {name: _cleaned(one, pattern) for name, one in value.items()}
    return value
