"""Make something once in a process, and put its rows back for every other test."""

import copy
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

Rows = list[tuple[type[Model], list[Model]]]


class Photograph:
    """What a function stored and returned, ready to be put into an empty database again, ids included."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._made: Any = None
        self._rows: Rows = []

    def show(self, *given: Any) -> Any:
        """Return what was made of `given`, with its rows in the database. What a test changes stays its own.

        What is given must be in the database, with the same ids every time.
        """
        if self._made is None:
            before = {model: set(keys) for model, keys in _keys()}
            made = self._make(*given)
            self._rows = [
                (model, [row for row in model._base_manager.all() if row.pk not in before[model]])
                for model, keys in _keys()
                if set(keys) - before[model]
            ]
            self._made = copy.deepcopy(made)
            return made
        with transaction.atomic():  # foreign keys are looked at in the end
            for model, rows in self._rows:
                model._base_manager.bulk_create(copy.copy(row) for row in rows)
        return copy.deepcopy(self._made)


def _keys() -> list[tuple[type[Model], list[Any]]]:
    # The last models first: the questions of a form are there before it is published.
    models = reversed(apps.get_models(include_auto_created=True))
    return [(model, list(model._base_manager.values_list("pk", flat=True))) for model in models]
