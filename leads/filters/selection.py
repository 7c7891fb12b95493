"""Which leads of a list are meant: those ticked on the page, or all that match (ux.md L29 to L31)."""

from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from accounts.actors import Person
from leads.filters.asked import SIZES, Asked
from leads.filters.parameters import Parameters
from leads.filters.tags import Tag, tags
from leads.filters.views import View
from leads.models import LeadAccess
from leads.selectors.leads import LeadList

LARGEST = SIZES[-1]
_REFERENCE_LENGTH = 16


class Selection(Asked):
    """The list of an address, narrowed to the ticked leads where it names some and does not ask for all.

    The box in the table's head names those of its page, with commas between them, so that it works without
    a script.
    """

    def __init__(self, query: QueryDict, actor: Person) -> None:
        super().__init__(query, actor)
        self.is_all = query.get("all") == "yes"
        named = ",".join(query.getlist("lead")).split(",")
        self.references = list(dict.fromkeys(one for one in named if _can_be_lead_id(one)))
        self.is_ticked = bool(self.references) and not self.is_all

    @cached_property
    def leads(self) -> LeadList:
        """The leads that are meant, in the order of the list."""
        if not self.is_ticked:
            return super().leads
        rows = LeadAccess.objects.visible_to(self.actor)
        ticked = rows.filter(lead__reference__in=self.references[:LARGEST])
        return LeadList(ticked, self.sorting.order("lead_id"), suits_index=False)

    @cached_property
    def tags(self) -> list[Tag]:
        """The filters in words; ticked leads are meant whatever the filters say."""
        return [] if self.is_ticked else tags(self)

    @property
    def list_url(self) -> str:
        """The list itself, where one can select again."""
        return self.address(lead=None)

    @property
    def problem(self) -> str:
        """Why nothing can be done with this selection, or nothing."""
        if not self.is_all and not self.references:
            return gettext("Select at least one lead in the list.")
        if self.is_ticked and len(self.references) > LARGEST:
            return ngettext(
                "Up to %(most)s lead can be selected by hand. Select all that match instead.",
                "Up to %(most)s leads can be selected by hand. Select all that match instead.",
                LARGEST,
            ) % {"most": LARGEST}
        if self.is_all and self.filters.form.errors:
            return gettext("Some filters of the list have errors. Check the list and select again.")
        return ""

    def _parameters(self, view: View | None = None, **changes: Any) -> Parameters:
        found = super()._parameters(view, **changes)
        if self.is_ticked and "lead" not in changes:
            found["lead"] = self.references
        return found


def _can_be_lead_id(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and len(text) <= _REFERENCE_LENGTH
