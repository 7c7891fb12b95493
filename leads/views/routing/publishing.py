"""Try a rule book out, publish it, and look at earlier versions."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.csv import csv_pieces
from leadportal.common.errors import NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import redirect_after
from leads.filters import Asked
from leads.filters.views import Views
from leads.forms.routing_trial import MOST, PublishForm, TrialForm, ValuesForm
from leads.models import RoutingVersion
from leads.rules.routing.book import Book
from leads.selectors.routing import waiting_leads
from leads.selectors.routing_faults import faults_of
from leads.selectors.routing_pages import differences, territories_in_words
from leads.selectors.routing_trial import Trial, TrialRow, leads_to_try, try_leads, try_values
from leads.selectors.routing_words import Catalogue, rules_in_words
from leads.services.routing.drafts import discard_draft
from leads.services.routing.publishing import publish_rules
from leads.views.routing.rules import RoutingPage

COUNTED = 10_000


class TrialView(RoutingPage):
    """A dry run of the draft, or of what counts when there is no draft; nothing is written."""

    def get(self, request: PortalRequest) -> HttpResponseBase:
        """Show the two forms, and what came out when one was sent."""
        is_typed = "typed" in request.GET
        is_sent = "what" in request.GET
        form = TrialForm(
            request.GET if is_sent else None,
            initial={"what": "waiting"},
            views=[(one.word, one.label) for one in Views(request.actor).every],
        )
        values = ValuesForm(request.GET if is_typed else None, catalogue=self.desk.catalogue)
        trial, row, status = None, None, 200
        if is_sent and form.is_valid():
            keys = self.keys_of(form.cleaned_data["view"]) if form.wanted["what"] == "view" else ()
            leads = leads_to_try(request.actor, keys=keys, **form.wanted)
            if not leads and form.cleaned_data["what"] == "lead":
                form.add_error("lead", _("There is no lead with this Lead ID."))
            trial = try_leads(leads, self.version)
        if is_typed and values.is_valid():
            row = try_values(values.subject, self.version)
        if form.errors or values.errors:
            status = 422
        elif trial and "csv" in request.GET:
            return _file(trial)
        context = {
            "desk": self.desk,
            "form": form,
            "values": values,
            "trial": trial,
            "typed": row,
            "rows": _rows(trial, form) if trial else [],
            "query": request.GET.urlencode(),
        }
        return render(request, "leads/assignment/trial.html", context, status=status)

    def keys_of(self, view: str) -> list[int]:
        """Return the first leads of a view, as its list shows them."""
        asked = Asked(QueryDict(urlencode({"view": view})), self.request.actor)
        return list(asked.leads.all_rows().values_list("lead", flat=True)[:MOST])

    @property
    def version(self) -> RoutingVersion:
        """What is tried: a host without any rules tries *Otherwise* alone."""
        actor = self.request.actor
        return self.desk.shown or RoutingVersion(
            host=Company.objects.visible_to(actor).get(pk=actor.company_id), number=1
        )


def _rows(trial: Trial, form: TrialForm) -> list[TrialRow]:
    return trial.changed if form.cleaned_data.get("changes") else trial.rows


def _file(trial: Trial) -> StreamingHttpResponse:
    header = [_("Lead ID"), _("Now"), _("With draft"), _("Rule"), _("Why")]
    lines = (
        (row.lead.reference if row.lead else "", row.now, row.then, row.rule, row.why)
        for row in trial.rows
    )
    pieces = csv_pieces(header, lines, timezone.get_current_timezone())
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="assignment_dry_run.csv"'
    return answer


class PublishView(RoutingPage, FormPage):
    """What publishing changes, with a note, a start, and the leads that wait already."""

    template_name = "leads/assignment/publish.html"

    @cached_property
    def draft(self) -> RoutingVersion:
        """The draft; 404 when there is none."""
        if self.desk.draft is None:
            raise NotFound
        return self.desk.draft

    @cached_property
    def waiting(self) -> int:
        """How many leads wait, counted to 10,001."""
        return waiting_leads(self.request.actor.company_id)[: COUNTED + 1].count()

    def build(self, data: Any = None) -> PublishForm:
        """See FormPage."""
        _draft = self.draft
        return PublishForm(data, waiting=self.waiting)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        before = self.desk.live.rules if self.desk.live else Book()
        return {
            "draft": self.draft,
            "seen": self.draft.number,
            "problems": [one.sentence for one in faults_of(self.draft.rules, self.draft.host)],
            "differences": differences(before, self.draft.rules),
            "live": self.desk.live,
        }

    def submit(self, form: PublishForm) -> HttpResponse:
        """See FormPage."""
        seen = self.request.POST.get("seen", "")
        version = publish_rules(
            note=form.cleaned_data["note"],
            starts_at=form.starts_at,
            applies=form.cleaned_data["applies"],
            number=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None,
            actor=self.request.actor,
        )
        messages.success(
            self.request, _("Version %(number)s is published.") % {"number": version.number}
        )
        return redirect_after(self.request, reverse("leads:assignment"))


class DiscardView(RoutingPage, ConfirmPage):
    """Throw the draft away."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        if self.desk.draft is None:
            raise NotFound
        return {
            "title": _("Discard the draft?"),
            "sentences": [_("All changes since the last published version are lost.")],
            "button": _("Discard draft"),
            "is_danger": True,
            "keep_url": reverse("leads:assignment"),
            "keep_label": _("Keep draft"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        if self.desk.draft is None:
            raise NotFound
        discard_draft(actor=self.request.actor)
        messages.success(self.request, _("The draft is discarded."))
        return redirect_after(self.request, reverse("leads:assignment"))


class VersionsView(RoutingPage):
    """Published versions, the newest first, with author and note."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the newest hundred."""
        rows = RoutingVersion.objects.visible_to(request.actor).filter(state="published")
        rows = rows.select_related("published_by").defer("book").order_by("-number")[:100]
        context = {"desk": self.desk, "versions": rows}
        return render(request, "leads/assignment/versions.html", context)


class VersionView(RoutingPage):
    """One published version, to read, with what it changed."""

    def get(self, request: PortalRequest, number: int) -> HttpResponse:
        """Show its rules and territories."""
        rows = RoutingVersion.objects.visible_to(request.actor).filter(state="published")
        version = rows.select_related("published_by").filter(number=number).first()
        if version is None:
            raise NotFound
        before = rows.filter(number__lt=number).order_by("-number").first()
        book = version.rules
        context = {
            "version": version,
            "rows": rules_in_words(book.rules, Catalogue(request.actor, book)),
            "territories": territories_in_words(book),
            "differences": differences(before.rules if before else Book(), book),
        }
        return render(request, "leads/assignment/version.html", context)
