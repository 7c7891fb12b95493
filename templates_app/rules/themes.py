"""How an embedded form may look: one accent colour and one corner, with the contrast checked by us (ux.md F9)."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext

from templates_app.enums import Corner

ACCENT = "#0E6470"
# White text stands on the accent, and links of its colour on white (WCAG 1.4.3).
CONTRAST = 4.5
_WHITE = (255, 255, 255)
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_HOVER = 0.8
_STEP = 0.95
# Pixels: of controls, and of the panel around them.
RADII: dict[str, tuple[int, int]] = {
    Corner.SQUARE: (0, 0),
    Corner.SOFT: (8, 12),
    Corner.ROUND: (18, 24),
}

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Theme:
    """What the style sheet of an embedded form says."""

    accent: str
    hover: str
    control_radius: int
    panel_radius: int


def theme(accent: str, corner: str) -> Theme:
    """Return the look of the two settings; a colour darker than the accent marks what is pointed at."""
    control, panel = RADII[corner]
    return Theme(accent, _written(_shaded(_read(accent), _HOVER)), control, panel)


def accent_problem(accent: str) -> str:
    """Return why a colour cannot be the accent, with one that can; nothing when it can."""
    if not _HEX.fullmatch(accent):
        return gettext("Choose a colour, written like %(colour)s") % {"colour": ACCENT}
    found = contrast(_read(accent), _WHITE)
    if found >= CONTRAST:
        return ""
    return gettext(
        "White text on this colour has a contrast of %(found).1f to 1, and %(needed).1f is needed. "
        "Choose a darker one, like %(colour)s"
    ) % {"found": found, "needed": CONTRAST, "colour": dark_enough(accent)}


def dark_enough(accent: str) -> str:
    """Return the lightest shade of a colour that white text can be read on."""
    colour = _read(accent)
    while contrast(colour, _WHITE) < CONTRAST:
        colour = _shaded(colour, _STEP)
    return _written(colour)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, from 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _read(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _written(colour: Colour) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


def _shaded(colour: Colour, share: float) -> Colour:
    red, green, blue = (int(part * share) for part in colour)
    return red, green, blue
