"""The edge: upstreams that fail in every way; clients see 502, 504 or an abort, and nothing bad is stored."""

import socket
import threading

import pytest

from edge_under_test import AN_HOUR, Page, running_edge
from raw_client import request
from scripted_origin import chunked, head, ok, then_close, then_hang, then_reset

GOOD = ok(b"good", AN_HOUR)


@pytest.fixture(scope="module")
def hasty(tmp_path_factory, scripted_origin):
    """An edge that waits for its upstream half a second only."""
    flags = ["--upstream-timeout", "500ms", "--upstream-stall", "500ms"]
    with running_edge(tmp_path_factory.mktemp("hasty"), scripted_origin.url, *flags) as running:
        yield running


@pytest.fixture
def hasty_page(page, hasty):
    return page.at(hasty)


def is_well_afterwards(page):
    """Whether the next request is fetched anew, served, and stored."""
    page.answers(GOOD)
    before = page.fetches
    assert page.get().body == b"good"
    assert page.get().body == b"good"
    return page.fetches == before + 1


def closed_port():
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_an_upstream_that_refuses_connections(tmp_path):
    """RFC 9110 §15.6.3"""
    with running_edge(tmp_path, f"http://127.0.0.1:{closed_port()}") as edge:
        for method in ("GET", "HEAD", "POST"):
            answer = edge.ask("/refused", method=method, body=b"x" if method == "POST" else None)
            assert answer.status == 502
            assert answer["cache-status"]
            assert method == "HEAD" or answer["content-type"] == "application/problem+json"
        with edge.client() as client:
            assert [client.ask("/again").status for _ in range(3)] == [502] * 3


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nX-A: b\r\n"],
                         ids=["nothing", "half a line", "half a head"])
def test_an_upstream_that_hangs_before_its_head_has_ended(hasty_page, start):
    """RFC 9110 §15.6.5"""
    hasty_page.answers(then_hang(start))
    answer = hasty_page.get()
    assert answer.status == 504
    assert answer["cache-status"]
    assert is_well_afterwards(hasty_page)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
                                   head(status="103 Early Hints")], ids=["nothing", "line", "half a head", "interim"])
@pytest.mark.parametrize("ending", [then_close, then_reset])
def test_an_upstream_that_leaves_before_its_head_has_ended(page, start, ending):
    """RFC 9110 §15.6.3"""
    page.answers(ending(start))
    assert page.get().status == 502
    assert is_well_afterwards(page)


TRUNCATED = {
    "length": head(AN_HOUR, "Content-Length: 100000") + b"a" * 50_000,
    "length, one byte short": head(AN_HOUR, "Content-Length: 10") + b"a" * 9,
    "length, no byte": head(AN_HOUR, "Content-Length: 10"),
    "chunked, in a chunk": head(AN_HOUR, "Transfer-Encoding: chunked") + b"64\r\nhello",
    "chunked, after a chunk": head(AN_HOUR, "Transfer-Encoding: chunked") + b"5\r\nhello\r\n",
    "chunked, in the last size": head(AN_HOUR, "Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n",
    "chunked, in the trailers": head(AN_HOUR, "Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\nX-A: b\r\n",
    "chunked, no byte": head(AN_HOUR, "Transfer-Encoding: chunked"),
}


@pytest.mark.parametrize("ending", [then_close, then_reset])
@pytest.mark.parametrize("start", TRUNCATED.values(), ids=TRUNCATED.keys())
def test_a_truncated_body_is_seen_as_such_and_never_stored(page, start, ending):
    """RFC 9112 §8, RFC 9111 §3.3"""
    page.answers(ending(start))
    answer = page.get(may_be_cut=True)
    assert not answer.complete or answer.status == 502
    assert is_well_afterwards(page)


def test_a_connection_that_is_reset_in_a_body_without_length_is_no_end(page):
    """RFC 9112 §8: only a clean end completes such a body; what is in doubt is not stored."""
    page.answers(then_reset(head(AN_HOUR) + b"hello"))
    page.get(may_be_cut=True)
    assert is_well_afterwards(page)


@pytest.mark.parametrize("start", [TRUNCATED["length"], TRUNCATED["chunked, after a chunk"]], ids=["length", "chunked"])
def test_a_body_that_stalls_is_given_up_and_never_stored(hasty_page, start):
    hasty_page.answers(then_hang(start))
    answer = hasty_page.get(may_be_cut=True)
    assert not answer.complete
    assert is_well_afterwards(hasty_page)


BAD_CHUNKS = [b"g\r\nhello\r\n", b"5\r\nhelloX\r\n0\r\n\r\n", b"-5\r\nhello\r\n", b"5\nhello\n0\n\n", b"\r\n\r\n",
              b"10000000000000005\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n0\r\nX A: b\r\n\r\n", b"0x5\r\nhello\r\n"]


@pytest.mark.parametrize("chunks", BAD_CHUNKS, ids=str)
def test_bad_chunks_end_the_answer_and_are_never_stored(page, chunks):
    """RFC 9112 §7.1"""
    page.answers(then_close(head(AN_HOUR, "Transfer-Encoding: chunked") + chunks))
    answer = page.get(may_be_cut=True)
    assert not answer.complete or answer.status == 502
    assert is_well_afterwards(page)


MALFORMED = {
    "two lengths": head(AN_HOUR, "Content-Length: 5", "Content-Length: 6") + b"hello!",
    "two lengths in a list": head(AN_HOUR, "Content-Length: 5, 6") + b"hello!",
    "a negative length": head(AN_HOUR, "Content-Length: -5") + b"hello",
    "a length that is no number": head(AN_HOUR, "Content-Length: five") + b"hello",
    "a length that overflows": head(AN_HOUR, "Content-Length: 18446744073709551621") + b"hello",
    "length and chunked": head(AN_HOUR, "Content-Length: 5", "Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n",
    "an unknown coding": head(AN_HOUR, "Transfer-Encoding: x-own") + b"hello",
    "chunked, identity": head(AN_HOUR, "Transfer-Encoding: chunked, identity") + b"5\r\nhello\r\n0\r\n\r\n",
    "chunked twice": head(AN_HOUR, "Transfer-Encoding: chunked, chunked") + b"5\r\nhello\r\n0\r\n\r\n",
    "no HTTP": b"hello, I am a mail server\r\n\r\n",
    "HTTP/0.9": b"<html>old</html>",
    "HTTP/2.0": head(AN_HOUR, "Content-Length: 0").replace(b"/1.1", b"/2.0"),
    "no status": b"HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n",
    "a status of two digits": b"HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
    "a status of four digits": b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "a status below 100": b"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
    "a folded line": head(AN_HOUR, "X-A: b\r\n c", "Content-Length: 0"),
    "a blank before the colon": head(AN_HOUR, "Content-Length : 5") + b"hello",
    "no colon": head(AN_HOUR, "nonsense", "Content-Length: 0"),
    "an empty name": head(AN_HOUR, ": b", "Content-Length: 0"),
    "NUL in a value": head(AN_HOUR, "X-A: b\0c", "Content-Length: 0"),
    "CR in a value": head(AN_HOUR, "X-A: b\rSet-Cookie: c", "Content-Length: 0"),
    "bare LF": head(AN_HOUR, "Content-Length: 0").replace(b"\r\n", b"\n"),
    "a head without end": b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 3_000_000,
    "fields without end": b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 300_000,
    "interim answers without end": head(status="103 Early Hints") * 20_000 + GOOD,
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_head_is_502_and_nothing_of_it_is_used(page, data):
    """RFC 9112 §6.3, RFC 9110 §15.6.3"""
    page.answers(then_close(data))
    with page.edge.client() as client:
        client.send(request(page.path))
        answer = client.response()
        assert answer.status == 502, answer
        assert "set-cookie" not in answer.fields
    assert is_well_afterwards(page)


@pytest.mark.parametrize("garbage", [b"garbage", b"\r\n\r\n", ok(b"injected", AN_HOUR), b"0\r\n\r\n"], ids=str)
@pytest.mark.parametrize("make", [ok, lambda body, *fields: chunked([body], *fields)], ids=["length", "chunked"])
def test_what_follows_a_message_is_no_answer_to_anything(page, garbage, make):
    """RFC 9112 §9.2: response queue poisoning"""
    page.answers(make(b"first", "Cache-Control: no-store") + garbage, GOOD)
    assert page.get().body == b"first"
    for _ in range(3):
        assert page.get().body == b"good"
    other = page.beside("other").answers(ok(b"other", "Cache-Control: no-store"))
    for _ in range(3):
        assert other.get().body == b"other"


def test_a_body_in_answer_to_head_is_no_answer_to_the_next_request(page):
    """RFC 9110 §9.3.2"""
    page.answers(lambda turn: turn.send(ok(b"HTTP/1.1 200 OK\r\n\r\ninjected", "Cache-Control: no-store")), GOOD)
    assert page.get(method="HEAD").status == 200
    for _ in range(3):
        assert page.get().body == b"good"


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_a_body_where_none_may_be_is_not_passed_on(page, status):
    """RFC 9112 §6.3"""
    page.answers(then_close(head("Content-Length: 5", status=status) + b"hello"))
    with page.edge.client() as client:
        client.send(request(page.path, 'If-None-Match: "a"'))
        answer = client.response()
        assert answer.status in (int(status[:3]), 502)
        page.answers(GOOD)
        assert client.ask(page.path).body == b"good"


def test_a_lost_origin_does_not_end_the_others(hasty, scripted_origin, page):
    """A hundred requests that hang keep none of the good ones waiting."""
    hung = Page(hasty, scripted_origin, page.path + "/hung").answers(then_hang(b""))
    good = Page(hasty, scripted_origin, page.path + "/good").answers(GOOD)
    good.get()
    threads = [threading.Thread(target=hung.get, kwargs={"query": f"?{number}"}) for number in range(100)]
    for thread in threads:
        thread.start()
    scripted_origin.wait_for(lambda: hung.fetches >= 50, "the hanging requests")
    assert [good.get().body for _ in range(10)] == [b"good"] * 10
    for thread in threads:
        thread.join(20)


def test_an_answer_before_the_body_is_passed_on(page):
    """RFC 9112 §9.3: the upstream refuses early and closes."""
    def script(turn):
        turn.send(ok(b"no", "Connection: close", status="403 Forbidden"))
        turn.half_close()
        turn.hang()
    script.answers_before_body = True
    page.answers(script)
    with page.edge.client() as client:
        client.send(request(page.path, "Content-Length: 1000000", method="POST") + b"x" * 10_000)
        assert client.response("POST").status == 403
