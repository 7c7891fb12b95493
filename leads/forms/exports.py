"""Which file of the leads of a list somebody wants."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm

CSV, XLSX = "csv", "xlsx"
ALL, VISIBLE = "all", "visible"


class ExportForm(PortalForm):
    """The kind of file, and its columns."""

    kind = OneOf(
        label=_("File"),
        choices=[(CSV, _("CSV: for every program")), (XLSX, _("XLSX: for spreadsheets"))],
        widget=forms.RadioSelect,
        initial=CSV,
        enter=_("Choose a kind of file"),
    )
    columns = OneOf(
        label=_("Columns"),
        choices=[(ALL, _("All columns")), (VISIBLE, _("Visible columns"))],
        widget=forms.RadioSelect,
        initial=ALL,
        enter=_("Choose the columns"),
    )
