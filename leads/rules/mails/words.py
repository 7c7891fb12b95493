"""Letters out of the bytes of a mail, whatever alphabet it claims; nothing here ever raises."""

from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses

from leadportal.common.text import clean_line

# Longer ones are cut: reading addresses takes time by more than the length.
HEADER_LENGTH = 2_000
# What senders write into these is what Windows wrote.
_WINDOWS = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "ansi_x3.4-1968"})


def decoded(raw: bytes, alphabet: str | None) -> str:
    """Return bytes as text: in the alphabet that the mail names, else UTF-8, else Windows-1252."""
    named = (alphabet or "").strip().lower()
    for name in ("utf-8-sig",) if named in _WINDOWS | {""} else (named, "utf-8-sig"):
        try:
            return raw.decode(name)
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def header_text(raw: str) -> str:
    """Return a header as people read it: on one line, encoded words decoded, broken ones as they came."""
    cut = _unfolded(raw)[:HEADER_LENGTH]
    try:
        parts = decode_header(cut)
    except (HeaderParseError, ValueError, LookupError):
        return clean_line(cut)
    text = "".join(
        part if isinstance(part, str) else decoded(part, alphabet) for part, alphabet in parts
    )
    return clean_line(text)


def first_address(raw: str) -> tuple[str, str]:
    """Return name and address of the first who is named in a header; nothing for nobody."""
    try:
        found = getaddresses([_unfolded(raw)[:HEADER_LENGTH]])
    except (RecursionError, ValueError, IndexError, TypeError):
        return "", ""
    name, address = next(((name, one) for name, one in found if "@" in one), ("", ""))
    return header_text(name), clean_line(address)


def _unfolded(raw: str) -> str:
    """Return a raw header on one line, its bytes beyond ASCII as the letters that they mean."""
    line = raw.replace("\r", "").replace("\n", "")
    if line.isascii():
        return line
    return decoded(line.encode("utf-8", "surrogateescape"), None)
