"""The parts of a rule: its conditions, and who gets its leads."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common.errors import NotFound
from leadportal.common.forms import PortalForm
from leadportal.common.http import PortalRequest
from leadportal.common.views import redirect_after
from leads.forms.routing import ConditionForm, MemberForm, TargetForm
from leads.rules.routing.book import Condition, Gives, Member
from leads.selectors.routing_pages import companies_to_name, people_to_name
from leads.selectors.routing_reasons import names_of
from leads.services.routing.drafts import new_key, put_condition, remove_condition, set_target
from leads.views.routing.rules import EditRulePage


class ConditionView(EditRulePage, FormPage):
    """Add a condition on the field that the address names ("new"), or change one."""

    template_name = "leads/assignment/condition.html"

    @cached_property
    def stored(self) -> Condition | None:
        """The condition that is changed; None for a new one."""
        key = self.kwargs["condition"]
        if key == "new":
            return None
        found = next((one for one in self.rule.conditions if one.key == key), None)
        if found is None:
            raise NotFound
        return found

    def build(self, data: Any = None) -> PortalForm:
        """See FormPage."""
        if self.rule.is_otherwise:
            raise NotFound
        word = self.stored.field if self.stored else self.request.GET.get("field", "")
        label = self.desk.catalogue.labels.get(word)
        if label is None:
            raise NotFound
        choices = self.desk.catalogue.choices(word)
        return ConditionForm(data, word=word, label=label, choices=choices, stored=self.stored)

    def submit(self, form: Any) -> HttpResponse:
        """See FormPage."""
        key = self.stored.key if self.stored else new_key()
        put_condition(self.rule.key, form.condition(key), actor=self.request.actor)
        messages.success(self.request, _("The condition is saved in the draft."))
        return redirect_after(self.request, self.url)


class RemoveConditionView(EditRulePage):
    """Take a condition out of a rule; adding it again undoes it."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, key: str, condition: str) -> HttpResponse:
        """Remove it."""
        remove_condition(self.rule.key, condition, actor=request.actor)
        messages.success(request, _("The condition is removed from the draft."))
        return redirect_after(request, self.url)


class TargetView(EditRulePage, FormPage):
    """Whom a rule gives its leads to."""

    template_name = "leads/assignment/target.html"

    def build(self, data: Any = None) -> TargetForm:
        """See FormPage."""
        actor, first = self.request.actor, next(iter(self.rule.members), None)
        initial: dict[str, Any] = {"gives": self.rule.gives.value}
        if first and self.rule.gives in {Gives.COMPANY, Gives.PERSON}:
            initial[self.rule.gives.value] = first.key
        return TargetForm(
            data,
            companies=companies_to_name(actor),
            people=people_to_name(actor),
            initial=initial,
        )

    def submit(self, form: TargetForm) -> HttpResponse:
        """See FormPage."""
        gives = Gives(form.cleaned_data["gives"])
        is_robin = gives == self.rule.gives == Gives.ROUND_ROBIN
        members = self.rule.members if is_robin else form.chosen
        set_target(self.rule.key, gives, members, actor=self.request.actor)
        messages.success(self.request, _("The recipient is saved in the draft."))
        return redirect_after(self.request, self.url)


class MemberView(EditRulePage, FormPage):
    """Add somebody to a round robin ("new"), or change a weight and a limit."""

    template_name = "leads/assignment/member.html"

    @cached_property
    def stored(self) -> Member | None:
        """The member that is changed; None for a new one."""
        if self.rule.gives != Gives.ROUND_ROBIN:
            raise NotFound
        key = self.kwargs["member"]
        if key == "new":
            return None
        found = next((one for one in self.rule.members if one.key == key), None)
        if found is None:
            raise NotFound
        return found

    def build(self, data: Any = None) -> MemberForm:
        """See FormPage."""
        if self.stored:
            return MemberForm(data, initial={"weight": self.stored.weight, "cap": self.stored.cap})
        actor, present = self.request.actor, {one.key for one in self.rule.members}
        options = [*companies_to_name(actor), *people_to_name(actor)]
        left = [one for one in options if one.member.key not in present]
        return MemberForm(data, options=left, initial={"weight": 1})

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        name = names_of([self.stored]).of(self.stored) if self.stored else ""
        return {**super().context(), "member_name": name}

    def submit(self, form: MemberForm) -> HttpResponse:
        """See FormPage."""
        data = form.cleaned_data
        who = self.stored or data["member"]
        member = Member(who.company_id, who.user_id, data["weight"], data["cap"])
        others = [member if one.key == member.key else one for one in self.rule.members]
        members = others if self.stored else [*others, member]
        set_target(self.rule.key, Gives.ROUND_ROBIN, tuple(members), actor=self.request.actor)
        messages.success(self.request, _("The round robin is saved in the draft."))
        return redirect_after(self.request, self.url)


class RemoveMemberView(EditRulePage):
    """Take somebody out of a round robin; adding them again undoes it."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, key: str, member: str) -> HttpResponse:
        """Remove them; somebody who is gone already is left so."""
        left = tuple(one for one in self.rule.members if one.key != member)
        set_target(self.rule.key, self.rule.gives, left, actor=request.actor)
        messages.success(request, _("The round robin is saved in the draft."))
        return redirect_after(request, self.url)
