"""The lead list as a declaration: its columns and its sorts (ux.md L1, L3; domain.md section 5)."""

from django.utils.translation import gettext_lazy as _

from leadportal.common.tables import Column, Sort, Sorting

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

COLUMNS = (
    Column(_("Created"), CREATED),
    Column(_("Company"), COMPANY),
    Column(_("User"), LAST_NAME),
    Column(_("Source")),
    Column(_("Recipient")),
    Column(_("Status"), STATUS),
)
