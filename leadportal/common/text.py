"""One cleaner for every text that comes in (security.md R19), and the folding that search uses."""

import unicodedata

_KEPT_IN_LONG_TEXT = "\n\t"


def _allowed(char: str, *, long_text: bool) -> bool:
    category = unicodedata.category(char)
    if category == "Cc":
        return long_text and char in _KEPT_IN_LONG_TEXT
    if category == "Cs":
        return False
    return long_text or category != "Cf"


def clean_line(value: str) -> str:
    """Return `value` in NFC on one line, without control, format or surrogate characters, trimmed.

    Line breaks and tabs become a space, so that words do not run together.
    """
    spaced = " ".join(value.replace("\x00", "").split())
    if spaced.isascii() and spaced.isprintable():  # most of a large file: nothing is left to clean
        return spaced
    normal = unicodedata.normalize("NFC", _without_surrogates(spaced))
    kept = "".join(char for char in normal if _allowed(char, long_text=False))
    return " ".join(kept.split())  # what stood around a dropped character is one space, too


def clean_text(value: str) -> str:
    """Return `value` in NFC with line breaks and tabs kept, other controls and surrogates dropped, trimmed."""
    normal = unicodedata.normalize(
        "NFC", _without_surrogates(value.replace("\r\n", "\n").replace("\r", "\n"))
    )
    return "".join(char for char in normal if _allowed(char, long_text=True)).strip()


def _without_surrogates(value: str) -> str:
    return value.encode("utf-8", "ignore").decode("utf-8")


def fold(value: str) -> str:
    """Return `value` in lower case without accents, for comparing, sorting and searching."""
    if value.isascii():
        return value.lower()
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
