"""What the list of people can be narrowed to; each filter is a declared field (security.md R20)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import PersonState, Role
from accounts.models import Company, Membership
from leadportal.common.forms import PortalForm, TextLine
from leadportal.common.http import PortalRequest


class FilterForm(PortalForm):
    """The form of a filter set: nothing in it is required, and it does not say so."""

    is_filter = True


class WordsFilter(django_filters.Filter):
    """Words to look for, cleaned like every line of text."""

    field_class = TextLine


def _seen_companies(request: PortalRequest | None) -> QuerySet[Company]:
    """Return the companies that the reader may see, and none without a reader."""
    if request is None:
        return Company.objects.none()
    return Company.objects.visible_to(request.actor)


class PeopleFilterSet(django_filters.FilterSet):
    """Words in name or address, role, company, state."""

    q = WordsFilter(label=_("Search people"), max_length=100, method="containing")
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=Role.choices, empty_label=_("All roles"), method="with_role"
    )
    company = django_filters.ModelChoiceFilter(
        label=_("Company"), queryset=_seen_companies, empty_label=_("All companies")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=PersonState.choices,
        empty_label=_("All states"),
        method="in_state",
    )

    class Meta:
        model = Membership
        fields: list[str] = []
        form = FilterForm

    @property
    def used(self) -> int:
        """How many filters are in force, words aside."""
        values = self.form.cleaned_data if self.form.is_valid() else {}
        return sum(1 for name in ("role", "company", "state") if values.get(name))

    def containing(self, rows: Any, name: str, words: str) -> Any:
        """Keep people whose name or address contains every word."""
        return rows.matching(words)

    def with_role(self, rows: Any, name: str, role: str) -> Any:
        """Keep people who have the role."""
        return rows.filter(roles__role=role)

    def in_state(self, rows: Any, name: str, state: str) -> Any:
        """Keep people in one state."""
        return rows.in_state(PersonState(state))
