"""The lead list as a declaration: its columns and its sorts (ux.md L1, L3; domain.md section 5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import dateformat
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.countries import NAMES
from leadportal.common.tables import Column, Sort, Sorting
from leads.enums import Progress, Qualification, Slugged
from leads.selectors.options import Question, attribute_questions
from leads.selectors.rows import LeadRow, Named
from templates_app.rules.shown import shown_value

CREATED = Sort(
    "created",
    _("Created"),
    ("created_at",),
    _("oldest first"),
    _("newest first"),
    is_down_first=True,
)
UPDATED = Sort(
    "updated",
    _("Updated"),
    ("updated_at",),
    _("oldest first"),
    _("newest first"),
    is_down_first=True,
)
COMPANY = Sort("company", _("Company"), ("company",), _("A to Z"), _("Z to A"))
FIRST_NAME = Sort("first_name", _("First name"), ("first_name",), _("A to Z"), _("Z to A"))
LAST_NAME = Sort("last_name", _("Last name"), ("last_name",), _("A to Z"), _("Z to A"))
PRODUCT = Sort("product", _("Product"), ("product_name",), _("A to Z"), _("Z to A"))
SCORE = Sort(
    "score", _("Score"), ("score",), _("lowest first"), _("highest first"), is_down_first=True
)
# In the order of life; leads of one status by their age.
STATUS = Sort(
    "status", _("Status"), ("status", "created_at"), _("first step first"), _("last step first")
)
SORTS = (CREATED, UPDATED, COMPANY, FIRST_NAME, LAST_NAME, PRODUCT, SCORE, STATUS)
NEWEST_FIRST = Sorting(CREATED, is_descending=True)
BY_DATE = frozenset({CREATED, UPDATED})


@dataclass(frozen=True)
class LeadColumn(Column):
    """A column of the list: its word in addresses, what it `reads` beside the usual, and its `text` for a row.

    Without `text` the template draws it.
    """

    word: str = ""
    reads: tuple[str, ...] = ()
    text: Callable[[LeadRow], str] | None = None


def _named(row: Named | None) -> str:
    return row.name if row else ""


def _plain(name: str) -> Callable[[LeadRow], str]:
    return lambda row: row.more[name] or ""


def _member(enum: type[Slugged], name: str) -> Callable[[LeadRow], str]:
    return lambda row: str(enum(row.more[name]).label) if row.more[name] else ""


def _country(row: LeadRow) -> str:
    code = row.more["country"]
    return str(NAMES.get(code, code))


def _age(row: LeadRow) -> str:
    return timesince(row.more["status_changed_at"], clock.now(), depth=1)


def time_left(ends_at: datetime | None) -> str:
    """Return how long a clock has still to run, by the clock on the wall; nothing without one."""
    if ends_at is None:
        return ""
    now = clock.now()
    if ends_at <= now:
        return gettext("over")
    return gettext("%(time)s left") % {"time": timesince(now, ends_at, depth=1)}


def step_in_words(text: str, on: date | None, by: str) -> str:
    """Return a next step as one line: what, when, who; nothing without a step."""
    if not text:
        return ""
    day = dateformat.format(on, "j M Y") if on else ""
    return " · ".join(part for part in (text, day, by) if part)


def _next_step(row: LeadRow) -> str:
    return step_in_words(*(row.more[name] for name in NEXT_STEP))


NEXT_STEP = ("next_step", "next_step_on", "next_step_by")
DEFAULT = (
    LeadColumn(_("Created"), CREATED, word="created"),
    LeadColumn(_("Company"), COMPANY, word="company"),
    LeadColumn(_("User"), LAST_NAME, word="user"),
    LeadColumn(_("Source"), word="source"),
    LeadColumn(_("Recipient"), word="recipient"),
    LeadColumn(_("Status"), STATUS, word="status"),
)
OPTIONAL = (
    LeadColumn(_("Lead ID"), word="reference", text=lambda row: row.reference),
    LeadColumn(_("Product"), PRODUCT, word="product", text=lambda row: _named(row.product)),
    LeadColumn(_("Template"), word="template", reads=("template",), text=_plain("template")),
    LeadColumn(_("Marketplace"), word="marketplace", text=lambda row: _named(row.marketplace)),
    LeadColumn(
        _("Distributor"), word="distributor", reads=("distributor",), text=_plain("distributor")
    ),
    LeadColumn(
        _("Person in charge"), word="in_charge", reads=("in_charge",), text=_plain("in_charge")
    ),
    LeadColumn(
        _("Score"),
        SCORE,
        css_class="cell-num",
        word="score",
        reads=("score",),
        text=lambda row: f"{row.more['score']:,}",
    ),
    LeadColumn(
        _("Qualification"),
        word="qualification",
        reads=("qualification",),
        text=_member(Qualification, "qualification"),
    ),
    LeadColumn(
        _("Sales progress"),
        word="progress",
        reads=("progress",),
        text=_member(Progress, "progress"),
    ),
    LeadColumn(_("Country"), word="country", reads=("country",), text=_country),
    LeadColumn(_("Updated"), UPDATED, word="updated", reads=("updated_at",)),
    LeadColumn(_("Age in status"), word="age", reads=("status_changed_at",), text=_age),
    LeadColumn(
        _("Deadline"),
        word="deadline",
        reads=("deadline",),
        text=lambda row: time_left(row.more["deadline"]),
    ),
    LeadColumn(
        _("Next step"), css_class="cell-long", word="next_step", reads=NEXT_STEP, text=_next_step
    ),
    LeadColumn(
        _("Last note"), css_class="cell-long", word="note", reads=("note",), text=_plain("note")
    ),
)
# It names the row and holds its link: no table goes without it.
ALWAYS = "company"
# Before the key of a custom attribute.
ATTRIBUTE = "attribute."


def every_column(actor: Person) -> list[LeadColumn]:
    """Return the columns that `actor` can choose from, with one for each custom attribute that it sees."""
    return [*DEFAULT, *OPTIONAL, *map(_attribute, attribute_questions(actor).values())]


def columns_called(words: Sequence[str], actor: Person) -> list[LeadColumn]:
    """Return the columns that `words` name, in that order; unknown ones are left out, Company never is.

    Costs a query where a custom attribute is among them.
    """
    has_attribute = any(word.startswith(ATTRIBUTE) for word in words)
    known = {
        column.word: column
        for column in (every_column(actor) if has_attribute else (*DEFAULT, *OPTIONAL))
    }
    found = [known[word] for word in dict.fromkeys(words) if word in known]
    return found if known[ALWAYS] in found else [known[ALWAYS], *found]


def _attribute(question: Question) -> LeadColumn:
    """Show an attribute's value on leads of the hosts that let the reader see it."""

    def text(row: LeadRow) -> str:
        if row.more["host"] not in question.hosts:
            return ""
        return shown_value(question.kind, row.more["attributes"].get(question.key))

    word = ATTRIBUTE + question.key
    return LeadColumn(
        question.label, css_class="cell-long", word=word, reads=("attributes", "host"), text=text
    )


# --- Companies (ux.md C1) -----------------------------------------------------------------------------

_FEWEST_MOST = (_("fewest first"), _("most first"))
# Ties come by name. What a company has none of comes before what it has.
NAME = Sort("name", _("Name"), ("name_order",), _("A to Z"), _("Z to A"))
KIND = Sort(
    "kind", _("Kind"), ("kind_order", "name_order"), _("marketplaces first"), _("customers first")
)
OPEN_LEADS = Sort(
    "open", _("Open leads"), ("open_leads", "name_order"), *_FEWEST_MOST, is_down_first=True
)
CONVERTED = Sort(
    "converted",
    _("Converted"),
    ("converted_leads", "name_order"),
    *_FEWEST_MOST,
    is_down_first=True,
)
PEOPLE = Sort("people", _("People"), ("people", "name_order"), *_FEWEST_MOST, is_down_first=True)
ACTIVITY = Sort(
    "activity",
    _("Last activity"),
    ("last_activity", "name_order"),
    _("oldest first"),
    _("newest first"),
    is_down_first=True,
)
RIGHTS = Sort(
    "rights",
    _("Access rights"),
    ("number_of_rights", "name_order"),
    *_FEWEST_MOST,
    is_down_first=True,
)
COMPANY_SORTS = (NAME, KIND, OPEN_LEADS, CONVERTED, PEOPLE, ACTIVITY, RIGHTS)
COMPANIES_BY_NAME = Sorting(NAME, is_descending=False)
COMPANY_COLUMNS = (
    Column(_("Name"), NAME),
    Column(_("Kind"), KIND),
    Column(_("Open leads"), OPEN_LEADS, "cell-num"),
    Column(_("Converted"), CONVERTED, "cell-num"),
    Column(_("People"), PEOPLE, "cell-num"),
    Column(_("Last activity"), ACTIVITY),
    Column(_("Access rights"), RIGHTS),
)
