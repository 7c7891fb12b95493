"""A real IMAP server of the tests' own: Dovecot, on a free port, with its mails in a temporary folder."""

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.dovecot import MISSING, find_dovecot

HOST, PASSWORD, PATIENCE = "127.0.0.1", 'maya\'s "own" pässword', 15

_CONFIG = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_dh =
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{folder}/mails/%u
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mails/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class ImapServer:
    """Where it listens, and what its certificate is for a client that is to trust it."""

    port: int
    tls_port: int
    folder: Path
    certificate: Path

    def put(self, user: str, mail: bytes, *, folder: str = "INBOX") -> None:
        """Deliver a mail."""
        with self.opened(user) as client:
            answer = client.append(folder, "", None, mail)
            assert answer[0] == "OK", answer

    def state(self, user: str, folder: str = "INBOX") -> tuple[int, int]:
        """Return how many mails lie in a folder, and how many of them nobody has read."""
        with self.opened(user) as client:
            status, _answer = client.select(folder, readonly=True)
            if status != "OK":
                return 0, 0
            return len(client.search(None, "ALL")[1][0].split()), len(
                client.search(None, "UNSEEN")[1][0].split()
            )

    @contextmanager
    def opened(self, user: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(HOST, self.port) as client:
            words = f"\0{user}\0{PASSWORD}".encode()
            client.authenticate("PLAIN", lambda _challenge: words)
            yield client


def ports(number: int) -> list[int]:
    """Return ports that nobody listens on."""
    held = [socket.socket() for _ in range(number)]
    try:
        for one in held:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """Run Dovecot; without it the test is skipped, and the run's last line says so (scripts/test.py)."""
    dovecot = find_dovecot()
    if dovecot is None:
        pytest.skip(MISSING)
    # Its processes run as other people, who must get here: no folder of pytest's.
    folder = Path(tempfile.mkdtemp(prefix="lp-imap-"))
    try:
        yield from _running(dovecot, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(dovecot: str, folder: Path) -> Iterator[ImapServer]:
    folder.chmod(0o755)
    is_root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
    me = getpass.getuser()
    (folder / "mails").mkdir()
    if is_root:
        os.chown(folder / "mails", owner.pw_uid, owner.pw_gid)
    _certificate(folder)
    names = ["maya", *(f"user-{number}" for number in range(50))]
    (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in names))
    port, tls_port = ports(2)
    (folder / "dovecot.conf").write_text(
        _CONFIG.format(
            folder=folder,
            internal="dovecot" if is_root else me,
            login="dovenull" if is_root else me,
            group="dovecot" if is_root else grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            port=port,
            tls_port=tls_port,
        )
    )
    process = subprocess.Popen([dovecot, "-F", "-c", folder / "dovecot.conf"])
    try:
        _wait_for(port, process, folder)
        yield ImapServer(port, tls_port, folder, folder / "cert.pem")
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _certificate(folder: Path) -> None:
    """Make a certificate for localhost and 127.0.0.1."""
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"]
    subprocess.run([*command, *subject, *files], check=True, capture_output=True)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as line:
            if line.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    log = folder / "log"
    raise AssertionError(log.read_text() if log.exists() else "Dovecot did not start")
