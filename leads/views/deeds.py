"""What each bulk action asks, does and says: one declaration each, as moves.py for one lead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leads.forms.bulk import (
    BulkAssignForm,
    BulkDisqualifyForm,
    BulkForm,
    BulkProductForm,
    BulkProgressForm,
)
from leads.rules.policy import may_ever
from leads.rules.workflow import Action
from leads.selectors.bulk import Preview
from leads.services.acts import Act
from leads.services.lifecycle import Assignment, Disqualification
from leads.services.marks import ProgressMark
from leads.services.sales import NewProducts


@dataclass(frozen=True)
class Deed:
    """A bulk action. `title`, `button` and `said` are words for a number of leads; `said` names %(choice)s.

    `cannot` is what a lead in another status cannot, `also` says who is skipped for what the form chooses;
    `act` makes of the valid form what the services do.
    """

    action: Action
    label: Any
    title: Any
    button: Any
    said: Any
    cannot: Any
    also: Any
    form: type[BulkForm]
    act: Callable[[Any], Act]
    is_danger: bool = False


def in_number(words: Any, count: int, **more: Any) -> str:
    """Return `words` for so many leads."""
    return str(words % {"count": count, "shown": f"{count:,}", **more})


DEEDS = {
    deed.action: deed
    for deed in (
        Deed(
            Action.ASSIGN,
            _("Assign"),
            ngettext_lazy("Assign %(shown)s lead?", "Assign %(shown)s leads?", "count"),
            ngettext_lazy("Assign %(shown)s lead", "Assign %(shown)s leads", "count"),
            ngettext_lazy(
                "%(shown)s lead assigned to %(choice)s",
                "%(shown)s leads assigned to %(choice)s",
                "count",
            ),
            _("cannot be assigned"),
            _("Leads that the new recipient holds already are skipped as well."),
            BulkAssignForm,
            lambda form: Assignment(form.chosen, form.cleaned_data["message"]),
        ),
        Deed(
            Action.DISQUALIFY,
            _("Disqualify"),
            ngettext_lazy("Disqualify %(shown)s lead?", "Disqualify %(shown)s leads?", "count"),
            ngettext_lazy("Disqualify %(shown)s lead", "Disqualify %(shown)s leads", "count"),
            ngettext_lazy(
                "%(shown)s lead disqualified: %(choice)s",
                "%(shown)s leads disqualified: %(choice)s",
                "count",
            ),
            _("cannot be disqualified"),
            "",
            BulkDisqualifyForm,
            lambda form: Disqualification(form.chosen(), form.cleaned_data["text"]),
            is_danger=True,
        ),
        Deed(
            Action.PROGRESS,
            _("Set progress"),
            ngettext_lazy(
                "Set the progress of %(shown)s lead?",
                "Set the progress of %(shown)s leads?",
                "count",
            ),
            ngettext_lazy(
                "Set progress of %(shown)s lead", "Set progress of %(shown)s leads", "count"
            ),
            ngettext_lazy(
                "Progress of %(shown)s lead set to %(choice)s",
                "Progress of %(shown)s leads set to %(choice)s",
                "count",
            ),
            _("cannot change their progress"),
            _("Leads that have this progress already are skipped as well."),
            BulkProgressForm,
            lambda form: ProgressMark(form.chosen),
        ),
        Deed(
            Action.PRODUCTS,
            _("Add product"),
            ngettext_lazy(
                "Add a product to %(shown)s lead?", "Add a product to %(shown)s leads?", "count"
            ),
            ngettext_lazy(
                "Add product to %(shown)s lead", "Add product to %(shown)s leads", "count"
            ),
            ngettext_lazy(
                "%(choice)s added to %(shown)s lead",
                "%(choice)s added to %(shown)s leads",
                "count",
            ),
            _("cannot get a product"),
            _(
                "Leads that have the product already, or whose marketplace does not list it, are"
                " skipped as well."
            ),
            BulkProductForm,
            lambda form: NewProducts((form.chosen,)),
        ),
    )
}


def deeds_of(actor: Person) -> list[Deed]:
    """Return the bulk actions that the roles of `actor` can ever do."""
    return [deed for deed in DEEDS.values() if may_ever(deed.action, actor)]


def skipped_words(deed: Deed, found: Preview, missing: int) -> list[str]:
    """Return why some of the chosen leads will be skipped, a sentence for each reason."""
    total = {"total": f"{found.total + missing:,}"}
    lines = [
        ngettext(
            "%(number)s of the %(total)s selected is %(status)s and %(cannot)s.",
            "%(number)s of the %(total)s selected are %(status)s and %(cannot)s.",
            count,
        )
        % {**total, "number": f"{count:,}", "status": status.label, "cannot": deed.cannot}
        for status, count in sorted(found.closed.items())
    ]
    if found.denied:
        sentence = gettext(
            "Your role does not allow this for %(number)s of the %(total)s selected."
        )
        lines.append(sentence % {**total, "number": f"{found.denied:,}"})
    if missing:
        sentence = ngettext(
            "%(number)s of the %(total)s selected was not found.",
            "%(number)s of the %(total)s selected were not found.",
            missing,
        )
        lines.append(sentence % {**total, "number": f"{missing:,}"})
    return lines
