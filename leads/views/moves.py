"""What the page of each action asks, does and says: one declaration each (ux.md decision 4).

Which of them somebody has, and when, is the table of moves (leads/rules/workflow.py), not this file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from leads.enums import Audience, NoteKind, Outcome, Progress
from leads.forms.actions import (
    ActionForm,
    CommentForm,
    DeclineForm,
    DisqualifyForm,
    GiveForm,
    OutcomeForm,
    ProgressForm,
)
from leads.forms.assign import AssignForm
from leads.forms.conversion import AssociateForm, ConvertForm
from leads.forms.details import EditForm
from leads.forms.notes import NoteForm
from leads.forms.products import ProductsForm, RemoveProductForm
from leads.models import Conversion, Lead
from leads.rules.workflow import Action
from leads.selectors.clashes import ATTRIBUTE
from leads.selectors.detail import Sight, customer_of
from leads.services import conversion, editing, leads, lifecycle, marks, notes, sales
from leads.views.pages import lead_name

KEEP = _("Keep lead")


@dataclass(frozen=True)
class Move:
    """One action page. `title` and `said` may name %(lead)s, %(holder)s, %(person)s and %(company)s.

    `do` gets the valid form and the lead and calls one service; `tell` replaces `said` where a sentence
    needs more than names. `is_final` marks what cannot be taken back: the focus starts on the way back.
    """

    title: Any
    button: Any
    do: Callable[[Any, Sight], Any]
    said: Any = ""
    form: type[Any] = ActionForm
    tell: Callable[[Any, Sight], str] | None = None
    keep: Any = KEEP
    is_danger: bool = False
    is_final: bool = False


def _converted(made: Conversion, sight: Sight) -> str:
    """Return AppDirect's message with a link to the new user's page; the template escapes the names."""
    customer = customer_of(sight.lead, sight.actor)
    context = {"lead": lead_name(sight.lead), "user": made.user, "customer": customer}
    return render_to_string("leads/_converted_message.html", context)


def _edit(form: EditForm, sight: Sight) -> Lead:
    values = form.chosen_values
    edited = leads.edit_lead(
        sight.lead,
        details={name: value for name, value in values.items() if not name.startswith(ATTRIBUTE)},
        attributes=leads.attributes_in(values),
        seen=form.seen,
        actor=sight.actor,
    )
    editing.stop_editing(edited, actor=sight.actor)
    return edited


def _note(form: NoteForm, sight: Sight) -> Any:
    data = form.cleaned_data
    return notes.add_note(
        sight.lead,
        body=data["body"],
        kind=NoteKind(data["kind"]),
        audience=Audience(data["audience"]),
        key=form.once,
        actor=sight.actor,
    )


PAGES: dict[Action, Move] = {
    Action.SUBMIT: Move(
        _("Submit %(lead)s to partner managers?"),
        _("Submit to partner managers"),
        lambda _form, sight: lifecycle.submit_lead(sight.lead, actor=sight.actor),
        _("Lead submitted. %(holder)s now holds it."),
    ),
    Action.ASSIGN: Move(
        _("Assign a Lead"),
        _("Assign"),
        lambda form, sight: lifecycle.assign_lead(
            sight.lead, to=form.chosen, message=form.cleaned_data["message"], actor=sight.actor
        ),
        _("Lead assigned to %(holder)s."),
        form=AssignForm,
        keep=_("Cancel"),
    ),
    Action.TAKE: Move(
        _("Take charge of %(lead)s?"),
        _("Take charge"),
        lambda _form, sight: marks.take_lead(sight.lead, actor=sight.actor),
        _("You are now in charge of this lead."),
        keep=_("Cancel"),
    ),
    Action.GIVE: Move(
        _("Choose the person in charge"),
        _("Put in charge"),
        lambda form, sight: marks.give_lead(
            sight.lead, to=form.cleaned_data["person"], actor=sight.actor
        ),
        _("%(person)s is now in charge of this lead."),
        form=GiveForm,
        keep=_("Cancel"),
    ),
    Action.ACCEPT: Move(
        _("Accept %(lead)s?"),
        _("Accept"),
        lambda _form, sight: lifecycle.accept_lead(sight.lead, actor=sight.actor),
        _("Lead accepted. Its status is now Referred, and %(person)s is in charge."),
        keep=_("Decide later"),
    ),
    Action.DECLINE: Move(
        _("Decline %(lead)s?"),
        _("Decline"),
        lambda form, sight: lifecycle.decline_lead(
            sight.lead, reason=form.cleaned_data["reason"], actor=sight.actor
        ),
        _("Lead declined. %(holder)s holds it again."),
        form=DeclineForm,
        is_danger=True,
    ),
    Action.CONVERT: Move(
        _("Convert %(lead)s to a customer?"),
        _("Convert to Customer"),
        lambda form, sight: conversion.convert_lead(sight.lead, wish=form.wish, actor=sight.actor),
        tell=_converted,
        form=ConvertForm,
        keep=_("Keep as lead"),
        is_final=True,
    ),
    Action.REQUEST: Move(
        _("Request the conversion of %(lead)s?"),
        _("Request conversion"),
        lambda form, sight: conversion.request_conversion(
            sight.lead, wish=form.wish, actor=sight.actor
        ),
        _("Conversion requested. You find the answer among the approvals and on this page."),
        form=ConvertForm,
        keep=_("Keep as lead"),
    ),
    Action.WITHDRAW: Move(
        _("Withdraw the conversion request?"),
        _("Withdraw request"),
        lambda _form, sight: conversion.withdraw_request(sight.lead, actor=sight.actor),
        _("Conversion request withdrawn."),
        keep=_("Keep request"),
    ),
    Action.APPROVE: Move(
        _("Approve the conversion of %(lead)s?"),
        _("Approve conversion"),
        lambda form, sight: conversion.approve_conversion(
            sight.lead, comment=form.cleaned_data["comment"], actor=sight.actor
        ),
        tell=_converted,
        form=CommentForm,
        keep=_("Decide later"),
        is_final=True,
    ),
    Action.DENY: Move(
        _("Deny the conversion of %(lead)s?"),
        _("Deny conversion"),
        lambda form, sight: conversion.deny_conversion(
            sight.lead, comment=form.cleaned_data["comment"], actor=sight.actor
        ),
        _("Conversion denied. The lead stays as it was."),
        form=CommentForm,
        keep=_("Decide later"),
        is_danger=True,
    ),
    Action.DISQUALIFY: Move(
        _("Disqualify %(lead)s?"),
        _("Disqualify"),
        lambda form, sight: lifecycle.disqualify_lead(
            sight.lead, reason=form.chosen(), text=form.cleaned_data["text"], actor=sight.actor
        ),
        _("Lead disqualified."),
        form=DisqualifyForm,
        is_danger=True,
    ),
    Action.ASSOCIATE: Move(
        _("Associate Company"),
        _("Associate Company"),
        lambda form, sight: leads.associate_company(
            sight.lead, user=form.person, company=form.chosen, actor=sight.actor
        ),
        _("Lead associated with %(company)s. Converting it uses that company; none is created."),
        form=AssociateForm,
        keep=_("Cancel"),
    ),
    Action.QUALIFY: Move(
        _("Mark %(lead)s as qualified?"),
        _("Mark as qualified"),
        lambda _form, sight: marks.qualify_lead(sight.lead, actor=sight.actor),
        _("Lead marked as qualified."),
        keep=_("Decide later"),
    ),
    Action.INVALID: Move(
        _("Mark %(lead)s as invalid?"),
        _("Mark as invalid"),
        lambda _form, sight: marks.mark_invalid(sight.lead, actor=sight.actor),
        _("Lead marked as invalid. Its status is now Disqualified."),
        is_danger=True,
        is_final=True,
    ),
    Action.SALES_QUALIFIED: Move(
        _("Mark %(lead)s as sales qualified?"),
        _("Mark as sales qualified"),
        lambda _form, sight: marks.mark_sales_qualified(sight.lead, actor=sight.actor),
        _("Lead marked as sales qualified."),
        keep=_("Decide later"),
    ),
    Action.DELETE: Move(
        _("Delete %(lead)s?"),
        _("Delete Lead"),
        lambda _form, sight: lifecycle.delete_lead(sight.lead, actor=sight.actor),
        _("Lead deleted. The managers can restore it for 30 days."),
        is_danger=True,
        is_final=True,
    ),
    Action.RESTORE: Move(
        _("Restore %(lead)s?"),
        _("Restore lead"),
        lambda _form, sight: lifecycle.restore_lead(sight.lead, actor=sight.actor),
        _("Lead restored."),
        keep=_("Keep deleted"),
    ),
    Action.PROGRESS: Move(
        _("Progress"),
        _("Save progress"),
        lambda form, sight: marks.set_progress(
            sight.lead,
            progress=Progress(form.chosen_values["progress"]),
            seen=form.seen,
            actor=sight.actor,
        ),
        _("Progress saved."),
        form=ProgressForm,
        keep=_("Cancel"),
    ),
    Action.OUTCOME: Move(
        _("Outcome"),
        _("Save outcome"),
        lambda form, sight: marks.set_outcome(
            sight.lead,
            outcome=Outcome(form.chosen_values["outcome"]),
            seen=form.seen,
            actor=sight.actor,
        ),
        _("Outcome saved."),
        form=OutcomeForm,
        keep=_("Cancel"),
    ),
    Action.EDIT: Move(
        _("Edit Lead"), _("Save"), _edit, _("Changes saved."), form=EditForm, keep=_("Cancel")
    ),
    Action.PRODUCTS: Move(
        _("Add Products to Lead"),
        _("Add"),
        lambda form, sight: sales.add_products(sight.lead, products=form.chosen, actor=sight.actor),
        _("Products added to this lead."),
        form=ProductsForm,
        keep=_("Cancel"),
    ),
    Action.REMOVE_PRODUCT: Move(
        _("Remove a product from this lead?"),
        _("Continue"),
        lambda form, sight: sales.remove_product(
            sight.lead, product=form.chosen, actor=sight.actor
        ),
        _("Product removed from this lead."),
        form=RemoveProductForm,
        keep=_("Keep product"),
        is_final=True,
    ),
    Action.NOTE: Move(
        _("Add Note"), _("Add Note"), _note, _("Note added."), form=NoteForm, keep=_("Cancel")
    ),
}
