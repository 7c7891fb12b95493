"""What every page of Django admin is made of: quick on millions of rows, and reading is logged (ux.md 2.12)."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

MOST_COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Count no further than MOST_COUNTED: a whole table would be read for a number nobody needs (X2).

    Rows behind that are found by search and filters.
    """

    @cached_property
    def count(self) -> int:
        """Return the number of rows, or MOST_COUNTED when there are more."""
        rows = cast("QuerySet[Any]", self.object_list)
        return rows.order_by()[:MOST_COUNTED].count()


class PortalAdmin(admin.ModelAdmin):
    """The base of every model's pages. Models with `personal_data` log who of the staff opened a row."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    formfield_overrides: ClassVar[dict[Any, Any]] = {models.URLField: {"assume_scheme": "https"}}

    def action_checkbox(self, obj: models.Model) -> SafeString:
        """Draw the box that ticks a row. It names the row by number: lists show no personal data (X5)."""
        label = _("Select %(row)s") % {"row": obj.pk}
        box = forms.CheckboxInput(
            {"class": "action-select", "aria-label": label}, lambda _value: False
        )
        return box.render(ACTION_CHECKBOX_NAME, str(obj.pk))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Show one row; where it holds personal data, note who looked (domain.md section 11)."""
        row = context.get("original")
        if request.method == "GET" and row and getattr(self.model, "personal_data", False):
            self._note_view(request, row.pk)
        return super().render_change_form(request, context, *args, **options)

    def _note_view(self, request: HttpRequest, number: int) -> None:
        """Write a line that names the row by number only: the log holds no personal data (R25)."""
        LogEntry(
            user_id=cast(int, request.user.pk),
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=str(number),
            object_repr=f"{self.opts.verbose_name} {number}",
            action_flag=CHANGE,
            change_message=_("Opened"),
        ).save()


class ReadOnlyAdmin(PortalAdmin):
    """Pages of a model that only services write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False


def masked_email(address: str) -> str:
    """Return an address of which only the first letter and the domain can be read, for lists (X5)."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if domain else "…"
