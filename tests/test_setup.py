"""The set-up keeps its promises: locks for every machine, two processes that end together, no silent gaps."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.chromium import find_chromium

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["uv", "base", "assets", "dev"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_machine(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert not re.search(r"://|file:|--index-url|--find-links|@ |^\s*/", text, re.MULTILINE)


def test_npm_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_what_was_asked_with_hashes(name: str) -> None:
    asked = (ROOT / "requirements" / f"{name}.in").read_text()
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    locked = {}
    for package in re.split(r"\n(?=\S)", text):
        if found := re.match(r"([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", package):
            locked[found[1]] = found[2]
            assert "--hash=sha256:" in package, f"{found[1]} has no hash"
    for line in asked.splitlines():
        if found := re.match(r"([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)$", line):
            assert locked[found[1]] == found[2], "make lock"


def test_make_lists_every_command() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in [
        "setup",
        "demo",
        "serve",
        "test",
        "check",
        "bench",
        "screenshots",
        "lock",
        "format",
        "clean",
    ]:
        assert f"make {name} " in listed.stdout


def test_missing_chromium_is_not_replaced_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nonexistent")
    assert find_chromium() is None


# --- two processes ----------------------------------------------------------------------------------


def start(tmp_path: Path, first: str, second: str) -> subprocess.Popen[str]:
    """Run two small programs the way `make demo` runs server and worker."""
    programs = {"server": [sys.executable, "-c", first], "worker": [sys.executable, "-c", second]}
    code = f"import sys; from scripts.serve import run; sys.exit(run({programs!r}, 1))"
    environment = {**os.environ, "MARK": str(tmp_path)}
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


# Writes its process number where the test finds it, then stays.
STAYS = "import os, pathlib, time; pathlib.Path(os.environ['MARK'], str(os.getpid())).touch(); time.sleep(60)"
LEAVES = "import sys, time; time.sleep(0.5); sys.exit(3)"


def wait_for_children(tmp_path: Path, number: int) -> list[int]:
    deadline = time.monotonic() + 20
    while len(found := [int(path.name) for path in tmp_path.iterdir()]) < number:
        assert time.monotonic() < deadline, "the programs did not start"
        time.sleep(0.05)
    return found


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name
)
def test_a_signal_ends_both_and_leaves_no_orphan(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path, STAYS, STAYS) as parent:
        children = wait_for_children(tmp_path, 2)
        parent.send_signal(number)
        parent.communicate(timeout=20)
    assert parent.returncode == 0
    assert not any(is_alive(child) for child in children)


def test_when_one_dies_the_other_ends_too(tmp_path: Path) -> None:
    with start(tmp_path, STAYS, LEAVES) as parent:
        (child,) = wait_for_children(tmp_path, 1)
        _, said = parent.communicate(timeout=20)
    assert parent.returncode == 3
    assert "The worker ended by itself" in said
    assert not is_alive(child)


def test_a_port_in_use_is_refused_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = [sys.executable, "-m", "scripts.serve", str(port)]
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20
        )
    assert ended.returncode == 1
    assert f"Port {port} is in use" in ended.stderr


# --- no silent gaps -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)], ids=["ci", "at-home"])
def test_what_cannot_run_is_named_last_and_fails_in_ci(ci: str, code: int) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {
        "CI": ci,
        "CHROMIUM": "/nonexistent",
        "SOFFICE": "/nonexistent",
        "DATABASE_URL": "postgres://127.0.0.1:1/none",
    }
    # Selects nothing: only the frame around the tests is looked at.
    command = [
        sys.executable,
        "-m",
        "scripts.test",
        "-n0",
        "-k",
        "nothing_is_called_so",
        "tests/test_setup.py",
    ]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    last = ended.stdout.strip().splitlines()[-1]
    assert "NOT RUN" in last
    assert "Chromium" in last
    assert "LibreOffice" in last
    assert "PostgreSQL" in last
    assert ended.returncode == code
