"""Columns of the list of people, and how each sorts; the rows stand in the template."""

from typing import Any

import django_tables2 as tables
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class PeopleTable(tables.Table):
    """Ties are broken by the row's number, so that pages neither repeat nor skip anybody."""

    name = tables.Column(
        verbose_name=_("Name"), order_by=("user__last_name", "user__first_name", "pk")
    )
    email = tables.Column(verbose_name=_("Email"), order_by=("user__email", "pk"))
    roles = tables.Column(verbose_name=_("Roles"), orderable=False)
    company = tables.Column(verbose_name=_("Company"), order_by=("company__name", "pk"))
    last_login = tables.Column(verbose_name=_("Last sign-in"))
    state = tables.Column(verbose_name=_("State"), orderable=False)

    class Meta:
        order_by_field = "sort"

    def order_last_login(self, rows: Any, is_descending: bool) -> tuple[Any, bool]:
        """Sort people who never signed in last, both ways and on both databases."""
        moment = F("user__last_login")
        by = moment.desc(nulls_last=True) if is_descending else moment.asc(nulls_last=True)
        return rows.order_by(by, "pk"), True
