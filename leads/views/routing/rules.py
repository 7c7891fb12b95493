"""The list of assignment rules, and one rule with its conditions and recipients."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.errors import Forbidden, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.routing import NewRuleForm, RuleNameForm
from leads.rules.permissions import manages_routing
from leads.rules.routing.book import Gives, Rule
from leads.selectors.routing_pages import Desk, desk, rule_rows
from leads.selectors.routing_reasons import names_of
from leads.selectors.routing_words import rules_in_words
from leads.services.routing.drafts import (
    add_rule,
    move_rule,
    name_rule,
    remove_rule,
)


class RoutingPage(PortalView):
    """A page about the assignment rules of the actor's host."""

    permission = staticmethod(manages_routing)

    @cached_property
    def desk(self) -> Desk:
        """What counts, and the draft."""
        return desk(self.request.actor)


class RulesView(RoutingPage):
    """The rules in their order; first match wins."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show them."""
        return show_rules(request, self.desk)


def show_rules(
    request: PortalRequest, found: Desk, *, moved: str = "", pressed: str = ""
) -> HttpResponse:
    """Render the list; after a move the focus stays on the button that was pressed."""
    context = {"desk": found, "rows": rule_rows(found), "moved": moved, "pressed": pressed}
    return render(request, "leads/assignment/rules.html", context)


class NewRuleView(RoutingPage, FormPage):
    """Add a rule."""

    template_name = "leads/assignment/rule_new.html"

    def build(self, data: Any = None) -> NewRuleForm:
        """See FormPage."""
        return NewRuleForm(data)

    def submit(self, form: NewRuleForm) -> HttpResponse:
        """See FormPage."""
        key = add_rule(form.cleaned_data["name"], actor=self.request.actor)
        messages.success(self.request, _("Now say which leads the rule is for, and who gets them."))
        return redirect_after(self.request, reverse("leads:assignment_rule", args=[key]))


class RulePage(RoutingPage):
    """A page about the rule that the address names; 404 for one that is not there."""

    @cached_property
    def rule(self) -> Rule:
        """The rule, as the draft has it."""
        return self.desk.rule(self.kwargs["key"])

    @property
    def url(self) -> str:
        """The rule's page."""
        return reverse("leads:assignment_rule", args=[self.rule.key])

    def context(self) -> dict[str, Any]:
        """Return what every page about a rule shows."""
        return {"rule": self.rule, "rule_url": self.url}


class EditRulePage(RulePage):
    """A page that changes a rule; 403 for a rule that is not of the reseller manager's programme."""

    @cached_property
    def rule(self) -> Rule:
        """The rule, as the draft has it."""
        found = self.desk.rule(self.kwargs["key"])
        if not self.desk.may_change(found):
            raise Forbidden(
                _(
                    "This rule gives leads to others than your programme. Marketplace managers change it."
                )
            )
        return found


class RuleView(RulePage, FormPage):
    """One rule, as a sentence: its conditions, who gets the leads, its name."""

    template_name = "leads/assignment/rule.html"

    def build(self, data: Any = None) -> RuleNameForm:
        """See FormPage."""
        return RuleNameForm(data, initial={"name": self.rule.name, "is_on": self.rule.is_on})

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        [words] = rules_in_words([self.rule], self.desk.catalogue)
        names = names_of(self.rule.members)
        return {
            **super().context(),
            "words": words,
            "members": [(one, names.of(one)) for one in self.rule.members],
            "is_robin": self.rule.gives == Gives.ROUND_ROBIN,
            "may_change": self.desk.may_change(self.rule),
            "fields": self.desk.catalogue.groups,
        }

    def submit(self, form: RuleNameForm) -> HttpResponse:
        """See FormPage."""
        name_rule(self.rule.key, **form.cleaned_data, actor=self.request.actor)
        messages.success(self.request, _("The rule is saved in the draft."))
        return redirect_after(self.request, self.url)


class MoveRuleView(EditRulePage):
    """Move a rule one place up or down, or to a place; shown as a draft until it is published."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, key: str) -> HttpResponse:
        """Move it; a word that is no place moves nothing."""
        here = [one.key for one in self.desk.book.rules].index(self.rule.key) + 1
        by = request.POST.get("by", "")
        asked = request.POST.get("position", "")
        to = here + {"up": -1, "down": 1}.get(by, 0)
        if asked.isascii() and asked.isdigit() and len(asked) < 5:
            to = int(asked)
        move_rule(self.rule.key, to=max(1, to), actor=request.actor)
        if request.headers.get("HX-Request") == "true":
            fresh = desk(request.actor)
            context = {"desk": fresh, "rows": rule_rows(fresh), "moved": key, "pressed": by}
            return render(request, "leads/assignment/_rules.html", context)
        anchor = f"{by}-{key}" if by in {"up", "down"} else f"rule-{key}"
        return redirect_after(request, f"{reverse('leads:assignment')}#{anchor}")


class RemoveRuleView(EditRulePage, ConfirmPage):
    """Take a rule out of the draft."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        if self.rule.is_otherwise:
            raise NotFound
        return {
            "title": _("Remove the rule %(name)s?") % {"name": self.rule.name},
            "sentences": [_("It counts until you publish the draft. Earlier decisions keep it.")],
            "button": _("Remove rule"),
            "is_danger": True,
            "keep_url": self.url,
            "keep_label": _("Keep rule"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        remove_rule(self.rule.key, actor=self.request.actor)
        messages.success(self.request, _("The rule is removed from the draft."))
        return redirect_after(self.request, reverse("leads:assignment"))
