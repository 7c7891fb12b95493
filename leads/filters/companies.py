"""What an address of the list of companies asks for, and the addresses that its links lead to."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.models import Company
from accounts.querysets import CompanyQuerySet
from leadportal.common.forms import PortalForm, SeveralOf
from leadportal.common.pagination import BadCursorError, Cursor, Found
from leadportal.common.tables import Column, Sorting
from leadportal.common.text import clean_line
from leads.filters.asked import NO_SUCH_PLACE, SIZES, place_of
from leads.filters.parameters import Parameters, carried, given
from leads.filters.tags import Tag, choice_tags
from leads.selectors.company_list import KINDS, OF_ROWS, RIGHTS, CompanyList, companies
from leads.tables import COMPANIES_BY_NAME, COMPANY_COLUMNS, COMPANY_SORTS

LONGEST = 100


class CompanyFilterForm(PortalForm):
    """The panel: nothing in it is required."""

    is_filter = True


class SeveralFilter(django_filters.Filter):
    """Any number of a few choices."""

    field_class = SeveralOf


class CompanyFilterSet(django_filters.FilterSet):
    """Kinds, of which a company has at least one, and access rights, of which it has all."""

    kind = SeveralFilter(
        label=_("Kind"),
        choices=[(word, label) for word, (label, _condition) in KINDS.items()],
        enter=_("Choose from the list"),
        method="of_kinds",
    )
    access = SeveralFilter(
        label=_("Access rights"),
        choices=[(word, label) for word, (label, _column) in RIGHTS.items()],
        enter=_("Choose from the list"),
        method="with_rights",
    )

    class Meta:
        model = Company
        fields: list[str] = []
        form = CompanyFilterForm

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """What can be used of what was asked for."""
        self.form.full_clean()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @cached_property
    def qs(self) -> CompanyQuerySet:
        """The companies that the usable filters leave."""
        rows: CompanyQuerySet = self.queryset
        for name, value in self.values.items():
            rows = self.filters[name].filter(rows, value)
        return rows

    def of_kinds(self, rows: Any, name: str, words: list[str]) -> Any:
        """Keep companies of any of the kinds."""
        condition = Q()
        for word in words:
            condition |= KINDS[word][1]
        return rows.filter(condition)

    def with_rights(self, rows: Any, name: str, words: list[str]) -> Any:
        """Keep companies that have every one of the rights."""
        return rows.filter(**{RIGHTS[word][1]: True for word in words})


FILTERS = tuple(CompanyFilterSet.base_filters)


class AskedCompanies:
    """What an address asks for, for one actor. What cannot be used stands in `notices` or in the form."""

    word = "companies"
    columns: tuple[Column, ...] = COMPANY_COLUMNS
    narrowings = FILTERS

    def __init__(self, query: QueryDict, actor: Person, *, is_exact: bool = False) -> None:
        self.query, self.actor, self.is_exact = query, actor, is_exact
        self.notices: list[str] = []
        self.words = clean_line(query.get("q", "")[: 4 * LONGEST])[:LONGEST]
        self.size = next((size for size in SIZES if str(size) == query.get("size")), SIZES[0])
        self.sorting = self._sorting()
        self.filters = CompanyFilterSet(query, companies(actor))

    @cached_property
    def companies(self) -> CompanyList:
        """The list that is asked for."""
        rows = self.filters.qs
        found = CompanyList(
            rows.matching(self.words) if self.words else rows,
            self.sorting.order("id"),
            self.actor,
            is_exact=self.is_exact,
        )
        if found.is_too_long:
            self.notices.append(
                gettext(
                    "There are too many companies to sort them like that. Narrow the list first. "
                    "These are by name."
                )
            )
            self.sorting = COMPANIES_BY_NAME
        return found

    @property
    def rows(self) -> "QuerySet[Company]":
        """What is asked for, in no order."""
        return self.companies.rows

    @property
    def found(self) -> Found:
        """The list in its order."""
        return self.companies.found

    @cached_property
    def place(self) -> tuple[Cursor | None, bool]:
        """Where the page begins, and whether it ends there instead."""
        try:
            return place_of(self.query, self.companies.found.order, Company, OF_ROWS)
        except BadCursorError:
            self.notices.append(str(NO_SUCH_PLACE))
            return None, False

    @property
    def tags(self) -> list[Tag]:
        """A removable tag for every value in force."""
        return [tag for name in FILTERS for tag in choice_tags(self, name)]

    def address(self, name: str = "leads:companies", **changes: Any) -> str:
        """Return the address of a page about this list with `changes`; None and [] take a parameter away."""
        query = urlencode(self._parameters(**changes), doseq=True)
        return f"{reverse(name)}?{query}" if query else reverse(name)

    def hidden(self, *left_out: str) -> list[tuple[str, str]]:
        """Return what a form about the list carries along, as pairs of name and value."""
        return carried(self._parameters(), left_out)

    def _parameters(self, **changes: Any) -> Parameters:
        """Return the parameters of an address, only those that differ from the usual."""
        values: dict[str, Any] = {
            "q": self.words,
            **{name: self.filters.values.get(name, []) for name in FILTERS},
            "sort": "" if self.sorting == COMPANIES_BY_NAME else self.sorting.word,
            "size": "" if self.size == SIZES[0] else str(self.size),
            **changes,
        }
        return given(values)

    def _sorting(self) -> Sorting:
        word = self.query.get("sort", "")
        found = Sorting.read(word, COMPANY_SORTS)
        if word and found is None:
            self.notices.append(gettext("Companies cannot be sorted like that. These are by name."))
        return found or COMPANIES_BY_NAME
