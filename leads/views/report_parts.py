"""The reports (ux.md R1), in the order of their tabs."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leads.filters.reports import ReportAsked
from leads.rules.permissions import reads_referral_credit, reads_template_reports
from leads.rules.selling import sells
from leads.views.report_groups import (
    by_product,
    by_recipient,
    by_score,
    by_source,
    by_template,
    conversion,
    reasons,
    referrals,
)
from leads.views.report_time import ageing, by_date, by_status, funnel, response
from leads.views.reporting import Report

SUMMARY = Report("status", _("Status now"), "", by_status)
REPORTS = {
    report.word: report
    for report in (
        Report(
            "created",
            _("Leads over time"),
            _("How many leads were created each day, week or month, and what became of them."),
            by_date,
        ),
        Report("source", _("Sources"), _("Where leads come from."), by_source),
        Report("product", _("Products"), _("Which products are asked for."), by_product),
        Report("recipient", _("Recipients"), _("Who has the leads."), by_recipient),
        Report(
            "funnel",
            _("Funnel"),
            _("How far leads come from Submitted to Converted, and how long each step takes."),
            funnel,
        ),
        Report(
            "response",
            _("Response time"),
            _("How long leads wait for the first acceptance or note."),
            response,
        ),
        Report(
            "conversion",
            _("Conversion"),
            _("Which share of the leads becomes customers, by reseller and by product."),
            conversion,
        ),
        Report(
            "reasons",
            _("Disqualify reasons"),
            _("Why leads were disqualified."),
            reasons,
        ),
        Report(
            "template",
            _("Templates"),
            _("What became of the leads of each lead template."),
            by_template,
            reads_template_reports,
        ),
        Report(
            "referral",
            _("Referral credit"),
            _("What the leads of each referral partner came to."),
            referrals,
            reads_referral_credit,
        ),
        Report("score", _("Scores"), _("How the scores of the leads are spread."), by_score),
        Report("ageing", _("Open leads by age"), _("How old the open leads are."), ageing),
    )
}


_ABOUT_DEALS = _("What is open in each stage, by value and chance, and what was won each month.")


@dataclass(frozen=True)
class Way:
    """The way to a report, for tabs and for the list of all."""

    label: Any
    about: Any
    url: str
    is_current: bool


def ways(asked: ReportAsked, current: str = "") -> list[Way]:
    """Return the way to each report that the actor has, in the order of the tabs; deals come last."""
    found = [
        Way(one.title, one.about, asked.address("leads:report", one.word), one.word == current)
        for one in reports_for(asked.actor)
    ]
    if sells(asked.actor):
        url = reverse("leads:report_deals")
        found.append(Way(_("Deals"), _ABOUT_DEALS, url, current == "deals"))
    return found


def reports_for(actor: Person) -> list[Report]:
    """Return the reports that `actor` has, in the order of their tabs."""
    return [report for report in REPORTS.values() if report.is_for(actor)]
