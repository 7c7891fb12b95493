"""The text of an HTML mail, safely: no tag, script, style or comment is left; the time grows with the length alone."""

import html
import re

# Longer than any mail that a person writes; what stands behind it is not read.
MOST_LETTERS = 500_000

_NAME = re.compile(r"/?\s{0,9}([a-zA-Z][a-zA-Z0-9]{0,15})")
_UNREAD = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math"})
_BREAKS = frozenset(
    "address article blockquote br dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section"
    " table tbody tfoot thead ul".split()
)
_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}")


def text_of(markup: str) -> str:
    """Return what a reader sees of `markup`, line by line; a row of two cells becomes "label: value"."""
    page = _Page()
    source = markup[:MOST_LETTERS]
    place, end = 0, len(source)
    while place < end:
        opening = source.find("<", place)
        if opening < 0:
            page.say(source[place:])
            break
        page.say(source[place:opening])
        if source.startswith("<!--", opening):
            place = _behind(source, "-->", opening)
            continue
        place = _behind(source, ">", opening)
        name = _NAME.match(source, opening + 1)
        word = name[1].lower() if name else ""
        is_closing = source.startswith("</", opening)
        if word in _UNREAD and not is_closing:
            place = _behind(source, f"</{word}", place, any_case=True)
            place = _behind(source, ">", place)
        else:
            page.tag(word, is_closing=is_closing)
    return page.text


def _behind(source: str, word: str, place: int, *, any_case: bool = False) -> int:
    """Return the place behind the next `word`, or the end: what is not closed goes on to the end."""
    if any_case:
        found = re.compile(re.escape(word), re.IGNORECASE).search(source, place)
        return found.end() if found else len(source)
    at = source.find(word, place)
    return at + len(word) if at >= 0 else len(source)


class _Page:
    """What has been read so far: lines, and the cells of the row that is being read."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._cells: list[str] | None = None

    def say(self, raw: str) -> None:
        if raw:
            # A number that no letter has would be refused with an error.
            plain = html.unescape(_NUMBER.sub("", raw))
            self._line.append(" ".join(plain.split()) if plain.strip() else " ")
            if plain[:1].isspace():
                self._line.insert(-1, " ")
            if plain[-1:].isspace():
                self._line.append(" ")

    def tag(self, word: str, *, is_closing: bool) -> None:
        if word == "tr":
            self._end_row()
            self._cells = None if is_closing else []
        elif word in {"td", "th"}:
            self._end_cell()
        elif word in _BREAKS:
            if self._cells is None:
                self._end_line()
            else:
                self._line.append("\n")

    @property
    def text(self) -> str:
        """The lines, with one empty line at most between two."""
        self._end_row()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    def _taken(self) -> str:
        lines = "".join(self._line).split("\n")
        self._line = []
        return "\n".join(" ".join(line.split()) for line in lines if line.strip())

    def _end_line(self) -> None:
        self._lines.append(self._taken())

    def _end_cell(self) -> None:
        text = self._taken()
        if self._cells is None:
            self._lines.append(text)
        elif text:
            self._cells.append(text)

    def _end_row(self) -> None:
        cells, self._cells = self._cells, None
        if cells is None:
            if line := self._taken():
                self._lines.append(line)
            return
        if last := self._taken():
            cells.append(last)
        if len(cells) == 2 and "\n" not in cells[0]:
            label = cells[0].rstrip(": ")
            # Several lines stand under their label, as `lines` reads them.
            self._lines.append(f"{label}:{chr(10) if chr(10) in cells[1] else ' '}{cells[1]}")
        else:
            self._lines.append(" ".join(cells))
