"""Hostile clients: whatever bytes come, an answer or an end in bounded time, and the next client is served."""

import http.client
import os
import re
import socket
import time

import pytest
import requests

from hostile_pictures import encoded, noise
from measured import MeasuredServer
from running_server import TOKEN

PICTURE = encoded(noise(120, 90), "PNG")
BOUND_SECONDS = 10
IDLE_SECONDS = 2
HOST = "Host: localhost\r\n"
UPLOAD = b"POST /originals HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = MeasuredServer(
        tmp_path_factory.mktemp("requests"),
        "--idle-timeout",
        f"{IDLE_SECONDS}s",
        "--header-timeout",
        f"{IDLE_SECONDS}s",
        "--body-timeout",
        f"{IDLE_SECONDS}s",
        "--render-deadline",
        "5s",
        "--max-result-dimension",
        1000,
    )
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    running = MeasuredServer(tmp_path_factory.mktemp("strict"), "--workers", 1, unsafe=False)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def identity(server):
    answer = requests.post(server.url + "/originals", data=PICTURE, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def connect(server, seconds=BOUND_SECONDS):
    host, port = server.addresses["public"].split(":")
    return socket.create_connection((host, int(port)), timeout=seconds)


def exchange(server, data, half_close=False, seconds=BOUND_SECONDS):
    """All bytes that come back until the server closes, or the end of the first complete answer without a body left."""
    start = time.monotonic()
    received = b""
    with connect(server, seconds) as connection:
        try:
            connection.sendall(data if isinstance(data, bytes) else data.encode("latin-1"))
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            while time.monotonic() - start < seconds:
                piece = connection.recv(65536)
                if not piece:
                    return received
                received += piece
                head, separator, body = received.partition(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head.lower())
                if separator and length and len(body) >= int(length.group(1)) and not half_close:
                    return received
        except (ConnectionError, BrokenPipeError):
            return received
        except TimeoutError:
            pass
    raise AssertionError(f"neither an answer nor an end within {seconds} s: {received[:200]!r}")


def status(received):
    assert received.startswith(b"HTTP/1.1 "), received[:100]
    return int(received[9:12])


MALFORMED = {
    "nothing of HTTP": b"hello\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xab" * 500,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 40,
    "zeros": bytes(5000),
    "no version": b"GET /health\r\n\r\n",
    "version 9": b"GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "no path": b"GET  HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "spaces in the path": b"GET /a b c HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "NUL in the path": b"GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "NUL in a field": b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\n\r\n",
    "NUL in a name": b"GET /health HTTP/1.1\r\nHost: localhost\r\nX\0A: b\r\n\r\n",
    "space before the colon": b"GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "no colon": b"GET /health HTTP/1.1\r\nHost localhost\r\n\r\n",
    "field of 200 KB": b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 200_000 + b"\r\n\r\n",
    "name of 200 KB": b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"a" * 200_000 + b": b\r\n\r\n",
    "5,000 fields": b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 5_000 + b"\r\n",
    "path of 100 KB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "path of 10 MB": b"GET /" + b"a" * 10_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "length and chunks": b"POST /originals HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
    "negative length": b"POST /originals HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\nabcde",
    "two lengths": UPLOAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "length of letters": b"POST /originals HTTP/1.1\r\nHost: localhost\r\nContent-Length: five\r\n\r\nabcde",
    "length beyond 64 bits": b"POST /originals HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
    + b"9" * 40
    + b"\r\n\r\nab",
    "largest length": b"POST /originals HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9223372036854775807\r\n\r\nab",
    "bad chunk": b"POST /originals HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "huge chunk": UPLOAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n",
    "unknown coding": b"POST /originals HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nabc",
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
    "asterisk": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "CONNECT": b"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "absolute form": b"GET http://169.254.169.254/latest/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "upgrade": b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
    b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n",
    "websocket": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "million ranges": b"GET /health HTTP/1.1\r\nHost: localhost\r\nRange: bytes=" + b"0-1," * 15_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_requests(server, what):
    received = exchange(server, MALFORMED[what], half_close=what in ("largest length", "unknown coding"))
    if received:
        assert status(received) < 500 or status(received) in (501, 505), received[:300]
        answers = received.count(b"HTTP/1.1 ")
        assert answers == 1 or status(received) == 400 or b"connection: close" in received.lower(), received[:600]
    server.assert_well()


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/page/../../etc/passwd",
        "/page/..%2f..%2f..%2fetc%2fpasswd",
        "/originals/..%2f..%2fsecrets.json",
        "/originals/../secrets.json",
        "/%00",
        "/originals/%00",
        "/originals/%2e%2e",
        "/%c0%ae%c0%ae/etc/passwd",
        "/%",
        "/%zz",
        "/img",
        "/img/",
        "/img/unsafe",
        "/img/unsafe/",
        "/img//",
        "/info/unsafe/",
        "/img/unsafe/plain/",
        "/img/unsafe/plain/local:///../../etc/passwd",
        "/metrics",
        "/admin/drain",
        "/drain",
        "/.git/config",
        "/originals/" + "f" * 63,
        "/originals/" + "f" * 65,
        "/originals/" + "F" * 64,
        "/?" + "a" * 5000,
        "/\xff\xfe",
    ],
)
def test_paths_that_lead_nowhere(server, path):
    received = exchange(server, f"GET {path} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n")
    if path.startswith("/?"):
        assert status(received) == 200
        return
    assert status(received) in (400, 403, 404), received[:300]
    assert b"root:" not in received and TOKEN.encode() not in received


def test_pipelined_requests_are_answered_in_order(server, identity):
    paths = [
        "/health",
        "/nothing",
        f"/img/unsafe/w:20/plain/original://{identity}@png",
        "/img/unsafe/zz:1/plain/x",
        "/ready",
    ]
    data = "".join(f"GET {path} HTTP/1.1\r\n{HOST}\r\n" for path in paths * 20)
    with connect(server) as connection:
        connection.sendall(data.encode())
        stream = connection.makefile("rb")
        statuses = []
        for _ in range(len(paths) * 20):
            statuses.append(int(stream.readline().split(b" ")[1]))
            fields = http.client.parse_headers(stream)
            stream.read(int(fields["Content-Length"]))
    assert statuses == [200, 404, 200, 400, 200] * 20


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"GET",
        b"GET /health HTTP/1.1\r\nHost: lo",
        b"POST /originals HTTP/1.1\r\nHost: localhost\r\n" b"Content-Length: 1000\r\n\r\n\x89PNG",
    ],
    ids=["nothing", "method", "head", "body"],
)
def test_a_client_that_stops_is_let_go(server, start):
    begin = time.monotonic()
    exchange_until_close(server, start, lambda: None, IDLE_SECONDS * 3)
    assert time.monotonic() - begin < IDLE_SECONDS * 2


def exchange_until_close(server, data, wait, seconds):
    with connect(server, 1) as connection:
        connection.sendall(data)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            wait()
            try:
                if not connection.recv(65536):
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    raise AssertionError(f"still connected after {seconds} s")


def test_a_head_sent_byte_by_byte_does_not_hold_a_connection_for_ever(server):
    """Slow loris: a byte now and then keeps a connection from being idle, so the head needs a time of its own."""
    begin = time.monotonic()
    with connect(server, 0.4) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        while time.monotonic() - begin < IDLE_SECONDS * 3:
            try:
                connection.sendall(b"a")
                if not connection.recv(4096):
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    raise AssertionError("the connection was still open after three times the idle timeout")


def test_a_half_closed_connection_gets_its_answer(server, identity):
    path = f"/img/unsafe/w:30/plain/original://{identity}@png"
    received = exchange(server, f"GET {path} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n", half_close=True)
    assert not received or status(received) == 200
    server.assert_well()


def test_expect_continue(server):
    body = encoded(noise(31, 31), "PNG")
    fields = f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\nConnection: close\r\n"
    head = f"POST /originals HTTP/1.1\r\n{HOST}{fields}\r\n"
    with connect(server, 1) as connection:
        connection.sendall(head.encode())
        first = connection.recv(4096)
        assert first.startswith(b"HTTP/1.1 100"), first[:100]
        connection.settimeout(10)
        connection.sendall(body)
        answer = first.partition(b"\r\n\r\n")[2]
        while piece := connection.recv(65536):
            answer += piece
    assert status(answer) == 201


def test_many_idle_connections_do_no_harm(server, identity):
    before = server.resident_bytes()
    idle = [connect(server) for _ in range(300)]
    try:
        for connection in idle[::3]:
            connection.sendall(b"GET /hea")
        start = time.monotonic()
        answer = requests.get(f"{server.url}/img/unsafe/w:21/plain/original://{identity}@png", timeout=5)
        assert answer.status_code == 200 and time.monotonic() - start < 3
        assert server.resident_bytes() - before < 60 << 20
    finally:
        for connection in idle:
            connection.close()
    descriptors = f"/proc/{server.process.pid}/fd"
    server.wait_for(lambda: len(os.listdir(descriptors)) < 100, "the end of the idle connections", IDLE_SECONDS * 3)


def test_an_upload_in_chunks(server):
    body = encoded(noise(45, 45), "PNG")
    pieces = (body[start : start + 777] for start in range(0, len(body), 777))
    answer = requests.post(server.url + "/originals", data=pieces, timeout=30)
    assert answer.status_code == 201 and answer.json()["bytes"] == len(body)


@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
def test_an_upload_that_is_refused_while_it_is_sent(strict, chunked):
    """The answer can be read, and the connection ends, though 50 MB are still to come."""
    total = 50 << 20
    framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {total}"
    head = f"POST /originals HTTP/1.1\r\n{HOST}Authorization: Bearer wrong\r\n{framing}\r\n\r\n"
    start, received, sent = time.monotonic(), b"", 0
    piece = b"\xff\xd8" * 32_768
    if chunked:
        piece = b"10000\r\n" + piece + b"\r\n"
    with connect(strict, 5) as connection:
        connection.sendall(head.encode())
        connection.setblocking(False)
        closed = False
        while not closed and time.monotonic() - start < BOUND_SECONDS:
            try:
                sent += connection.send(piece)
            except BlockingIOError:
                time.sleep(0.01)
            except ConnectionError:
                closed = True
            try:
                data = connection.recv(65536)
                received += data
                if received and not data:
                    time.sleep(0.01)
            except BlockingIOError:
                pass
            except ConnectionError:
                closed = True
    assert status(received) == 401 and b"/token-required" in received, received[:300]
    assert closed, f"still open after {BOUND_SECONDS} s and {sent} bytes"


@pytest.mark.parametrize(
    "body, expected",
    [
        (b"a" * (2 << 20), 413),
        (b"[" * 100_000, 400),
        (b'{"paths":' + b"[" * 100_000, 400),
        (b"\xff", 400),
        (b"", 400),
        (b'{"paths":["x"]}', 400),
        (b'{"paths":["/w:1/plain/local:///a"],"kind":"../img"}', 400),
        (b'{"paths":[]}', 400),
    ],
    ids=lambda value: str(value)[:20],
)
def test_calls_to_sign_that_cannot_be_read(server, body, expected):
    answer = requests.post(server.url + "/sign", data=body, timeout=20)
    assert answer.status_code == expected, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_methods(server, identity):
    rendition, original = f"/img/unsafe/w:22/plain/original://{identity}@png", f"/originals/{identity}"
    for path in (rendition, original, "/health", "/"):
        got, head = (requests.request(method, server.url + path, timeout=20) for method in ("GET", "HEAD"))
        assert got.status_code == head.status_code == 200, path
        assert head.content == b"" and head.headers["Content-Length"] == str(len(got.content)), path
    for method in ("OPTIONS", "PUT", "PATCH", "TRACE", "BREW", "DELETE", "POST", "PROPFIND"):
        for path in (rendition, "/health", "/", "/nothing"):
            answer = requests.request(method, server.url + path, timeout=20)
            assert answer.status_code in (204, 400, 404, 405, 501), f"{method} {path}: {answer.status_code}"
            assert method not in answer.text or answer.status_code != 200, "nothing is echoed"


def test_the_server_is_as_it_was(server):
    """Runs last in this file."""
    server.assert_well()
    assert server.peak["server"] < 250 << 20, server.peak
    assert not [line for line in server.lines if line.get("unparsed")]
    errors = [line for line in server.lines if line.get("level") in ("error", "critical")]
    assert not errors, errors[:5]
