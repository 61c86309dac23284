"""The edge: what it passes on, and what it must not (RFC 9110 §7.6, §15, RFC 8586, RFC 8297)."""

import threading

import pytest

from edge_under_test import AN_HOUR
from raw_client import request
from scripted_origin import chunked, head, ok, then_close

BIG = bytes(range(256)) * 20_000


def test_early_hints_are_forwarded_at_once(page):
    """RFC 9110 §15.2, RFC 8297: before the origin has the answer"""
    hints = head("Link: </style.css>; rel=preload", "Date:", status="103 Early Hints")
    seen = threading.Event()

    def script(turn):
        turn.send(hints, head("X-Second: 1", "Date:", status="103 Early Hints"))
        turn.wait(seen)
        turn.send(ok(b"body", "Cache-Control: no-store"))
    page.answers(script)
    with page.edge.client() as client:
        client.send(request(page.path))
        line = client.reader.line()
        fields = client.reader.fields()
        assert line.startswith(b"HTTP/1.1 103 ")
        assert fields["link"] == "</style.css>; rel=preload"
        seen.set()
        answer = client.response()
        assert [interim.status for interim in answer.informational] == [103]
        assert answer.body == b"body"


def test_interim_responses_are_no_answers(page):
    """RFC 9110 §15.2: whatever they say, the final response is what is stored."""
    interim = head("Date:", AN_HOUR, "X-Interim: 1", status="102 Processing")
    page.answers(interim + head("Date:", status="199 Whatever") + ok(b"body", AN_HOUR))
    assert page.get().body == b"body"
    again = page.get()
    assert (again.body, again["x-interim"], again.informational) == (b"body", None, [])
    assert page.fetches == 1


def test_clients_of_http_1_0_get_no_interim_responses(page):
    """RFC 9110 §15.2"""
    page.answers(head("Date:", status="103 Early Hints") + ok(b"body", AN_HOUR))
    answer = page.get(version="1.0")
    assert (answer.status, answer.informational, answer.body) == (200, [], b"body")


def test_a_client_that_expects_100_continue_gets_it_and_its_body_arrives(page):
    """RFC 9110 §10.1.1"""
    page.answers(ok(b"done"))
    with page.edge.client() as client:
        client.send(request(page.path, "Expect: 100-continue", "Content-Length: 5", method="PUT"))
        line = client.reader.line()
        assert line.startswith(b"HTTP/1.1 100 "), line
        client.reader.fields()
        answer = client.send(b"12345").response("PUT")
    assert answer.body == b"done"
    assert page.last().body == b"12345"


HOP_BY_HOP = ["Connection: close, X-Nominated", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive",
              "X-Nominated: 1", "TE: gzip", "Upgrade: other/1"]
NAMES = {"keep-alive", "proxy-connection", "x-nominated", "upgrade"}


def test_hop_by_hop_fields_of_requests_stop_here(page):
    """RFC 9110 §7.6.1"""
    page.answers(ok(b"body"))
    page.get(*HOP_BY_HOP, "Proxy-Authorization: Basic eA==", "X-End: kept", method="POST", body=b"")
    fields = page.last().fields
    assert not NAMES & {name for name, _ in fields}
    assert "gzip" not in (fields["te"] or "")
    assert "nominated" not in (fields["connection"] or "").lower()
    assert fields["x-end"] == "kept"


def test_hop_by_hop_fields_of_responses_stop_here_and_are_not_stored(page):
    """RFC 9110 §7.6.1, RFC 9111 §3.1"""
    fields = ["Connection: keep-alive, X-Nominated", *HOP_BY_HOP[1:4], "Proxy-Authentication-Info: a=b",
              "Upgrade: other/1", "X-End: kept"]
    page.answers(ok(b"body", AN_HOUR, *fields))
    for answer in (page.get(), page.get()):
        assert not NAMES & {name for name, _ in answer.fields}
        assert "nominated" not in (answer["connection"] or "").lower()
        assert answer["x-end"] == "kept"
    assert page.fetches == 1


@pytest.mark.parametrize("name", ["Cache-Control", "Content-Length", "Vary", "Age", "Date", "Host", "Set-Cookie"])
def test_nominating_an_end_to_end_field_breaks_nothing(page, name):
    """RFC 9110 §7.6.1: neither framing nor storing may be talked away."""
    page.answers(ok(b"first", "Cache-Control: no-store", f"Connection: {name}"), ok(b"second"))
    assert page.get(f"Connection: {name}").body == b"first"
    assert page.get().body == b"second"


def test_host_and_ordinary_fields_reach_the_origin(page):
    page.answers(ok(b"body"))
    fields = ["Accept: image/avif,*/*;q=0.8", "Cookie: a=b", "X-Custom: one", "X-Custom: two", "User-Agent: tests/1"]
    page.get(*fields, query="?a=%2F&b=c+d&a=1")
    seen = page.last()
    assert seen.target == f"{page.path}?a=%2F&b=c+d&a=1"
    assert seen["x-custom"] == "one, two"
    for field in fields[:2] + fields[4:]:
        name, value = field.split(": ", 1)
        assert seen[name.lower()] == value


def test_via_and_cdn_loop_are_added_to_requests(page):
    """RFC 9110 §7.6.3, RFC 8586"""
    page.answers(ok(b"body"))
    page.get("Via: 1.0 other", "CDN-Loop: foo123.foocdn.example, bar; t=1")
    seen = page.last()
    assert seen["via"].startswith("1.0 other, 1.1 ")
    assert seen["cdn-loop"].startswith("foo123.foocdn.example, bar; t=1, ")


def test_a_request_that_comes_back_is_refused(page):
    """RFC 8586 §3: 508, and the origin isn't asked again"""
    page.answers(ok(b"body"))
    page.get()
    ours = page.last()
    for field in (f"CDN-Loop: {ours['cdn-loop']}", f"Via: {ours['via']}"):
        answer = page.get("Cache-Control: no-cache", field)
        assert answer.status == 508
        assert answer["cache-status"]
    assert page.fetches == 1


@pytest.mark.parametrize("status", ["201 Created", "202 Accepted", "226 IM Used", "299 Unheard of", "399 Odd",
                                    "400 Bad", "418 Teapot", "499 Client", "503 Busy", "599 Whatever", "200 ",
                                    "600 Out", "999 Outer"])
def test_any_final_status_is_passed_on(page, status):
    """RFC 9110 §15: unknown codes are treated as the x00 of their class"""
    page.answers(ok(b"body", "Retry-After: 5", status=status))
    answer = page.get()
    code = int(status[:3])
    assert answer.status == code or (code >= 600 and answer.status == 502)
    assert code >= 600 or (answer.body, answer["retry-after"]) == (b"body", "5")


@pytest.mark.parametrize("method", ["FOO", "M-SEARCH", "PROPFIND", "PATCH", "DELETE", "OPTIONS", "a!#$%&'*+-.^_`|~0"])
def test_any_method_is_passed_on(page, method):
    """RFC 9110 §9.1"""
    page.answers(ok(b"body", "Allow: GET"))
    answer = page.get(method=method, body=b"12")
    assert (answer.status, answer.body) == (200, b"body")
    assert (page.last().method, page.last().body) == (method, b"12")


@pytest.mark.parametrize("status", ["204 No Content", "205 Reset Content", "304 Not Modified"])
def test_answers_without_a_body_have_none(page, status):
    """RFC 9112 §6.3: whatever their fields say, the connection goes on after the head."""
    fields = ["Content-Length: 0"] if status[0:3] == "205" else ['ETag: "a"']
    page.answers(head(*fields, status=status))
    with page.edge.client() as client:
        for _ in range(2):
            answer = client.ask(page.path, 'If-None-Match: "a"')
            assert (answer.status, answer.body) == (int(status[:3]), b"")


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize("size", [70_000, 5_000_000])
def test_request_bodies_arrive_whole(page, framing, size):
    """In the client's pieces, and more than once: a wake-up that is lost now and then leaves a body hanging."""
    page.answers(ok(b"thanks"))
    body = BIG[:size]
    for _ in range(8):
        with page.edge.client(seconds=10) as client:
            if framing == "length":
                client.send(request(page.path, "X-A: 1", f"Content-Length: {size}", method="PUT"))
            else:
                client.send(request(page.path, "Transfer-Encoding: chunked", method="PUT"))
            for start in range(0, size, 33_333):
                piece = body[start : start + 33_333]
                client.send(piece if framing == "length" else f"{len(piece):X};a=b\r\n".encode() + piece + b"\r\n")
            if framing == "chunked":
                client.send(b"0\r\n\r\n")
            assert client.response("PUT").body == b"thanks"
            assert client.ask(page.path).body == b"thanks"
        assert page.requests[-2].body == body


def test_a_request_body_is_streamed(page):
    """The origin has the first half before the client sends the second."""
    first = threading.Event()

    def script(turn):
        turn.send(ok(b"early", status="413 Too Large"))
        first.set()
        turn.hang()
    script.answers_before_body = True
    page.answers(script)
    with page.edge.client() as client:
        client.send(request(page.path, "Content-Length: 200000", method="POST") + b"x" * 100_000)
        assert first.wait(15)
        assert client.response("POST").status == 413


def test_a_get_with_a_body_is_not_confused_with_one_without(page):
    """RFC 9110 §9.3.1: content has no meaning for GET, but it must not become the next request."""
    page.answers(ok(b"one", "Cache-Control: no-store"))
    with page.edge.client() as client:
        body = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        assert client.ask(page.path, body=body).body == b"one"
        assert client.ask(page.path).body == b"one"
    assert not page.origin.requests("/smuggled")


@pytest.mark.parametrize("cache", [AN_HOUR, "Cache-Control: no-store"])
def test_chunked_answers_arrive_whole(page, cache):
    """RFC 9112 §7.1"""
    chunks = [b"a", b"bc" * 1000, b"\r\n0\r\n\r\n", bytes(70_000)]
    page.answers(chunked(chunks, cache))
    for _ in range(2):
        assert page.get().body == b"".join(chunks)


def test_answers_that_end_with_the_connection_arrive_whole(page):
    """RFC 9112 §6.3: the end of the connection is the end of the body."""
    page.answers(then_close(head(AN_HOUR) + BIG))
    with page.edge.client() as client:
        assert client.ask(page.path).body == BIG
    assert page.get().body == BIG


def test_trailers_are_passed_on_to_who_wants_them(page):
    """RFC 9110 §6.5: never merged into the header section without need"""
    page.answers(chunked([b"body"], "Cache-Control: no-store", "Trailer: X-Sum", trailers=["X-Sum: 1", "X-Two: 2"]))
    answer = page.get("TE: trailers")
    assert answer.body == b"body"
    assert answer.framing != "chunked" or answer.trailers["x-sum"] == "1"
    assert answer["x-sum"] is None


def test_trailers_cannot_change_framing_or_caching(page):
    """RFC 9110 §6.5.1"""
    page.answers(chunked([b"first"], "Cache-Control: no-store",
                         trailers=["Cache-Control: max-age=3600", "Content-Length: 3", "Transfer-Encoding: gzip"]),
                 ok(b"second", "Cache-Control: no-store"))
    answer = page.get("TE: trailers")
    assert answer.body == b"first"
    assert not {"content-length", "transfer-encoding"} & {name for name, _ in answer.trailers}
    assert page.get().body == b"second"


def test_request_trailers_do_no_harm(page):
    """RFC 9112 §7.1.2"""
    page.answers(ok(b"body"))
    with page.edge.client() as client:
        client.send(request(page.path, "Transfer-Encoding: chunked", "Trailer: X-Sum", method="POST")
                    + b"2\r\nab\r\n0\r\nX-Sum: 1\r\nHost: other\r\nContent-Length: 9\r\n\r\n")
        assert client.response("POST").body == b"body"
    assert page.last().body == b"ab"
    assert page.last()["host"] == "pictures.example"
