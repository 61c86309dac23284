"""The edge: limits on what a client may send, and how slowly."""

import time

import pytest

from edge_under_test import AN_HOUR, Page, running_edge
from raw_client import HOST, RawClient, request
from scripted_origin import ok

SECONDS = 1


@pytest.fixture(scope="module")
def strict(tmp_path_factory, scripted_origin):
    """An edge that waits for a second only."""
    flags = ["--header-timeout", f"{SECONDS}s", "--body-timeout", f"{SECONDS}s", "--idle-timeout", f"{SECONDS}s",
             "--max-header-size", "16KiB", "--max-header-fields", "50"]
    with running_edge(tmp_path_factory.mktemp("strict"), scripted_origin.url, *flags) as running:
        yield running


def refused(edge, data):
    """The status of the answer to some bytes, after which the connection has ended."""
    with edge.client() as client:
        try:
            client.send(data)
        except OSError:
            pass
        answer = client.response()
        assert client.is_closed()
        return answer.status


@pytest.mark.parametrize("data, statuses", [
    (request("/" + "a" * 100_000), {414}),
    (request("/", "X-A: " + "b" * 100_000), {431}),
    (request("/", "X" * 100_000 + ": b"), {400, 431}),
    (request("/", *(f"X-{number}: b" for number in range(5000))), {431}),
    (request("/", "Cookie: " + "c" * 40_000), {431}),
    (request("/", method="M" * 50_000), {400, 414, 431, 501}),
    (b"A" * 1_000_000, {400, 414, 431, 501}),
    (b"\r\n" * 500_000, {400, 431}),
    (b"\0" * 100_000, {400, 414, 431}),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
], ids=["target", "value", "name", "fields", "cookie", "method", "no line", "empty lines", "NULs", "HTTP/2"])
def test_bombs_are_refused(edge, strict, data, statuses):
    """RFC 9110 §15.5.15, RFC 6585 §5"""
    assert refused(edge, data) in statuses
    assert refused(strict, data) in statuses


def test_a_tls_handshake_is_refused(strict):
    assert refused(strict, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(600)) in (400, 408)


def test_the_bounds_of_a_head_are_configurable(strict, scripted_origin):
    page = Page(strict, scripted_origin, "/bounds").answers(ok(b"body", AN_HOUR))
    assert page.get("X-A: " + "b" * 12_000).body == b"body"
    assert page.get("X-A: " + "b" * 17_000).status == 431
    assert page.get(*(f"X-{number}: b" for number in range(45))).body == b"body"
    assert page.get(*(f"X-{number}: b" for number in range(55))).status == 431


@pytest.mark.parametrize("start", [b"GET / HT", request("/")[:-2], request("/", "X-A: b")[:-1]],
                         ids=["line", "fields", "last byte"])
def test_a_head_that_does_not_end_is_given_up(strict, start):
    """Slowloris: 408, and the connection ends within the configured time."""
    with strict.client(seconds=10) as client:
        begin = time.monotonic()
        client.send(start)
        assert client.response().status == 408
        assert client.is_closed()
        assert SECONDS * 0.8 < time.monotonic() - begin < SECONDS + 4


def test_a_head_that_drips_is_given_up(strict):
    """The time is for the head as a whole; every byte does not begin it again."""
    with strict.client(seconds=10) as client:
        begin = time.monotonic()
        client.socket.settimeout(0.1)
        data = request("/", "X-A: " + "b" * 1000)
        answer = b""
        for byte in data:
            try:
                client.send(bytes([byte]))
                answer = client.socket.recv(4096)
                break
            except TimeoutError:
                assert time.monotonic() - begin < SECONDS + 4
            except OSError:
                break
        assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_silent_connection_is_closed(strict):
    with strict.client(seconds=10) as client:
        assert client.is_closed()


def test_an_idle_connection_is_closed_after_its_requests(strict, scripted_origin):
    page = Page(strict, scripted_origin, "/idle").answers(ok(b"body", AN_HOUR))
    with strict.client(seconds=10) as client:
        assert client.ask(page.path).body == b"body"
        assert client.ask(page.path).body == b"body"
        assert client.is_closed()


def test_a_body_that_stalls_is_given_up(strict, scripted_origin):
    """And the origin never takes the part for the whole."""
    page = Page(strict, scripted_origin, "/stalled-body").answers(ok(b"body"))
    with strict.client(seconds=10) as client:
        client.send(request(page.path, "Content-Length: 1000", method="POST") + b"part")
        assert client.response("POST").status in (400, 408)
        assert client.is_closed()
    assert not any(seen.body for seen in page.requests)


def test_a_body_over_the_limit_is_refused(edge, page):
    """RFC 9110 §15.5.14"""
    page.answers(ok(b"body"))
    with edge.client() as client:
        client.send(request(page.path, f"Content-Length: {1 << 50}", method="POST"))
        assert client.response("POST").status == 413
        assert client.is_closed()
    assert page.fetches == 0


def test_two_hundred_slow_clients_keep_nobody_waiting(strict, scripted_origin):
    page = Page(strict, scripted_origin, "/beside-slow").answers(ok(b"body", AN_HOUR))
    page.get()
    slow = [RawClient(strict.address) for _ in range(200)]
    try:
        for client in slow:
            client.send(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-A: ".encode())
        for _ in range(20):
            assert page.get().body == b"body"
    finally:
        for client in slow:
            client.close()


def test_health_is_answered_by_the_edge_itself(edge):
    answer = edge.ask("/health")
    assert answer.status == 200
    assert answer["cache-control"] == "no-store"
