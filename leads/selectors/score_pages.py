"""What the pages about scoring show: rules, versions, what can be asked, and why a lead has its score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from accounts.actors import Person
from accounts.enums import Role
from leadportal.common import clock
from leadportal.common.errors import NotFound
from leads.models import Lead, LeadScore, ScoreSheet, SheetVersion, Target, TrackedLink
from leads.rules.permissions import may_edit_sheet
from leads.rules.scoring.kinds import BehaviourKind, SheetState
from leads.rules.scoring.score import Deed, Facts, Reason, matching, score_of
from leads.rules.scoring.sheet import ANSWER, ATTRIBUTE, Group, Rule, Sheet
from leads.rules.scoring.words import FIELDS, condition, effect
from leads.selectors.detail import Sight
from leads.selectors.scoring import deeds_of, facts_of, is_scored, reasons_of, rules_for
from templates_app.enums import FieldKind, VersionState
from templates_app.models import CustomAttribute, Product, TemplateField, TemplateVersion

SUBJECTS_MOST = 100
_NOT_ASKED = (FieldKind.HEADING, FieldKind.CONSENT, FieldKind.EMAIL, FieldKind.PHONE)


@dataclass(frozen=True)
class SheetLine:
    """A line of the list: rules that are there, or a product that has none."""

    name: str
    sheet: ScoreSheet | None = None
    product: Product | None = None
    live: SheetVersion | None = None
    draft: SheetVersion | None = None


def sheet_lines(actor: Person) -> list[SheetLine]:
    """Return the rules that `actor` sees, and a line for what it may begin rules for; three queries."""
    sheets = list(ScoreSheet.objects.visible_to(actor).select_related("product", "updated_by"))
    states = [SheetState.DRAFT, SheetState.PUBLISHED]
    versions = SheetVersion.objects.filter(sheet__in=sheets, state__in=states)
    found = {(one.sheet_id, one.state): one for one in versions}
    lines = [
        SheetLine(
            sheet.name,
            sheet,
            sheet.product,
            found.get((sheet.pk, SheetState.PUBLISHED)),
            found.get((sheet.pk, SheetState.DRAFT)),
        )
        for sheet in sheets
    ]
    has_own = any(sheet.product_id is None for sheet in sheets)
    if actor.has(Role.MARKETPLACE_MANAGER) and not has_own:
        lines.insert(0, SheetLine(ScoreSheet(company_id=actor.company_id).name))
    if actor.has(Role.VENDOR):
        known = [sheet.product_id for sheet in sheets if sheet.product_id]
        others = Product.objects.visible_to(actor).filter(vendor=actor.company_id)
        rest = others.exclude(pk__in=known).order_by("name")[:SUBJECTS_MOST]
        lines += [SheetLine(product.name, product=product) for product in rest]
    return lines


def find_sheet(actor: Person, pk: int) -> ScoreSheet:
    """Return scoring rules that `actor` sees. Raises NotFound."""
    rows = ScoreSheet.objects.visible_to(actor).select_related(
        "product", "company", "updated_by", "recalculation"
    )
    if (sheet := rows.filter(pk=pk).first()) is None:
        raise NotFound
    return sheet


def may_edit(sheet: ScoreSheet, actor: Person) -> bool:
    """Say whether `actor` may change the rules."""
    is_of_product = sheet.product_id is not None
    return may_edit_sheet(actor, company_id=sheet.company_id, is_of_product=is_of_product)


def own_product(actor: Person, pk: int) -> Product:
    """Return a product of the actor's company. Raises NotFound."""
    rows = Product.objects.visible_to(actor).filter(vendor=actor.company_id, pk=pk)
    if (product := rows.first()) is None:
        raise NotFound
    return product


def versions_of(sheet: ScoreSheet) -> list[SheetVersion]:
    """Return the versions, the newest first."""
    return list(sheet.versions.select_related("published_by", "trial_job").order_by("-number"))


def company_targets(sheet: ScoreSheet) -> list[Target]:
    """Return the Slack channels and webhooks that the rules can name."""
    return list(Target.objects.filter(company=sheet.company_id, is_active=True).order_by("name"))


@dataclass(frozen=True)
class RuleLine:
    """A rule as a sentence, and how many open leads met it in the last dry run."""

    rule: Rule
    condition: str
    effect: str
    matches: int | None = None


def rule_lines(version: SheetVersion, group: Group) -> list[RuleLine]:
    """Return the rules of a group."""
    matches = version.trial.get("matches", {})
    return [
        RuleLine(rule, condition(rule), effect(rule), matches.get(rule.key))
        for rule in version.content.of(group)
    ]


@dataclass(frozen=True)
class Subject:
    """Something that a rule can ask: its name in the address, and what it is called."""

    word: str
    label: str
    group: Group


def subjects(actor: Person) -> dict[str, list[Subject]]:
    """Return what rules can ask, in parts: the lead, answers, custom attributes, behaviour."""
    versions = TemplateVersion.objects.visible_to(actor).filter(state=VersionState.PUBLISHED)
    fields = TemplateField.objects.filter(version__in=versions, maps_to="").exclude(
        kind__in=_NOT_ASKED
    )
    answers: dict[str, str] = {}
    for key, label in fields.order_by("label", "pk").values_list("key", "label"):
        answers.setdefault(key, label)
    attributes = CustomAttribute.objects.visible_to(actor).filter(is_active=True, owner=None)
    named = attributes.order_by("label").values_list("key", "label")[:SUBJECTS_MOST]
    return {
        "lead": [Subject(name, str(label), Group.FIT) for name, label in FIELDS.items()],
        "answers": [
            Subject(f"{ANSWER}{key}", label, Group.FIT)
            for key, label in list(answers.items())[:SUBJECTS_MOST]
        ],
        "attributes": [Subject(f"{ATTRIBUTE}{key}", label, Group.FIT) for key, label in named],
        "behaviour": [
            Subject(kind.value, str(kind.label), Group.BEHAVIOUR) for kind in BehaviourKind
        ],
    }


@dataclass(frozen=True)
class Difference:
    """What one version has that the one before had not, and the other way round, as sentences."""

    added: list[RuleLine]
    removed: list[RuleLine]
    changed: list[tuple[RuleLine, RuleLine]]
    thresholds: tuple[int | None, int | None]
    has_other_limits: bool


def difference(before: SheetVersion | None, after: SheetVersion) -> Difference:
    """Compare two versions by the keys of their rules; None before the first one."""
    old = before.content if before else Sheet()
    new = after.content
    olds, news = ({rule.key: rule for rule in one.rules} for one in (old, new))
    return Difference(
        [_line(rule) for key, rule in news.items() if key not in olds],
        [_line(rule) for key, rule in olds.items() if key not in news],
        [
            (_line(olds[key]), _line(rule))
            for key, rule in news.items()
            if key in olds and olds[key] != rule
        ],
        (old.threshold, new.threshold),
        (old.fit, old.behaviour) != (new.fit, new.behaviour),
    )


def _line(rule: Rule) -> RuleLine:
    return RuleLine(rule, condition(rule), effect(rule))


# --- A lead ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """A rule and what it gave a lead, or that it gave nothing; `at` is when it happened last."""

    line: RuleLine
    points: int = 0
    times: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class Why:
    """Why a lead has its score (ux.md D17)."""

    total: int
    fit: int
    behaviour: int
    before: int
    threshold: int | None
    given: list[Given]
    version: int
    rules: str
    scored_at: datetime
    limited: bool = False


def why(sight: Sight) -> Why | None:
    """Return why the lead has its score, None where no rules have scored it."""
    rows = LeadScore.objects.select_related("version__sheet__product")
    row = rows.filter(lead=sight.lead.pk).first()
    if row is None:
        return None
    reasons = reasons_of(row)
    known = {rule.key: rule for rule in row.version.content.rules}
    given = [_given(known[one.key], one) for one in reasons if one.key in known]
    return Why(
        sight.lead.score,
        row.fit,
        row.behaviour,
        row.before,
        row.version.threshold,
        given,
        row.version.number,
        row.version.sheet.name,
        row.scored_at,
        limited=sum(one.points for one in given) != sight.lead.score,
    )


def _given(rule: Rule, reason: Reason) -> Given:
    return Given(_line(rule), reason.points, reason.times, reason.at)


@dataclass(frozen=True)
class Tested:
    """What a draft would give a lead, or one that is as somebody typed, rule by rule."""

    total: int
    lines: list[Given]
    lead: Lead | None = None
    is_scored: bool = True
    is_own: bool = True


def tested(version: SheetVersion, lead: Lead) -> Tested:
    """Return what `version` gives `lead` now, also which rules give nothing; nothing is written."""
    content = version.content
    found = tried(content, facts_of(lead, content), deeds_of([lead]).get(lead.pk, []))
    used = rules_for([lead]).version_for(lead)
    is_own = used.sheet_id == version.sheet.pk if used else True
    return replace(found, lead=lead, is_scored=is_scored(lead), is_own=is_own)


def tried(content: Sheet, facts: Facts, deeds: Sequence[Deed]) -> Tested:
    """Return what rules give a lead that says and whose prospect did so."""
    moment = clock.now()
    score = score_of(content, facts, deeds, moment)
    given = {one.key: one for one in score.reasons}
    lines = []
    for rule in content.rules:
        if rule.key in given:
            lines.append(_given(rule, given[rule.key]))
        else:
            counted = 0 if rule.group == Group.FIT else len(matching(rule, deeds, moment))
            lines.append(Given(_line(rule), 0, counted))
    return Tested(score.total, lines)


def links(actor: Person) -> "QuerySet[TrackedLink]":
    """Return the tracked links of the actor's company."""
    return TrackedLink.objects.visible_to(actor)


def names_of(keys: list[int], actor: Person) -> dict[int, Lead]:
    """Return those of the leads `keys` that `actor` sees, for their names."""
    rows = Lead.objects.visible_to(actor).filter(pk__in=keys)
    return rows.only("reference", "company", "first_name", "last_name").in_bulk()
