"""A web server of the test's that takes what the portal sends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What it was sent, as (path, headers, body), and how it answers: a status, or a function of its handler's."""

    address: str = ""
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answer: int | Callable[[BaseHTTPRequestHandler], None] = 200

    @property
    def url(self) -> str:
        """Where to post."""
        return f"http://{self.address}/hook"

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Read a post, keep it, and answer."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.taken.append((handler.path, dict(handler.headers.items()), body))
        if callable(self.answer):
            self.answer(handler)
            return
        handler.send_response(self.answer)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
