"""The documents say what is: every cited test exists, every address, variable, command and link too.

The five source texts do not lie in this repository, so their words cannot be compared here. What is held
instead: the numbers of each table run without a gap up to the number that its heading promises, so that no
row is lost; and each row ends in a test or in a later work.
"""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.urls import resolve

from tests.sources import LATER, Sentence, Source, named_tests, read_checks, read_sources

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCES = read_sources(DOCS / "domain.md")
SENTENCES = [sentence for source in SOURCES for sentence in source.sentences]
# What stands in an address of the documents, and a value that fits there.
PLACES = {"lead-id": "LD-100000000", "id": "1", "number": "1", "token": "abc", "receipt": "abc"}
# The acceptance checks of the pages that there are.
CHECKS = {*range(1, 24), *range(25, 41)}
APPS = ("accounts", "templates_app", "leads")


@cache
def names_in(file: str) -> frozenset[str]:
    """Return the tests of a file, none when it is not there."""
    path = ROOT / file
    return frozenset(named_tests(path)) if path.is_file() else frozenset()


def number(sentence: Sentence) -> str:
    return sentence.number


def title(source: Source) -> str:
    return source.title


# --- Sources ----------------------------------------------------------------------------------------


def test_all_five_sources_are_there():
    assert len(SOURCES) == 5


@pytest.mark.parametrize("source", SOURCES, ids=title)
def test_sentences_are_numbered_without_a_gap(source):
    assert tuple(sentence.number for sentence in source.sentences) == source.promised


@pytest.mark.parametrize("sentence", SENTENCES, ids=number)
def test_sentence_has_a_page_and_what_shows_it(sentence):
    assert sentence.quote
    assert sentence.pages
    assert sentence.tests or sentence.later


@pytest.mark.parametrize("sentence", SENTENCES, ids=number)
def test_cited_tests_exist(sentence):
    cited = [test.split("::", 1) for test in sentence.tests]
    assert [test for test in cited if test[1] not in names_in(test[0])] == []


def test_later_names_a_work_that_is_to_come():
    works = [work for sentence in SENTENCES for work in sentence.later]
    assert all(re.fullmatch(rf"({'|'.join(LATER)})( \([^)]+\))?", work) for work in works)


@pytest.mark.parametrize("sentence", [s for s in SENTENCES if s.tests], ids=number)
def test_pages_that_are_here_have_an_address(sentence):
    for page in sentence.pages:
        address = re.sub(r"<([\w-]+)>", lambda found: PLACES.get(found[1], "a"), page)
        assert resolve(address.partition("?")[0])


def test_a_row_without_a_test_or_with_an_unknown_one_is_seen(tmp_path):
    """The control of the checks above."""
    page = tmp_path / "domain.md"
    page.write_text(
        "### One: a source (A1 to A3)\n"
        "| A1 | “Leads.” | `/leads/` | `tests/test_docs.py::test_nobody_wrote` |\n"
        "| A3 | “More.” | `/leads/` | later: the leads page |\n"
    )
    (source,) = read_sources(page)
    first, last = source.sentences
    assert first.tests == ("tests/test_docs.py::test_nobody_wrote",)
    assert "test_nobody_wrote" not in names_in("tests/test_docs.py")
    assert last.later == ("the leads page",)
    assert source.promised == ("A1", "A2", "A3")


# --- Acceptance checks --------------------------------------------------------------------------------


def test_every_acceptance_check_is_listed_once():
    numbers = [number for number, _tests in read_checks(DOCS / "acceptance.md")]
    assert sorted(numbers) == sorted(CHECKS)


@pytest.mark.parametrize(
    "tests", [pytest.param(tests, id=str(n)) for n, tests in read_checks(DOCS / "acceptance.md")]
)
def test_acceptance_check_is_made_in_a_browser(tests):
    cited = [test.split("::", 1) for test in tests]
    assert any(file.startswith("tests/browser/") for file, _name in cited)
    assert [(file, name) for file, name in cited if name not in names_in(file)] == []


def test_rows_of_checks_are_read_as_they_stand(tmp_path):
    """The control of the two above: a number twice, a row without a test, one with two."""
    page = tmp_path / "acceptance.md"
    page.write_text(
        "| # | check | test |\n|---|---|---|\n| 1 | a | `a.py::b`<br>`c.py::d` |\n| 1 | b | none |\n"
    )
    assert read_checks(page) == [(1, ("a.py::b", "c.py::d")), (1, ())]


# --- Ran: the hook in tests/ran.py --------------------------------------------------------------------

CASES = """
import pytest

def test_passes(): ...

@pytest.mark.parametrize("number", [1, 2])
def test_passes_in_both_cases(number): ...

@pytest.mark.skip(reason="no browser")
def test_is_skipped(): ...

@pytest.mark.parametrize("number", [1, 2])
def test_skips_a_case(number):
    if number == 2:
        pytest.skip()
"""


def run_cases(folder: Path, cited: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run CASES in a folder of their own, whose docs cite these tests: the last one as an acceptance check."""
    *sentences, check = cited
    rows = "".join(
        f"| A{n} | “Leads.” | `/leads/` | `cases/test_cases.py::{test}` |\n"
        for n, test in enumerate(sentences, start=1)
    )
    for name, text in {
        "docs/domain.md": f"### One: a source (A1 to A{len(sentences)})\n{rows}",
        "docs/acceptance.md": f"| 1 | Leads. | `cases/test_cases.py::{check}` |\n",
        "cases/conftest.py": "from tests.ran import pytest_sessionstart  # noqa: F401\n",
        "cases/test_cases.py": CASES,
        "pytest.ini": f"[pytest]\ntestpaths = cases\npythonpath = {ROOT}\n",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    # No plugin but the one that spreads tests: the others would take longer to start than the cases to run.
    plain = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "DATABASE_URL": "", "PYTEST_ADDOPTS": ""}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, **plain},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_full_run_passes_when_every_cited_test_did(tmp_path):
    ended = run_cases(tmp_path, ["test_passes", "test_passes_in_both_cases"])
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("processes", ["-n0", "-n2"])
def test_a_full_run_fails_when_a_cited_test_did_not_pass(tmp_path, processes):
    cited = ["test_passes", "test_is_skipped", "test_skips_a_case", "test_was_renamed"]
    ended = run_cases(tmp_path, cited, processes)
    assert ended.returncode == 1
    assert re.findall(r"^cases/test_cases.py::(.+)$", ended.stdout, re.MULTILINE) == [
        "test_is_skipped: 1 skipped",
        "test_skips_a_case: 1 passed, 1 skipped",
        "test_was_renamed: not run",
    ]


@pytest.mark.parametrize("part", ["-kpasses", "-mnot slow", "cases/test_cases.py"])
def test_a_run_of_a_part_asks_for_nothing(tmp_path, part):
    assert run_cases(tmp_path, ["test_is_skipped"], part).returncode == 0


# --- Operations -------------------------------------------------------------------------------------


def listed(section: str) -> set[str]:
    """Return the names in the first column of the tables of a section of the manual."""
    text = (DOCS / "operations.md").read_text().split(f"## {section}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))


def variables_read() -> set[str]:
    """Return every environment variable that settings, Makefile, scripts and CI read."""
    settings = (ROOT / "leadportal" / "settings.py").read_text()
    found = set(re.findall(r"(?:\benv\.\w+|_boolean)\(\s*\"([A-Z_]+)\"", settings))
    makefile = (ROOT / "Makefile").read_text()
    found |= set(re.findall(r"^([A-Z_]+) \?=", makefile, re.MULTILINE))
    found |= {"ARGS"} if "$(ARGS)" in makefile else set()
    for script in (ROOT / "scripts").rglob("*.py"):
        found |= set(re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", script.read_text()))
    return found


def test_every_variable_is_in_the_manual_and_no_other():
    assert listed("Environment") == variables_read()


def test_every_command_of_our_own_is_in_the_manual_and_no_other():
    ours = {
        path.stem
        for app in APPS
        for path in (ROOT / app / "management" / "commands").glob("*.py")
        if path.stem != "__init__"
    }
    assert listed("Commands") == ours


def test_settings_are_read_in_a_way_that_the_check_above_sees():
    """Its control: no variable is read by another way than `env.…("NAME"` or `_boolean("NAME"`."""
    tree = ast.parse((ROOT / "leadportal" / "settings.py").read_text())
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"environ", "getenv"}


# --- Links ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda path: path.name
)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("picture", sorted((DOCS / "pictures").glob("*")), ids=lambda p: p.name)
def test_picture_is_small_and_shown(picture):
    assert picture.stat().st_size <= 200 * 1024
    texts = [path.read_text() for path in (ROOT / "README.md", *DOCS.glob("*.md"))]
    assert any(f"pictures/{picture.name}" in text for text in texts)
