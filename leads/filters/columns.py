"""Filters on columns of the access row, one class for each way of asking."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, Q

from leadportal.common import clock
from leadportal.common.forms import OneOf, SeveralOf, WholeNumber
from leads.enums import OPEN, AccessLevel, Status
from leads.filters.fields import NamedThing, Slugs
from leads.selectors.columns import row_notes
from leads.selectors.imports import made_by_imports
from leads.selectors.options import Option
from leads.selectors.search import Rows
from templates_app.enums import ProductKind

WAITING = timedelta(hours=48)
NEAR = "near"  # below the threshold, but not far; only what is open still has a way to go
STAGES = {
    NEAR: Q(is_near=True, level=AccessLevel.CURRENT, status__in=OPEN),
    "mql": Q(is_mql=True),
    "sql": Q(is_sql=True),
}
KINDS = {"application": ProductKind.APPLICATION, "service": ProductKind.SERVICE}


class ColumnFilter(django_filters.Filter):
    """A filter on columns of the access row. Which ones decides how the list is found."""

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it narrows."""
        return frozenset({self.field_name})


class SlugsFilter(ColumnFilter):
    """One of several members of an enumeration."""

    field_class = Slugs


class NamedFilter(ColumnFilter):
    """Something by its word or name."""

    field_class = NamedThing

    def filter(self, rows: Rows, value: list[Option]) -> Rows:
        """See django-filter."""
        keys = [option.pk for option in value if option.pk is not None]
        return rows.filter(
            Q(**{f"{self.field_name}__in": keys})
            if keys
            else Q(**{f"{self.field_name}__isnull": True})
        )


class RecipientFilter(NamedFilter):
    """Who is responsible: a host, its sales desk, a company."""

    def filter(self, rows: Rows, value: list[Option]) -> Rows:
        """See django-filter."""
        condition = Q()
        for option in value:
            condition |= Q(holder_id=option.pk, holder_desk=option.holder_desk)
        return rows.filter(condition)


class InChargeFilter(NamedFilter):
    """The person in charge; nobody is in charge of what the desk has lost."""

    def filter(self, rows: Rows, value: list[Option]) -> Rows:
        """See django-filter."""
        return super().filter(rows, value).filter(level=AccessLevel.CURRENT)


class ReasonFilter(NamedFilter):
    """Disqualified for a reason; of what the desk has lost it learns the status alone."""

    columns = frozenset({"status", "closed_reason"})

    def filter(self, rows: Rows, value: list[Option]) -> Rows:
        """See django-filter."""
        current = rows.filter(level=AccessLevel.CURRENT, status=Status.DISQUALIFIED)
        return super().filter(current, value)


class ImportFilter(NamedFilter):
    """Leads that an import of one's own has made."""

    def filter(self, rows: Rows, value: list[Option]) -> Rows:
        """See django-filter."""
        return rows.filter(lead__in=made_by_imports([option.pk for option in value]))


class KindFilter(ColumnFilter):
    """Leads for applications, or for services (Oracle)."""

    field_class = OneOf

    def filter(self, rows: Rows, value: str) -> Rows:
        """See django-filter."""
        return rows.filter(kind=KINDS[value])


class StageFilter(ColumnFilter):
    """Close to the threshold, marketing qualified, sales qualified, or any of these."""

    field_class = SeveralOf
    columns = frozenset({"is_near", "status", "is_mql", "is_sql"})

    def filter(self, rows: Rows, value: list[str]) -> Rows:
        """See django-filter."""
        condition = Q()
        for stage in value:
            condition |= STAGES[stage]
        return rows.filter(condition)


class WaitingFilter(ColumnFilter):
    """What waits: for more than 48 hours (domain.md section 2), to be opened, for a first note of mine (ux.md 1.3).

    Each looks at few leads of a desk: those that nobody has accepted yet, and those in the reader's charge.
    """

    field_class = SeveralOf
    columns = frozenset({"status", "status_changed_at", "in_charge_id"})
    parent: Any

    def filter(self, rows: Rows, value: list[str]) -> Rows:
        """See django-filter."""
        condition = Q()
        for way in value:
            condition |= self._of(way)
        return rows.filter(condition, level=AccessLevel.CURRENT)

    def _of(self, way: str) -> Q:
        actor = self.parent.actor
        if way == "unnoted":
            mine = Q(in_charge_id=actor.user_id, status__in=OPEN)
            return mine & ~Q(Exists(row_notes(actor)))
        unanswered = Q(status__in=[Status.SUBMITTED, Status.ASSIGNED])
        if way == "unopened":
            return unanswered & Q(is_unread=True)
        return unanswered & Q(status_changed_at__lt=clock.now() - WAITING)


class ScoreFilter(ColumnFilter):
    """One end of a range of scores."""

    field_class = WholeNumber


class PartFilter(django_filters.Filter):
    """A field that means something only together with others; the filter set knows."""

    columns: frozenset[str] = frozenset()

    def __init__(self, field_class: type[forms.Field], **options: Any) -> None:
        super().__init__(**options)
        self.field_class = field_class

    def filter(self, rows: Rows, value: Any) -> Rows:
        """See django-filter."""
        return rows
