"""The outbound guard: the one door through which the portal calls addresses that people typed (security.md R18).

Mailboxes are called through it by `leadportal/common/imap.py`.

A name is resolved once, every address that it has must be public, and one of these very addresses is dialled:
what the name answers a moment later does not matter. The text of an address is never judged, only what it
resolves to. Python's own client follows no redirects and asks the environment for no proxy.

What stands in OUTBOUND_ALLOW is in the operator's own network: it is not checked, and may be plain http.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

CONNECT_SECONDS = 5
MOST_SECONDS = 15  # in all, connecting included
MOST_DIALLED = 2  # of the addresses that a name has
MOST_BYTES = 64 * 1024

# What nobody on the internet answers at (IANA's special-purpose registries, and ways that lead from IPv6 to IPv4).
_BLOCKED = [
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
    ).split()
]
# All of IPv6 that is given out so far: loopback, local, mapped, compatible and NAT64 addresses are elsewhere.
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")

# What stays as it was typed in a path; everything else, as a space, is written as bytes.
_KEPT = "/%:@!$&'()*+,;=~-._"


class OutboundError(Exception):
    """The call was refused, or nobody answered as they should. Its text says why, without the address."""


@dataclass(frozen=True)
class Answer:
    """What a receiver said: its status, and the first MOST_BYTES of its body."""

    status: int
    body: bytes


def is_public(address: str) -> bool:
    """Say whether an address of either kind, as a number, is one on the internet."""
    number = ipaddress.ip_address(address)
    if number.version == 6 and number not in _GLOBAL_IPV6:
        return False
    return not any(number in network for network in _BLOCKED)


def is_allowed(host: str, port: int) -> bool:
    """Say whether the operator of the portal names this receiver in OUTBOUND_ALLOW."""
    return f"{host.lower()}:{port}" in settings.OUTBOUND_ALLOW


def addresses_of(host: str, port: int) -> list[Any]:
    """Resolve a name once; return its addresses as `getaddrinfo` has them, all of them checked.

    Raises OutboundError when there is none, or when a single one is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutboundError("the name has no address") from None
    if not is_allowed(host, port) and not all(is_public(str(one[4][0])) for one in found):
        raise OutboundError("the address is not public")
    return found


def dial(host: str, port: int, *, seconds: float = CONNECT_SECONDS) -> socket.socket:
    """Return a connection to a checked address of `host`; each of them gets `seconds`. Raises OutboundError."""
    for family, kind, protocol, _name, place in addresses_of(host, port)[:MOST_DIALLED]:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(seconds)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
        else:
            return connection
    raise OutboundError("no connection")


@dataclass(frozen=True)
class Target:
    """An address taken apart: what is called, by which host's name, and what it is asked for."""

    is_https: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Take an address apart. Raises OutboundError for what is none, names a user, or is http without leave.

    Which addresses the host has is looked at when it is called.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise OutboundError("the address cannot be read") from None
    is_https = parts.scheme == "https"
    if not host or parts.scheme not in {"http", "https"} or parts.username is not None:
        raise OutboundError("the address cannot be read")
    port = port or (443 if is_https else 80)
    if not is_https and not is_allowed(host, port):
        raise OutboundError("the address is not https")
    path, query = quote(parts.path or "/", safe=_KEPT), quote(parts.query, safe=f"{_KEPT}?")
    return Target(is_https, host, port, f"{path}?{query}" if query else path)


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send `body` to an address that somebody typed, and return what it answers, whatever its status.

    Never called in a transaction or a request (R13). Raises OutboundError.
    """
    target, end = target_of(url), time.monotonic() + MOST_SECONDS
    line = dial(target.host, target.port)
    with closing(line), ended_at(end, line):
        try:
            with closing(_connection(target, line)) as connection:
                connection.request("POST", target.path, body, dict(headers))
                response = connection.getresponse()
                return Answer(response.status, response.read(MOST_BYTES))
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise OutboundError(type(error).__name__) from None


def _connection(target: Target, line: socket.socket) -> http.client.HTTPConnection:
    """Return Python's client on a connection that stands already, with TLS for the name that was asked for."""
    line.settimeout(MOST_SECONDS)
    if not target.is_https:
        plain = http.client.HTTPConnection(target.host, target.port)
        plain.sock = line
        return plain
    secure = http.client.HTTPSConnection(target.host, target.port)
    secure.sock = with_tls(line, target.host)
    return secure


def with_tls(line: socket.socket, host: str) -> ssl.SSLSocket:
    """Return a connection that stands under TLS, for the name that was asked for; raises OSError (ssl.SSLError)."""
    return ssl.create_default_context().wrap_socket(line, server_hostname=host)


@contextmanager
def ended_at(moment: float, line: socket.socket) -> Iterator[None]:
    """Hang up at a moment: who sends a byte now and then keeps a time-out from ever coming. Raises OutboundError.

    What came until then may look like the whole answer, so that it counts for nothing.
    """
    same = line.dup()  # TLS takes the socket over
    is_over = threading.Event()

    def hang_up() -> None:
        is_over.set()
        with suppress(OSError):
            same.shutdown(socket.SHUT_RDWR)

    end = threading.Timer(moment - time.monotonic(), hang_up)
    end.start()
    try:
        yield
    finally:
        end.cancel()
        same.close()
    if is_over.is_set():
        raise OutboundError("no answer in time")
