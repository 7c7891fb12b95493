"""What each action of a lead asks and does: one declaration each, for its page and the API.

Which of them somebody has, and when, is the table of moves (leads/rules/workflow.py), not this file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from leads.forms.deals import NewDealForm
from leads.forms.details import EditForm
from leads.forms.notes import NoteForm
from leads.forms.papers import LinkForm, UnlinkForm
from leads.forms.products import ProductsForm, RemoveProductForm
from leads.models import Lead
from leads.rules.workflow import Action
from leads.selectors.clashes import ATTRIBUTE
from leads.selectors.detail import Sight
from leads.services import conversion, deals, editing, leads, lifecycle, marks, notes, papers, sales


@dataclass(frozen=True)
class Doing:
    """One action: `do` gets the valid form and the lead and calls one service."""

    do: Callable[[Any, Sight], Any]
    form: type[Any] = ActionForm


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


DOINGS: dict[Action, Doing] = {
    Action.SUBMIT: Doing(lambda _form, sight: lifecycle.submit_lead(sight.lead, actor=sight.actor)),
    Action.ASSIGN: Doing(
        lambda form, sight: lifecycle.assign_lead(
            sight.lead, to=form.chosen, message=form.cleaned_data["message"], actor=sight.actor
        ),
        AssignForm,
    ),
    Action.TAKE: Doing(lambda _form, sight: marks.take_lead(sight.lead, actor=sight.actor)),
    Action.GIVE: Doing(
        lambda form, sight: marks.give_lead(
            sight.lead, to=form.cleaned_data["person"], actor=sight.actor
        ),
        GiveForm,
    ),
    Action.ACCEPT: Doing(lambda _form, sight: lifecycle.accept_lead(sight.lead, actor=sight.actor)),
    Action.DECLINE: Doing(
        lambda form, sight: lifecycle.decline_lead(
            sight.lead, reason=form.cleaned_data["reason"], actor=sight.actor
        ),
        DeclineForm,
    ),
    Action.CONVERT: Doing(
        lambda form, sight: conversion.convert_lead(sight.lead, wish=form.wish, actor=sight.actor),
        ConvertForm,
    ),
    Action.REQUEST: Doing(
        lambda form, sight: conversion.request_conversion(
            sight.lead, wish=form.wish, actor=sight.actor
        ),
        ConvertForm,
    ),
    Action.WITHDRAW: Doing(
        lambda _form, sight: conversion.withdraw_request(sight.lead, actor=sight.actor)
    ),
    Action.APPROVE: Doing(
        lambda form, sight: conversion.approve_conversion(
            sight.lead, comment=form.cleaned_data["comment"], actor=sight.actor
        ),
        CommentForm,
    ),
    Action.DENY: Doing(
        lambda form, sight: conversion.deny_conversion(
            sight.lead, comment=form.cleaned_data["comment"], actor=sight.actor
        ),
        CommentForm,
    ),
    Action.DISQUALIFY: Doing(
        lambda form, sight: lifecycle.disqualify_lead(
            sight.lead, reason=form.chosen(), text=form.cleaned_data["text"], actor=sight.actor
        ),
        DisqualifyForm,
    ),
    Action.ASSOCIATE: Doing(
        lambda form, sight: leads.associate_company(
            sight.lead, user=form.person, company=form.chosen, actor=sight.actor
        ),
        AssociateForm,
    ),
    Action.QUALIFY: Doing(lambda _form, sight: marks.qualify_lead(sight.lead, actor=sight.actor)),
    Action.INVALID: Doing(lambda _form, sight: marks.mark_invalid(sight.lead, actor=sight.actor)),
    Action.SALES_QUALIFIED: Doing(
        lambda _form, sight: marks.mark_sales_qualified(sight.lead, actor=sight.actor)
    ),
    Action.DELETE: Doing(lambda _form, sight: lifecycle.delete_lead(sight.lead, actor=sight.actor)),
    Action.RESTORE: Doing(
        lambda _form, sight: lifecycle.restore_lead(sight.lead, actor=sight.actor)
    ),
    Action.PROGRESS: Doing(
        lambda form, sight: marks.set_progress(
            sight.lead,
            progress=Progress(form.chosen_values["progress"]),
            seen=form.seen,
            actor=sight.actor,
        ),
        ProgressForm,
    ),
    Action.OUTCOME: Doing(
        lambda form, sight: marks.set_outcome(
            sight.lead,
            outcome=Outcome(form.chosen_values["outcome"]),
            seen=form.seen,
            actor=sight.actor,
        ),
        OutcomeForm,
    ),
    Action.EDIT: Doing(_edit, EditForm),
    Action.PRODUCTS: Doing(
        lambda form, sight: sales.add_products(sight.lead, products=form.chosen, actor=sight.actor),
        ProductsForm,
    ),
    Action.REMOVE_PRODUCT: Doing(
        lambda form, sight: sales.remove_product(
            sight.lead, product=form.chosen, actor=sight.actor
        ),
        RemoveProductForm,
    ),
    Action.NOTE: Doing(_note, NoteForm),
    Action.DEAL: Doing(
        lambda form, sight: deals.create_deal(sight.lead, form.values, actor=sight.actor),
        NewDealForm,
    ),
    Action.LINK: Doing(
        lambda form, sight: papers.link_paper(sight.lead, form.chosen, actor=sight.actor), LinkForm
    ),
    Action.UNLINK: Doing(
        lambda form, sight: papers.unlink_paper(sight.lead, form.chosen, actor=sight.actor),
        UnlinkForm,
    ),
}
