"""Take the text of a mail apart: lines like "Phone: +351 912 345 678", and what people wrote beside them."""

import re
from dataclasses import dataclass

MOST_LINES = 5_000
VALUE_LENGTH = 10_000

# A label is a few words; the value stands behind a space, so that an address of a web page is none.
_LABEL = re.compile(r"[*_ \t]{0,4}([^\W\d_][^:\n<>@]{0,59}?)[*_ \t]{0,4}:[*_]{0,2}(?:[ \t]+(.*))?")
_MOST_WORDS = 6
# How Outlook writes an address into plain text beside its letters.
_LINK = re.compile(r"[ \t]?<(?:mailto|tel|https?):[^<>\s]{1,400}>")
# What stands behind such a line is not from this sender's hand.
_ENDS = ("-- ", "-----Original Message", "---------- Forwarded", "________________________________")


@dataclass(frozen=True, slots=True)
class Written:
    """The labelled values in their order, and the rest as it was written."""

    labelled: tuple[tuple[str, str], ...]
    rest: str


def read_lines(text: str) -> Written:
    """Return what stands behind labels, and the rest.

    A label with nothing behind it takes the lines below, up to an empty one or the next label: so write many
    forms. Quoted lines (">") and what follows a signature's "-- " are never read for labels.
    """
    lines = text.split("\n", MOST_LINES)
    end = next((n for n, line in enumerate(lines) if line.startswith(_ENDS)), len(lines))
    labelled: list[tuple[str, str]] = []
    rest: list[str] = []
    place = 0
    while place < end:
        line = lines[place]
        place += 1
        label, value = _label_in(line)
        if label and not value:
            below = _below(lines, place, end)
            value, place = "\n".join(lines[place:below]), below
        if label and value:
            labelled.append((label, _LINK.sub("", value).strip()[:VALUE_LENGTH]))
        else:
            rest.append(line)
    return Written(tuple(labelled), "\n".join([*rest, *lines[end:]]).strip())


def _below(lines: list[str], place: int, end: int) -> int:
    """Return where the lines end that belong to the label above `place`."""
    while place < end and lines[place].strip() and not _label_in(lines[place])[0]:
        place += 1
    return place


def _label_in(line: str) -> tuple[str, str]:
    """Return label and value of a line; no label for a line of prose."""
    found = _LABEL.fullmatch(line.rstrip())
    if found is None or len(found[1].split()) > _MOST_WORDS:
        return "", ""
    return found[1].strip(), (found[2] or "").strip()
