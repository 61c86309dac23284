"""The edge: seeded mutations of requests and of origin answers. It never crashes, lies, or confuses its clients.

A failure prints its seed; FUZZ_SEED in the environment chooses another one.
"""

import os
import random

import pytest

from edge_under_test import AN_HOUR, running_edge
from raw_client import HOST, RawClient, ResponseReader, request
from scripted_origin import ScriptedOrigin, chunked, head, ok
from strict_http import ByteReader, Cut, Malformed

SEED = int(os.environ.get("FUZZ_SEED", "20260"))
ROUNDS = 1_000

REQUESTS = [
    request("/a?b=c", "Accept: */*", "Accept-Language: da, eo;q=0.5", "Cookie: a=b"),
    request("/a", "Cache-Control: max-age=5, no-cache", 'If-None-Match: "a", W/"b"', "Range: bytes=0-1,5-9"),
    request("/a", 'If-Range: "a"', "Range: bytes=-5", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
    request("/a", method="POST", body=b"some content"),
    request("/a", "Transfer-Encoding: chunked", method="PUT") + b"5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
    request("http://other.example/a", "Connection: close, X-A", "X-A: b", "TE: trailers", "Via: 1.1 a"),
    request("*", method="OPTIONS"),
    request("/a", "Connection: keep-alive", version="1.0"),
]

ANSWERS = [
    ok(b"content of the page", AN_HOUR, 'ETag: "a"', "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT", "Vary: Accept"),
    ok(b"content", "CDN-Cache-Control: max-age=60, stale-if-error=5", f"Expires: {'x' * 5}", "Age: 5", "X-A: b"),
    chunked([b"content", b" of the", b" page"], AN_HOUR, "Trailer: X-Sum", trailers=["X-Sum: 1"]),
    head("Link: </a>", status="103 Early Hints") + ok(b"content", "Cache-Control: no-store", "Set-Cookie: a=b"),
    head('ETag: "a"', AN_HOUR, status="304 Not Modified"),
    head("Content-Range: bytes 0-6/100", "Content-Length: 7", AN_HOUR, status="206 Partial Content") + b"content",
    head(AN_HOUR) + b"content until the end",
    ok(b"", "Location: /b", "Content-Location: /c", status="201 Created"),
]

SPICE = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b",", b";", b"=", b'"', b"\\", b"/", b"%", b"\xff", b"\xe9",
         b"0", b"9" * 20, b"-1", b"ffffffffffffffff", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n",
         b"Content-Length: 99999999999999999999\r\n", b"Host: x\r\n", b"HTTP/1.1", b"\r\n\r\n",
         b"Connection: close\r\n",
         b"Range: bytes=0-,0-,0-\r\n", b"Cache-Control: max-age=\r\n", b"Vary: *\r\n", b"Expect: 100-continue\r\n",
         b"A" * 9000]


def mutated(marks, data):
    """Bytes like `data` with one to five changes."""
    data = bytearray(data)
    for _ in range(marks.randint(1, 5)):
        at = marks.randrange(len(data) + 1)
        match marks.randrange(6):
            case 0:
                data[at:at] = marks.choice(SPICE)
            case 1:
                del data[at : at + marks.randint(1, 20)]
            case 2:
                data[at : at + 1] = marks.randbytes(1)
            case 3:
                data[at:at] = data[at : at + marks.randint(1, 60)]
            case 4:
                data[at : at + 1] = marks.choice(SPICE)
            case 5:
                other = marks.randrange(len(data) + 1)
                data[at:at] = data[min(at, other) : max(at, other)][:80]
    return bytes(data)


class Replay:
    """Bytes in the shape of a socket whose peer sends them and closes."""

    def __init__(self, data):
        self.data = data

    def recv(self, _):
        taken, self.data = self.data, b""
        return taken


def strictly_read(data):
    """The response that bytes are; None if they are no proper one."""
    try:
        return ResponseReader(ByteReader(Replay(data))).response(may_be_cut=True)
    except Malformed:
        return None


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """An edge that gives everybody little time, with an origin of its own."""
    origin = ScriptedOrigin()
    flags = ["--header-timeout", "300ms", "--body-timeout", "300ms", "--idle-timeout", "300ms",
             "--upstream-timeout", "300ms", "--upstream-stall", "300ms"]
    with running_edge(tmp_path_factory.mktemp("fuzzed"), origin.url, *flags) as running:
        yield running, origin
    origin.close()


def is_well(edge, origin, number):
    """Whether an ordinary page is fetched, stored and served."""
    origin.script(f"/well-{number}", ok(b"well", AN_HOUR))
    return [edge.ask(f"/well-{number}").body for _ in range(2)] == [b"well"] * 2


def test_mutated_requests(fuzzed):
    """Each is answered well-formed or its connection ends; what arrives at the origin is always proper."""
    edge, origin = fuzzed
    origin.violations.clear()
    marks = random.Random(SEED)
    for number in range(ROUNDS):
        data = mutated(marks, marks.choice(REQUESTS))
        with RawClient(edge.address, seconds=10) as client:
            try:
                client.send(data)
                client.socket.shutdown(1)
                while not client.is_closed():
                    answer = client.head()
                    assert 200 <= answer.status < 600
                    if data.startswith(b"HEAD ") or b"\r\nHEAD " in data:
                        break
                    client.body(answer)
            except (Cut, ConnectionResetError, BrokenPipeError):
                pass
            except (Malformed, TimeoutError, AssertionError) as error:
                pytest.fail(f"seed {SEED}, round {number}: {error!r} to {data!r}")
        edge.assert_well()
        assert not origin.violations, f"seed {SEED}, round {number}: {origin.violations} for {data!r}"
        if number % 50 == 0:
            assert is_well(edge, origin, number)
    assert is_well(edge, origin, "after-requests")
    assert len(origin.seen) > ROUNDS // 10


def test_mutated_answers(fuzzed):
    """Clients get a well-formed answer, an error of the edge's, or an end in the middle; and nothing spreads."""
    edge, origin = fuzzed
    origin.violations.clear()
    marks = random.Random(SEED + 1)
    understood = 0
    origin.script("/neighbour", ok(b"neighbour", "Cache-Control: no-store"))
    for number in range(ROUNDS):
        data = mutated(marks, marks.choice(ANSWERS))
        path = f"/fuzz-{number}"

        def script(turn, data=data):
            turn.send(data)
            turn.close()
        origin.script(path, script)
        fields = ['If-None-Match: "a"'] if marks.randrange(4) == 0 else []
        with RawClient(edge.address, seconds=10) as client:
            try:
                client.send(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n".encode()
                            + "".join(field + "\r\n" for field in fields).encode() + b"Connection: close\r\n\r\n")
                answer = client.response(may_be_cut=True)
                assert client.is_closed()
                expected = strictly_read(data)
                if expected and not expected.complete:
                    # A 304 to the client's condition needs no body.
                    is_unmodified = bool(fields) and answer.status == 304
                    assert answer.status >= 500 or not answer.complete or is_unmodified, "a part passed for the whole"
                elif expected and not fields and answer.status != 502:
                    assert (answer.status, answer.body, answer.complete) == (expected.status, expected.body, True)
                    understood += 1
            except ConnectionResetError:
                pass
            except (Malformed, TimeoutError, AssertionError) as error:
                pytest.fail(f"seed {SEED}, round {number}: {error!r} to {data!r}")
        edge.assert_well()
        if number % 50 == 0:
            assert is_well(edge, origin, f"a{number}")
        if number % 10 == 0:
            assert edge.ask("/neighbour").body == b"neighbour"
    assert not origin.violations
    assert is_well(edge, origin, "after-answers")
    assert understood > ROUNDS // 10


def test_mutated_bodies_are_stored_whole_or_not_at_all(fuzzed):
    """A fresh hit has the very bytes that a client got when it was fetched, whatever the origin's framing was."""
    edge, origin = fuzzed
    marks = random.Random(SEED + 2)
    for number in range(ROUNDS // 5):
        data = mutated(marks, chunked([b"content", b" of the", b" page"], AN_HOUR))
        path = f"/whole-{number}"

        def script(turn, data=data):
            turn.send(data)
            turn.close()
        origin.script(path, script)
        first = edge.ask(path, may_be_cut=True)
        second = edge.ask(path, may_be_cut=True)
        if second.complete and second.is_hit:
            assert first.complete and first.body == second.body, f"seed {SEED}, round {number}: {data!r}"
