"""A mail server of the test's that takes what the worker sends."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    mails: list[EmailMessage]


class _Conversation(socketserver.StreamRequestHandler):
    """The least of SMTP (RFC 5321)."""

    server: _Server

    def handle(self) -> None:
        self._say("220 test")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                self.server.mails.append(self._message())
                self._say("250 taken")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _message(self) -> EmailMessage:
        lines = iter(self.rfile.readline, b".\r\n")
        return message_from_bytes(
            b"".join(line.removeprefix(b".") for line in lines), policy=policy.default
        )


@contextmanager
def mail_server(settings) -> Iterator[list[EmailMessage]]:
    """Run a mail server that MAIL_URL names; what it was sent is in the list, in order."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.mails = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.MAIL_SERVER = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": server.server_address[1],
        }
        yield server.mails
        server.shutdown()
        thread.join()
