"""The forms of an import: the file, how it is read, what its columns are, what happens to duplicates."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm, TextLine
from leads.enums import Duplicates
from leads.models import Import, ImportMapping
from leads.rules.imports import Guess
from leads.selectors.import_files import ENCODINGS, SEPARATORS
from leads.selectors.import_targets import Known

COLUMN = "column_"
MAPPING_NAME_LENGTH = 60


class FileForm(PortalForm):
    """A file of leads."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV up to 200 MB, or XLSX up to 50 MB. The first row has the column names."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "required": _("Choose a file"),
            "missing": _("Choose a file"),
            "empty": _("The file is empty. Choose one with a row of column names."),
            "max_length": _("The name of the file is too long. Give it a shorter one."),
            "invalid": _("Choose a file"),
        },
    )


class ReadingForm(PortalForm):
    """How a file is read: the encoding and separator of a CSV file, the sheet of a workbook."""

    encoding = OneOf(
        label=_("Encoding"),
        choices=list(ENCODINGS.items()),
        enter=_("Choose an encoding"),
        help_text=_("Choose another one where you see wrong letters."),
    )
    separator = OneOf(
        label=_("Separator"),
        choices=list(SEPARATORS.items()),
        enter=_("Choose what stands between the cells"),
    )
    sheet = OneOf(label=_("Sheet"), choices=[], enter=_("Choose a sheet"))

    def __init__(self, *args: Any, source: Import, sheets: Sequence[str], **kwargs: Any) -> None:
        initial = {
            "encoding": source.encoding,
            "separator": source.separator,
            "sheet": source.sheet or next(iter(sheets), ""),
        }
        super().__init__(*args, initial=initial, **kwargs)
        if sheets:
            del self.fields["encoding"], self.fields["separator"]
            sheet: Any = self.fields["sheet"]
            sheet.choices = [(name, name) for name in sheets]
        else:
            del self.fields["sheet"]


class ColumnsForm(PortalForm):
    """What each column becomes, and what all rows have in common. Errors about columns stand above the form."""

    marketplace = OneOf(
        label=_("Marketplace of all rows without one"),
        choices=[],
        required=False,
        empty=_("None"),
        enter=_("Choose a marketplace"),
    )
    product = OneOf(
        label=_("Product of all rows without one"),
        choices=[],
        required=False,
        empty=_("None"),
        enter=_("Choose a product"),
    )
    save_as = TextLine(
        label=_("Save this mapping as"),
        max_length=MAPPING_NAME_LENGTH,
        required=False,
        help_text=_("For the next file of this make. Everybody in your company can use it."),
    )

    def __init__(
        self,
        *args: Any,
        source: Import,
        guesses: Sequence[Guess],
        targets: Mapping[str, Any],
        known: Known,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        choices = [("", _("Do not import")), *targets.items()]
        for place, (name, guess) in enumerate(zip(source.header, guesses, strict=True)):
            self.fields[f"{COLUMN}{place}"] = OneOf(
                label=name or _("Column without a name"),
                choices=choices,
                required=False,
                initial=guess.target,
                enter=_("Choose what this column is"),
            )
        self.width = len(source.header)
        self._offer("marketplace", known.marketplaces, source.marketplace_id)
        self._offer("product", known.products, source.product_id)

    def _offer(self, name: str, things: Mapping[str, Any], chosen: int | None) -> None:
        if not things:
            del self.fields[name]
            return
        field: Any = self.fields[name]
        field.choices = [("", _("None")), *((str(one.pk), one.name) for one in things.values())]
        only = [str(one.pk) for one in things.values()] if len(things) == 1 else []
        needs_one = name == "marketplace" or self.known.is_vendor
        self.initial[name] = str(chosen) if chosen else (only[0] if only and needs_one else "")

    @property
    def columns(self) -> list[Any]:
        """The fields of the columns, in the file's order."""
        return [self[f"{COLUMN}{place}"] for place in range(self.width)]

    @property
    def common(self) -> list[Any]:
        """The fields of what all rows have in common."""
        return [self[name] for name in ("marketplace", "product") if name in self.fields]

    @property
    def mapping(self) -> list[str]:
        """The target of each column."""
        return [self.cleaned_data[f"{COLUMN}{place}"] for place in range(self.width)]

    def chosen(self, name: str) -> Any:
        """Return the marketplace or product that was chosen for all rows."""
        things = self.known.marketplaces if name == "marketplace" else self.known.products
        word = self.cleaned_data.get(name)
        return next((one for one in things.values() if str(one.pk) == word), None)


class SavedForm(PortalForm):
    """A mapping that was kept."""

    saved = OneOf(label=_("Saved mapping"), choices=[], enter=_("Choose a saved mapping"))

    def __init__(self, *args: Any, mappings: Sequence[ImportMapping], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["saved"]
        field.choices = [(str(one.pk), one.name) for one in mappings]


class DuplicatesForm(PortalForm):
    """What becomes of rows whose lead is there already."""

    duplicates = OneOf(
        label=_("Leads that are there already"),
        choices=Duplicates.choices,
        widget=forms.RadioSelect,
        initial=Duplicates.SKIP.value,
        enter=_("Choose what happens to duplicates"),
    )
