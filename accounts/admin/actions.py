"""One service for every row that staff has ticked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from leadportal.common.errors import Refused


def each(request: HttpRequest, rows: Any, change: Any) -> None:
    """Do `change` to every row, and say for how many it was refused and why."""
    for row in rows:
        try:
            change(row)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("Done: %(row)s") % {"row": row.pk})
