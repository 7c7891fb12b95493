"""One cleaner for every text that comes in (security.md R19), and the folding that search uses."""

import unicodedata

_KEPT_IN_LONG_TEXT = "\n\t"
# Marks on one letter. Putting them in order takes time by the square of their number; no language has so many
# (Unicode's stream-safe text).
_MARKS_MOST = 30


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
    normal = _composed(spaced)
    kept = "".join(char for char in normal if _allowed(char, long_text=False))
    return " ".join(kept.split())  # what stood around a dropped character is one space, too


def clean_text(value: str) -> str:
    """Return `value` in NFC with line breaks and tabs kept, other controls and surrogates dropped, trimmed."""
    normal = _composed(value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in normal if _allowed(char, long_text=True)).strip()


def _composed(value: str) -> str:
    """Return `value` in NFC without surrogates, in a time that grows with its length alone."""
    if value.isascii():
        return value
    kept, marks = [], 0
    for char in value.encode("utf-8", "ignore").decode("utf-8"):
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_MOST:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def fold(value: str) -> str:
    """Return `value` in lower case without accents, for comparing, sorting and searching."""
    if value.isascii():
        return value.lower()
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
