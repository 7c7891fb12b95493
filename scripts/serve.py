"""Run the web server and the worker as one command; both end together.

Usage: python -m scripts.serve [port]
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 10  # seconds that a child may take to finish its work


def commands(port: int) -> dict[str, list[str]]:
    """Return the two commands, by name."""
    # One process with threads: the throttles of the embedded set-up live in its memory.
    server = ["gunicorn", "leadportal.wsgi", f"--bind={HOST}:{port}", "--threads=8"]
    server.append("--log-level=warning")
    if os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"}:
        server.append("--reload")
    return {
        "server": [sys.executable, "-m", *server],
        "worker": [sys.executable, "manage.py", "worker"],
    }


def is_free(port: int) -> bool:
    """Tell whether the server could listen on the port."""
    with socket.socket() as probe:
        # As the server does: a port whose last connections are only fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Tell whether the server accepts connections yet."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """End every child with all it has started: politely, then for certain."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for child in children.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, number)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and None in [child.poll() for child in children.values()]:
            time.sleep(0.05)


def complain(sentence: str) -> None:
    """Say what went wrong."""
    print(sentence, file=sys.stderr)


def run(programs: dict[str, list[str]], port: int) -> int:
    """Start the programs, watch them, and return the exit code: 0 when asked to end."""
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: asked.append(number))
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in programs.items():
            # A session of its own: Ctrl+C reaches this process alone, which ends the two in order.
            children[name] = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True
            )
        is_up = False
        while not asked:
            for name, child in children.items():
                if (code := child.poll()) is not None:
                    complain(f"The {name} ended by itself (exit code {code}); ending the rest.")
                    return code if code > 0 else 1
            if not is_up and (is_up := answers(port)):
                print(f"Lead Portal is at http://{HOST}:{port}/ (Ctrl+C ends it)", flush=True)
            time.sleep(0.1)
        return 0
    finally:
        end(children)


def main() -> int:
    """Read the port and run."""
    port = sys.argv[1] if len(sys.argv) > 1 else "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        complain(f"{port!r} is not a port.")
        return 2
    if not is_free(int(port)):
        complain(f"Port {port} is in use. Choose another: make demo PORT={int(port) % 65535 + 1}")
        return 1
    return run(commands(int(port)), int(port))


if __name__ == "__main__":
    sys.exit(main())
