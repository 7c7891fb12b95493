"""Template tags of the shell and the components; a builtin, so templates need no {% load %}.

No tag here marks a string safe: HTML comes from templates or from format_html.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from leadportal.common import clock

register = template.Library()

# Slug of a state -> (colour category, icon). Colour never stands alone: the icon differs, and the word is always there.
LOOKS = {
    "pending_submission": ("waiting", "hourglass"),
    "approval_requested": ("waiting", "hourglass"),
    "submitted": ("new", "circle-dot"),
    "assigned": ("working", "filled-user"),
    "referred": ("handed", "arrow-right"),
    "converted": ("won", "check"),
    "won": ("won", "check"),
    "draft": ("removed", "pencil"),
    "sent": ("new", "send"),
    "accepted": ("won", "check"),
    "rejected": ("rejected", "ban"),
    "expired": ("waiting", "hourglass"),
    "placed": ("working", "receipt"),
    "delivered": ("won", "check"),
    "cancelled": ("rejected", "ban"),
    "disqualified": ("rejected", "ban"),
    "lost": ("rejected", "ban"),
    "deleted": ("removed", "trash"),
}


@register.simple_tag
@cache
def icon(name: str, css_class: str = "") -> SafeString:
    """Draw an icon of the sprite (names: scripts/vendor.py). Always decoration: the words stand beside it."""
    return format_html(
        '<svg class="{}" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        f"icon {css_class}".strip(),
        static("vendor/icons.svg"),
        name,
    )


@register.inclusion_tag("components/status_chip.html")
def status_chip(status: Any) -> dict[str, Any]:
    """Show a state (an enum member with .slug and .label) as colour, icon and word."""
    return {"label": status.label, "look": status_look(status)}


@register.filter
def status_look(status: Any) -> dict[str, str]:
    """Colour category and icon of a state, for chips, toggles and the end of a status path."""
    category, icon_name = LOOKS.get(status.slug, ("removed", "dots"))
    return {"category": category, "icon": icon_name}


@register.simple_tag
def moment(value: datetime | None, form: str = "long") -> SafeString | str:
    """A <time> in the reader's zone: "21 Nov 2025, 18:42 CET"; "short" (tables) keeps the zone for the tooltip.

    "time" leaves the day out as long as it is today.
    """
    if value is None:
        return ""
    local = timezone.localtime(value)
    full = dateformat.format(local, "j M Y, H:i T")
    if form == "time" and local.date() == timezone.localdate(clock.now()):
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            local.isoformat(timespec="seconds"),
            full,
            dateformat.format(local, "H:i"),
        )
    if form == "short":
        return format_html(
            '<time datetime="{}" title="{}">{} <span class="sub">{}</span></time>',
            local.isoformat(timespec="seconds"),
            full,
            dateformat.format(local, "j M Y"),
            dateformat.format(local, "H:i"),
        )
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), full)


@register.filter
def initials(name: str) -> str:
    """First letters of the first and the last word: "Ana Maria Sousa" -> "AS"."""
    words = str(name).split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


@register.filter
def yes_if(value: Any, wanted: str) -> str:
    """Say true or false for ARIA attributes: aria-pressed="{{ layout|yes_if:'list' }}"."""
    return "true" if value == wanted else "false"


@register.filter
def shown_in(row: Any, column: Any) -> str:
    """What a column says of a row."""
    return str(column.text(row))


@register.filter
def count_of(counts: Mapping[Any, int], key: Any) -> str:
    """What was counted under a key, with its thousands: "2,160"; nothing counted is 0."""
    return f"{counts.get(key, 0):,}"


@register.filter
def undo_path(message: Any) -> str:
    """The local address in a message's extra_tags ("undo:/leads/…/"), or nothing."""
    for tag in (message.extra_tags or "").split():
        path = tag.removeprefix("undo:")
        if path != tag and path.startswith("/") and not path.startswith("//"):
            return path
    return ""


@register.filter
def error_links(form: Any) -> list[dict[str, str]]:
    """Every error of a form with the id of the control it belongs to, in the order of the page."""
    links = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or field.auto_id
        if field.use_fieldset and field.subwidgets:
            target = field.subwidgets[0].id_for_label or target
        links.extend({"text": text, "target": target} for text in field.errors)
    return links
