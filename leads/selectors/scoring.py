"""Read what scores are made of: the rules of each lead, what the lead says, what its prospect did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.actors import Person
from leads.enums import OPEN, AccessLevel, Channel, SourceKind
from leads.models import Behaviour, Lead, LeadAccess, LeadScore, ScoreSheet, SheetVersion
from leads.rules.scoring.kinds import SheetState
from leads.rules.scoring.score import Deed, Facts, Reason, Score, score_of, texts_of
from leads.rules.scoring.sheet import ANSWER, ATTRIBUTE, Group, Sheet, is_close

# So many leads of one prospect count what it does; more of them are no prospect.
SAME_PROSPECT_MOST = 20
# The columns that a rule may ask, and those that say whose rules count.
ASKED = frozenset(
    "size industry job_title country region city postcode company website email phone channel".split()
)
_SLUGS: dict[str, Any] = {"channel": Channel, "source_kind": SourceKind}


@dataclass(frozen=True)
class Rules:
    """The published rules that some leads are scored by."""

    of_product: Mapping[int, SheetVersion]
    of_host: Mapping[int, SheetVersion]
    contents: Mapping[int, Sheet]

    def version_for(self, lead: Lead) -> SheetVersion | None:
        """Return the vendor's for the lead's product, else the host's (domain.md section 8)."""
        own = self.of_product.get(lead.product_id) if lead.product_id else None
        return own or self.of_host.get(lead.host_id)

    def __bool__(self) -> bool:
        return bool(self.contents)


def rules_for(leads: Iterable[Lead]) -> Rules:
    """Return the published rules of `leads`, in one query."""
    products = {lead.product_id for lead in leads if lead.product_id}
    hosts = {lead.host_id for lead in leads}
    rows = SheetVersion.objects.filter(
        Q(sheet__product__in=products) | Q(sheet__product__isnull=True, sheet__company__in=hosts),
        state=SheetState.PUBLISHED,
    ).select_related("sheet")
    versions = list(rows.order_by())
    return Rules(
        {one.sheet.product_id: one for one in versions if one.sheet.product_id},
        {one.sheet.company_id: one for one in versions if not one.sheet.product_id},
        {one.pk: one.content for one in versions},
    )


def rules_of(version: SheetVersion) -> Rules:
    """Return the rules of one version for all of its leads (`leads_of`), published or not; no query."""
    sheet, contents = version.sheet, {version.pk: version.content}
    if sheet.product_id:
        return Rules({sheet.product_id: version}, {}, contents)
    return Rules({}, {sheet.company_id: version}, contents)


def is_scored(lead: Lead) -> bool:
    """Say whether a lead has a score of its own: it is open, no test, not merged away, and not anonymised."""
    is_there = lead.merged_into_id is None and lead.anonymised_at is None
    return is_there and not lead.is_test and lead.status in OPEN


def leads_of(sheet: ScoreSheet) -> "QuerySet[Lead]":
    """Return the open leads that `sheet` gives scores to once it is published."""
    rows = Lead.objects.filter(
        status__in=OPEN, is_test=False, merged_into__isnull=True, anonymised_at__isnull=True
    )
    if sheet.product_id:
        return rows.filter(product=sheet.product_id)
    vendors = SheetVersion.objects.filter(
        sheet__product=OuterRef("product"), state=SheetState.PUBLISHED
    )
    return rows.filter(~Exists(vendors), host=sheet.company_id)


def deeds_of(leads: Iterable[Lead]) -> dict[int, list[Deed]]:
    """Return what the prospects of `leads` did, in one query."""
    found: defaultdict[int, list[Deed]] = defaultdict(list)
    rows = Behaviour.objects.filter(lead__in=[lead.pk for lead in leads]).order_by("at", "pk")
    for lead_id, kind, about, at in rows.values_list("lead_id", "kind", "about", "at"):
        found[lead_id].append(Deed(kind, about, at))
    return found


def facts_of(lead: Lead, sheet: Sheet) -> Facts:
    """Return what `lead` says about everything that the fit rules of `sheet` ask."""
    return {rule.subject: _said(lead, rule.subject) for rule in sheet.of(Group.FIT)}


def _said(lead: Lead, subject: str) -> tuple[str, ...]:
    if subject.startswith(ANSWER):
        return texts_of(lead.answers.get(subject.removeprefix(ANSWER)))
    if subject.startswith(ATTRIBUTE):
        return texts_of(lead.attributes.get(subject.removeprefix(ATTRIBUTE)))
    if subject == "email":  # what is asked of an address is whose mail server it is at
        return texts_of(lead.email.rpartition("@")[2])
    value = getattr(lead, subject, "")
    return (_SLUGS[subject](value).slug,) if subject in _SLUGS else texts_of(value)


@dataclass(frozen=True)
class Rated:
    """A lead with the score that its rules give it now, and what is stored of the one before."""

    lead: Lead
    version: SheetVersion
    score: Score
    known: LeadScore | None

    @property
    def is_mql(self) -> bool:
        """Whether the score is at the threshold or above."""
        threshold = self.version.threshold
        return threshold is not None and self.score.total >= threshold

    @property
    def is_near(self) -> bool:
        """Whether the score is close below the threshold."""
        threshold = self.version.threshold
        return threshold is not None and is_close(self.score.total, threshold)

    @property
    def crosses(self) -> bool:
        """Whether the lead becomes marketing qualified by it: the score was below the threshold until now."""
        return self.is_mql and self.lead.mql_at is None

    @property
    def falls(self) -> bool:
        """Whether the lead is no longer marketing qualified by it."""
        return not self.is_mql and self.lead.mql_at is not None

    @property
    def changes(self) -> bool:
        """Whether anything of the lead itself changes."""
        return self.score.total != self.lead.score or self.crosses or self.falls


def rate(leads: Sequence[Lead], moment: datetime, rules: Rules | None = None) -> list[Rated]:
    """Return the scores of those of `leads` that are scored by published rules, or by `rules`.

    At most four queries, however many leads: rules, what was done, the scores before, and long columns that were
    left out when the leads were read.
    """
    asked = [lead for lead in leads if is_scored(lead)]
    if not asked:
        return []
    rules = rules if rules is not None else rules_for(asked)
    found = [(lead, version) for lead in asked if (version := rules.version_for(lead))]
    if not found:
        return []
    leads = [lead for lead, _version in found]
    _complete(leads, rules)
    asks = any(one.asks_behaviour for one in rules.contents.values())
    deeds = deeds_of(leads) if asks else {}
    known = LeadScore.objects.in_bulk([lead.pk for lead in leads])
    return [
        Rated(
            lead,
            version,
            _score(lead, rules.contents[version.pk], deeds, moment),
            known.get(lead.pk),
        )
        for lead, version in found
    ]


def _score(
    lead: Lead, sheet: Sheet, deeds: Mapping[int, Sequence[Deed]], moment: datetime
) -> Score:
    return score_of(sheet, facts_of(lead, sheet), deeds.get(lead.pk, ()), moment)


def _complete(leads: Sequence[Lead], rules: Rules) -> None:
    """Give leads that were read without their long columns those that the rules ask."""
    subjects = {rule.subject for one in rules.contents.values() for rule in one.rules}
    wanted = {
        name
        for name, word in (("answers", ANSWER), ("attributes", ATTRIBUTE))
        if any(subject.startswith(word) for subject in subjects)
    }
    lacking = [lead for lead in leads if wanted & lead.get_deferred_fields()]
    if lacking:
        rows = Lead.objects.filter(pk__in=[lead.pk for lead in lacking]).order_by()
        stored = {pk: values for pk, *values in rows.values_list("pk", *sorted(wanted))}
        for lead in lacking:
            for name, value in zip(sorted(wanted), stored[lead.pk], strict=True):
                setattr(lead, name, value)


def stored_reasons(score: Score) -> list[list[Any]]:
    """Return reasons as a row keeps them; see `reasons_of`."""
    return [
        [one.key, one.points, one.times, one.at.isoformat() if one.at else None]
        for one in score.reasons
    ]


def reasons_of(row: LeadScore) -> list[Reason]:
    """Return the reasons that a row keeps."""
    return [
        Reason(key, points, times, datetime.fromisoformat(at) if at else None)
        for key, points, times, at in row.reasons
    ]


def leads_of_prospect(actor: Person, email: str) -> list[Lead]:
    """Return the open leads with an email address that the actor's desk has now, the newest first; 20 at most."""
    access = LeadAccess.objects.visible_to(actor).filter(
        lead=OuterRef("pk"), level=AccessLevel.CURRENT
    )
    rows = Lead.objects.annotate(address=Lower("email")).filter(
        Exists(access), address=email.lower(), status__in=OPEN
    )
    return list(rows.order_by("-pk")[:SAME_PROSPECT_MOST])
