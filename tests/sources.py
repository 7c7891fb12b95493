"""Read the tables of docs: each sentence of a source or acceptance check, its page, and what shows it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# The works that follow this one; a sentence that nothing shows yet names one of them.
LATER = ("the leads page", "every way in", "scoring and sales")

_SOURCE = re.compile(r"^### (?P<title>.+) \((?P<letters>[A-Z]+)1 to (?P=letters)(?P<last>\d+)\)$")
_ROW = re.compile(r"^\| [A-Z]+\d+ \|")


@dataclass(frozen=True)
class Sentence:
    """One row: where the sentence holds, the tests that show it, and what is still to come."""

    number: str
    quote: str
    pages: tuple[str, ...]
    tests: tuple[str, ...]
    later: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One document: its rows, and the numbers that its heading promises."""

    title: str
    promised: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def read_sources(path: Path) -> list[Source]:
    """Return the sources of `path` in its order. A row outside a source counts to no source and is lost."""
    found: list[tuple[re.Match[str], list[Sentence]]] = []
    for line in path.read_text().splitlines():
        if heading := _SOURCE.match(line):
            found.append((heading, []))
        elif found and _ROW.match(line):
            found[-1][1].append(_sentence(line))
    return [
        Source(
            title=heading["title"],
            promised=tuple(f"{heading['letters']}{n}" for n in range(1, int(heading["last"]) + 1)),
            sentences=tuple(sentences),
        )
        for heading, sentences in found
    ]


def cited_tests(path: Path) -> set[str]:
    """Return every test that `path` cites, as path::name or path::Class::name."""
    return {
        test
        for source in read_sources(path)
        for sentence in source.sentences
        for test in sentence.tests
    }


def read_checks(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    """Return the acceptance checks of `path`, row by row: number and the tests that make it."""
    rows = re.findall(r"^\| (\d+) \|.*\| ([^|]+) \|$", path.read_text(), re.MULTILINE)
    return [(int(number), tuple(re.findall(r"`([^`]+::[^`]+)`", cell))) for number, cell in rows]


def named_tests(path: Path) -> Iterator[str]:
    """Yield the names of the tests in a file: name, or Class::name."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            for child in node.body:
                if isinstance(child, ast.FunctionDef) and child.name.startswith("test"):
                    yield f"{node.name}::{child.name}"


def _sentence(line: str) -> Sentence:
    number, quote, pages, shown = (cell.strip() for cell in line.strip("| ").split(" | "))
    parts = [part.strip() for part in shown.split("<br>")]
    return Sentence(
        number=number,
        quote=quote,
        pages=tuple(re.findall(r"`(/[^`]*)`", pages)),
        tests=tuple(part.strip("`") for part in parts if "::" in part),
        later=tuple(part.removeprefix("later: ") for part in parts if part.startswith("later: ")),
    )
