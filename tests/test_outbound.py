"""The outbound guard: what may be called, and what a hostile receiver can do (security.md M14, M15, R18, F9)."""

import socket
import ssl
import threading

import pytest

from leadportal.common import outbound
from leadportal.common.outbound import OutboundError, addresses_of, is_public, post, target_of
from tests.receiver import receiving

REFUSED = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1
2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fec0::1 ff02::1
"""
TAKEN = """
8.8.8.8 1.1.1.1 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.0.1 172.15.0.1
172.32.0.1 192.0.1.1 192.167.0.1 192.169.0.1 198.17.0.1 198.20.0.1 223.255.255.255
2001:200::1 2001:4860:4860::8888 2003::1 2606:4700:4700::1111 2a00:1450:4001::1
"""
# Ways to write this machine: the resolver knows them, so the text is never judged.
ODD = ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "①②⑦.0.0.1", "localhost", "[::1]"]


@pytest.mark.parametrize("address", REFUSED.split())
def test_address_is_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", TAKEN.split())
def test_control_public_address_is_taken(address):
    assert is_public(address)


@pytest.mark.parametrize("host", ODD)
def test_odd_notation_is_judged_by_what_it_resolves_to(host):
    with pytest.raises(OutboundError, match=r"not public|has no address"):
        post(f"https://{host}/hook", body=b"", headers={})


@pytest.mark.parametrize("bad", ["10.0.0.1", "fe80::1"])
def test_one_bad_address_of_a_name_is_enough(bad, monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("8.8.8.8", bad)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(OutboundError, match="not public"):
        addresses_of("receiver.example", 443)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found[:1])
    assert addresses_of("receiver.example", 443) == found[:1]  # control


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user@example.com/",
        "https://example.com:port/",
        "https://[::1/",
        "https://exa mple\x00.com" + "a" * 70,
    ],
)
def test_address_that_may_not_be_called(url):
    with pytest.raises(OutboundError):
        post(url, body=b"", headers={})


def test_address_is_taken_apart_and_written_anew():
    target = target_of("https://Bücher.example/a b?c=d\r\nX: y#here")
    assert (target.host, target.port) == ("xn--bcher-kva.example", 443)
    assert target.path == "/a%20b?c=dX:%20y"


@pytest.fixture
def receiver(settings):
    """A receiver on this machine that the operator has named."""
    with receiving() as one:
        settings.OUTBOUND_ALLOW = {one.address}
        yield one


def test_named_receiver_gets_the_message(receiver):
    answer = post(receiver.url, body=b"hello", headers={"X-One": "1"})
    assert (answer.status, answer.body) == (200, b"ok")
    [(path, headers, body)] = receiver.taken
    assert (path, headers["X-One"], headers["Host"]) == ("/hook", "1", receiver.address)
    assert body == b"hello"


def test_twin_the_same_receiver_is_refused_unless_it_is_named(receiver, settings):
    settings.OUTBOUND_ALLOW = frozenset()
    for scheme in ("http", "https"):
        with pytest.raises(OutboundError, match=r"not public|not https"):
            post(f"{scheme}://{receiver.address}/hook", body=b"hello", headers={})
    assert receiver.taken == []


def test_environment_names_no_proxy(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    assert post(receiver.url, body=b"", headers={}).status == 200


def test_redirect_is_an_answer_and_is_not_followed(receiver):
    def redirect(handler):
        handler.send_response(307)
        handler.send_header("Location", receiver.url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    receiver.answer = redirect
    assert post(receiver.url, body=b"", headers={}).status == 307
    assert len(receiver.taken) == 1


def test_answer_without_end_is_read_so_far_and_no_further(receiver):
    def pour(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            pass

    receiver.answer = pour
    assert len(post(receiver.url, body=b"", headers={}).body) == outbound.MOST_BYTES


def test_who_drips_is_hung_up_on(receiver, monkeypatch):
    monkeypatch.setattr(outbound, "MOST_SECONDS", 0.3)
    hung_up = threading.Event()

    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        try:
            while not hung_up.wait(0.01):
                handler.wfile.write(b"x")
                handler.wfile.flush()
        except OSError:
            hung_up.set()

    receiver.answer = drip
    # What came until then reads as an answer with status 200: it must not count as one.
    with pytest.raises(OutboundError, match="in time"):
        post(receiver.url, body=b"", headers={})


def test_who_speaks_no_http_or_no_tls_is_an_error(receiver):
    receiver.answer = lambda handler: handler.wfile.write(b"what?\r\n\r\n")
    with pytest.raises(OutboundError, match="BadStatusLine"):
        post(receiver.url, body=b"", headers={})
    with pytest.raises(OutboundError, match=ssl.SSLError.__name__):
        post(receiver.url.replace("http:", "https:"), body=b"", headers={})
    with pytest.raises(OutboundError):
        post(receiver.url, body=b"", headers={"X": "a\r\nY: b"})
