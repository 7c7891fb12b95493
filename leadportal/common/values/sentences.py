"""What is said about a value that cannot be taken (words: ux.md section 4)."""

from decimal import Decimal

from django.utils.translation import gettext

# 14 digits with two decimals: what the number columns hold, and a JSON number keeps it exactly.
LARGEST = Decimal("999999999999.99")


class BadValueError(ValueError):
    """A value that cannot be taken. `sentence` says what happened and how to fix it (ux.md 4.1)."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def enter(label: object) -> str:
    """Return the sentence for an empty field: "Enter work email"; an article is up to the form."""
    words = str(label)
    if words.endswith("?"):
        return gettext("Answer the question “%(label)s”") % {"label": words}
    return gettext("Enter %(label)s") % {"label": _inside_a_sentence(words)}


def choose(label: object) -> str:
    """Return the sentence for an empty choice."""
    return gettext("Choose an answer for %(label)s") % {"label": label}


def length_sentence(label: object, max_length: int, length: int) -> str:
    """Return what is said about a text that is too long."""
    return gettext(
        "%(label)s must be %(most)s characters or fewer. You have entered %(length)s."
    ) % {"label": label, "most": f"{max_length:,}", "length": f"{length:,}"}


def range_sentence(
    label: object, smallest: Decimal | int | None, largest: Decimal | int | None
) -> str:
    """Return what is said about a number outside its limits."""
    if smallest is not None and largest is not None:
        return gettext("%(label)s must be between %(smallest)s and %(largest)s") % {
            "label": label,
            "smallest": _plain(smallest),
            "largest": _plain(largest),
        }
    if smallest is not None:
        return gettext("%(label)s must be %(smallest)s or more") % {
            "label": label,
            "smallest": _plain(smallest),
        }
    return gettext("%(label)s must be %(largest)s or less") % {
        "label": label,
        "largest": _plain(LARGEST if largest is None else largest),
    }


def places_sentence(label: object, places: int) -> str:
    """Return what is said about a number with too many decimals."""
    if places == 0:
        return gettext("%(label)s must be a whole number") % {"label": label}
    return gettext("%(label)s must have at most %(places)s decimals") % {
        "label": label,
        "places": places,
    }


def _inside_a_sentence(words: str) -> str:
    """Start in lower case, unless the first word is an abbreviation: "VAT number"."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _plain(number: Decimal | int) -> str:
    value = Decimal(number)
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
