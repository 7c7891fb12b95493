"""The draft of scoring rules: its sentences, every change a page or a plain post (ux.md S1 to S4)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.http import PortalRequest
from leadportal.common.views import redirect_after
from leads.forms.scoring import ThresholdForm, rule_form
from leads.rules.permissions import edits_scoring
from leads.rules.scoring.kinds import BehaviourKind
from leads.rules.scoring.sheet import Rule
from leads.rules.scoring.words import condition, subject_label
from leads.selectors.score_pages import Subject, company_targets, subjects
from leads.services.scoring.sheets import (
    add_rule,
    copy_rule,
    edit_rule,
    move_rule,
    remove_rule,
    set_threshold,
    switch_rule,
)
from leads.services.scoring.trial import fingerprint
from leads.views.pages import number_from
from leads.views.scoring import OfSheet, rules_context


class OfDraft(OfSheet):
    """A page about the draft."""

    permission = staticmethod(edits_scoring)

    @cached_property
    def rule(self) -> Rule:
        """The rule that the address names. Raises 404."""
        key = self.kwargs["key"]
        found = next((one for one in self.draft.content.rules if one.key == key), None)
        if found is None:
            raise Http404
        return found

    def editor(self, said: str = "", moved: str = "") -> dict[str, Any]:
        """Return what the editor shows; `said` goes to the live region."""
        trial = self.draft.trial
        return {
            "sheet": self.sheet,
            "draft": self.draft,
            "said": said,
            "moved": moved,
            "is_tried": trial.get("of") == fingerprint(self.draft.content),
            **rules_context(self.draft),
        }

    def back(self, said: str, key: str = "") -> HttpResponse:
        """Go to the editor and say what was done."""
        messages.success(self.request, said)
        place = f"#rule-{key}" if key else ""
        return redirect_after(self.request, f"{self.url('score_draft')}{place}")


class DraftView(OfDraft):
    """The editor."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show it."""
        return render(request, "leads/score_draft.html", self.editor())


class AddRuleView(OfDraft, FormPage):
    """Choose what a rule asks (no ?about=), then say when it counts and what it gives."""

    template_name = "leads/score_rule.html"

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show what can be asked, or the form of one."""
        if request.GET.get("about"):
            return super().get(request, **kwargs)
        _draft = self.draft
        context = {"sheet": self.sheet, "subjects": subjects(request.actor)}
        return render(request, "leads/score_rule_about.html", context)

    @cached_property
    def subject(self) -> Subject:
        """What the address says that the rule asks. Raises 404."""
        word = self.request.GET.get("about", "")
        known = [one for part in subjects(self.request.actor).values() for one in part]
        found = next((one for one in known if one.word == word), None)
        if found is None:
            raise Http404
        return found

    def build(self, data: Any = None) -> Any:
        """See FormPage."""
        _draft, subject = self.draft, self.subject
        return rule_form(data, group=subject.group, subject=subject.word, label=subject.label)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"sheet": self.sheet, "label": self.subject.label, "is_new": True}

    def submit(self, form: Any) -> HttpResponse:
        """See FormPage."""
        added = add_rule(self.sheet, form.rule, actor=self.request.actor)
        return self.back(_("The rule is added: %(rule)s.") % {"rule": condition(added)}, added.key)


class EditRuleView(OfDraft, FormPage):
    """Change a rule; a post with `by` moves, copies or switches it."""

    template_name = "leads/score_rule.html"

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Save the form, or do what the button of the list says."""
        deed = request.POST.get("by", "")
        place = number_from(request.POST.get("position"))
        if deed in {"up", "down"} or place is not None:
            return self._move({"up": -1, "down": 1}.get(deed, 0), place)
        key, actor = self.rule.key, request.actor
        words = {"rule": condition(self.rule)}
        if deed in {"on", "off"}:
            switch_rule(self.sheet, key, is_on=deed == "on", actor=actor)
            said = _("The rule counts: %(rule)s.") if deed == "on" else _("Off: %(rule)s.")
            return self.back(said % words, key)
        if deed == "copy":
            copied = copy_rule(self.sheet, key, actor=actor)
            return self.back(_("The rule is copied: %(rule)s.") % words, copied.key)
        return super().post(request, **kwargs)

    def _move(self, by: int, to: int | None) -> HttpResponse:
        moved, place, count = move_rule(
            self.sheet, self.rule.key, by=by, to=to, actor=self.request.actor
        )
        said = _("%(rule)s, now %(place)s of %(count)s") % {
            "rule": condition(moved),
            "place": place,
            "count": count,
        }
        if self.request.headers.get("HX-Target") == "builder":
            self.draft.refresh_from_db()
            context = self.editor(said, moved.key)
            return render(self.request, "leads/_score_rules.html", context)
        return self.back(said, moved.key)

    def build(self, data: Any = None) -> Any:
        """See FormPage."""
        rule = self.rule
        return rule_form(data, group=rule.group, subject=rule.subject, label=rule.label, rule=rule)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        rule = self.rule
        is_deed = rule.subject in BehaviourKind.values
        label = BehaviourKind(rule.subject).label if is_deed else subject_label(rule)
        return {"sheet": self.sheet, "label": label, "rule": rule, "is_new": False}

    def submit(self, form: Any) -> HttpResponse:
        """See FormPage."""
        edited = edit_rule(self.sheet, self.rule.key, form.rule, actor=self.request.actor)
        return self.back(
            _("The rule is saved: %(rule)s.") % {"rule": condition(edited)}, edited.key
        )


class RemoveRuleView(OfDraft, ConfirmPage):
    """Ask, then remove a rule from the draft."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        _draft = self.draft
        return {
            "title": _("Remove this rule?"),
            "sentences": [f"{condition(self.rule)}."],
            "button": _("Remove rule"),
            "is_danger": True,
            "keep_url": self.url("score_draft"),
            "keep_label": _("Keep rule"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        removed = remove_rule(self.sheet, self.rule.key, actor=self.request.actor)
        return self.back(_("The rule is removed: %(rule)s.") % {"rule": condition(removed)})


class ThresholdView(OfDraft, FormPage):
    """The threshold, who is told, and the limits of both groups."""

    template_name = "leads/score_threshold.html"

    def build(self, data: Any = None) -> ThresholdForm:
        """See FormPage."""
        draft = self.draft
        names = (
            "threshold",
            "fit_least",
            "fit_most",
            "behaviour_least",
            "behaviour_most",
            "emails",
        )
        initial = {name: getattr(draft, name) for name in names}
        initial["targets"] = [str(pk) for pk in draft.targets]
        return ThresholdForm(data, targets=company_targets(self.sheet), initial=initial)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"sheet": self.sheet}

    def submit(self, form: ThresholdForm) -> HttpResponse:
        """See FormPage."""
        set_threshold(self.sheet, **form.settings, actor=self.request.actor)
        return self.back(_("Threshold and limits are saved."))
