"""What a lead's fields are called, and how their values are read."""

from typing import Any, cast

from django.db.models import Field
from django.utils import dateformat
from django.utils.dateparse import parse_date

from leadportal.common.countries import NAMES
from leads.enums import Channel
from leads.models import Lead


def field_label(name: str) -> str:
    """Return the label of a lead's field: "Job title"."""
    words = str(cast("Field[Any, Any]", Lead._meta.get_field(name)).verbose_name)
    return words[:1].upper() + words[1:]


def shown_field(name: str, text: str) -> str:
    """Return a stored value of a lead's field, kept as text, as people read it."""
    if name == "channel":
        return str(Channel(int(text)).label) if text.isdigit() else text
    if name == "country":
        return str(NAMES.get(text, text))
    if name == "next_step_on" and (day := parse_date(text)):
        return dateformat.format(day, "j M Y")
    return text
