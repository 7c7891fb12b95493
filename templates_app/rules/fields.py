"""What a question of a lead template is, as plain data, and the limits that vendors have (R22)."""

from dataclasses import dataclass
from decimal import Decimal

from templates_app.enums import FieldKind, MapsTo

FIELDS_MOST = 60
OPTIONS_MOST = 100
OPTION_LENGTH = 120
SHORT_TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 4000
LONGEST_TEXT = 10_000

# How much a lead keeps of what is mapped to it; a test compares this with the columns of leads.models.Lead.
LEAD_LENGTHS: dict[str, int] = {
    MapsTo.FIRST_NAME: 80,
    MapsTo.LAST_NAME: 80,
    MapsTo.EMAIL: 254,
    MapsTo.PHONE: 40,
    MapsTo.JOB_TITLE: 80,
    MapsTo.COMPANY: 120,
    MapsTo.WEBSITE: 200,
    MapsTo.SIZE: 20,
    MapsTo.INDUSTRY: 80,
    MapsTo.STREET: 120,
    MapsTo.POSTCODE: 20,
    MapsTo.CITY: 80,
    MapsTo.REGION: 80,
    MapsTo.COUNTRY: 2,
}
_OWN_KIND = {
    MapsTo.EMAIL: FieldKind.EMAIL,
    MapsTo.PHONE: FieldKind.PHONE,
    MapsTo.COUNTRY: FieldKind.COUNTRY,
}
_TEXT_KINDS = frozenset({FieldKind.SHORT_TEXT, FieldKind.CHOICE, FieldKind.HIDDEN})

LIMITED_TEXT = frozenset({FieldKind.SHORT_TEXT, FieldKind.LONG_TEXT})
LIMITED_NUMBER = frozenset({FieldKind.NUMBER, FieldKind.MONEY})
WITH_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})
NEVER_REQUIRED = frozenset({FieldKind.HIDDEN, FieldKind.HEADING})

CURRENCIES = tuple(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW MAD"
    " MXN MYR NGN NOK NZD PEN PHP PLN QAR RON RSD SAR SEK SGD THB TRY TWD UAH USD VND ZAR".split()
)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One question. `key` names the answer; the same key in two versions is the same question."""

    key: str
    label: str
    kind: FieldKind
    help_text: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()
    max_length: int | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    currency: str = ""
    maps_to: MapsTo | str = ""
    link: str = ""


def can_map(kind: FieldKind | str, maps_to: MapsTo | str) -> bool:
    """Say whether answers of `kind` can fill the lead field `maps_to`."""
    own = _OWN_KIND.get(MapsTo(maps_to))
    return kind == own if own else kind in _TEXT_KINDS


def length_limit(spec: FieldSpec) -> int:
    """Return how long a text answer may be: what the vendor says, within what the lead can keep."""
    most = LONG_TEXT_LENGTH if spec.kind == FieldKind.LONG_TEXT else SHORT_TEXT_LENGTH
    limit = min(spec.max_length or most, LONGEST_TEXT)
    return min(limit, LEAD_LENGTHS.get(spec.maps_to, limit))
