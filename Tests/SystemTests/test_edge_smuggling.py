"""The edge: requests whose ends are in doubt are refused, and never reach the origin.

RFC 9112 §2.2, §5, §6 and §11.2.
"""

import pytest

from edge_under_test import AN_HOUR
from raw_client import HOST, request
from scripted_origin import ok

EMPTY = b"0\r\n\r\n"


def hidden(page):
    """What an attacker appends, in the hope that it becomes a request of its own."""
    return request(page.path + "/hidden", host="x")


def framed(*fields):
    """A POST with these framing fields."""
    lines = [b"POST %s HTTP/1.1", b"Host: " + HOST.encode(), *fields]
    return b"\r\n".join([*lines, b"", b""])


REFUSED = {
    "length and chunked": framed(b"Content-Length: 5", b"Transfer-Encoding: chunked") + EMPTY,
    "chunked and length": framed(b"Transfer-Encoding: chunked", b"Content-Length: 5") + EMPTY,
    "two lengths": framed(b"Content-Length: 0", b"Content-Length: 5") + b"hello",
    "two lengths in a list": framed(b"Content-Length: 0, 5") + b"hello",
    "a signed length": framed(b"Content-Length: +5") + b"hello",
    "a negative length": framed(b"Content-Length: -5") + b"hello",
    "a length in hex": framed(b"Content-Length: 0x5") + b"hello",
    "a length with a fraction": framed(b"Content-Length: 5.0") + b"hello",
    "a length with a blank": framed(b"Content-Length: 5 5") + b"hello",
    "an empty length": framed(b"Content-Length:") + b"hello",
    "a length that overflows": framed(b"Content-Length: 18446744073709551621") + b"hello",
    "a length that overflows more": framed(b"Content-Length: " + b"9" * 100) + b"hello",
    "an unknown coding": framed(b"Transfer-Encoding: x-own") + EMPTY,
    "identity": framed(b"Transfer-Encoding: identity") + EMPTY,
    "chunked, identity": framed(b"Transfer-Encoding: chunked, identity") + EMPTY,
    "chunked not last": framed(b"Transfer-Encoding: chunked, gzip") + EMPTY,
    "chunked twice": framed(b"Transfer-Encoding: chunked, chunked") + EMPTY,
    "chunked in two lines": framed(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked") + EMPTY,
    "a misspelt coding": framed(b"Transfer-Encoding: xchunked") + EMPTY,
    "a quoted coding": framed(b'Transfer-Encoding: "chunked"') + EMPTY,
    "an empty coding": framed(b"Transfer-Encoding:") + EMPTY,
    "a coding with a vertical tab": framed(b"Transfer-Encoding: \x0bchunked") + EMPTY,
    "a coding and HTTP/1.0": framed(b"Transfer-Encoding: chunked").replace(b"1.1", b"1.0") + EMPTY,
    "a blank before the colon": framed(b"Content-Length : 5") + b"hello",
    "a blank before a coding's colon": framed(b"Transfer-Encoding : chunked") + EMPTY,
    "a tab before the colon": framed(b"Content-Length\t: 5") + b"hello",
    "a folded line": framed(b"X-A: b\r\n  c", b"Content-Length: 0"),
    "a folded coding": framed(b"Transfer-Encoding:\r\n chunked") + EMPTY,
    "a blank before the first field": b"POST %s HTTP/1.1\r\n Host: x\r\nHost: y\r\n\r\n",
    "a line without colon": framed(b"nonsense", b"Content-Length: 0"),
    "an empty name": framed(b": value", b"Content-Length: 0"),
    "NUL in a name": framed(b"X\0A: b"),
    "NUL in a value": framed(b"X-A: b\0c"),
    "CR in a value": framed(b"X-A: b\rContent-Length: 9"),
    "DEL in a name": framed(b"X\x7fA: b"),
    "a bad byte in a name": framed(b"X(A): b"),
    "NUL in the target": b"GET %s\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a blank in the target": b"GET %s b HTTP/1.1\r\nHost: x\r\n\r\n",
    "a tab in the request line": b"GET\t%s\tHTTP/1.1\r\nHost: x\r\n\r\n",
    "a bad method": b"G(T %s HTTP/1.1\r\nHost: x\r\n\r\n",
    "no method": b" %s HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"GET %s\r\nHost: x\r\n\r\n",
    "a strange version": b"GET %s HTTP/1.1x\r\nHost: x\r\n\r\n",
    "a lower-case version": b"GET %s http/1.1\r\nHost: x\r\n\r\n",
    "bare LF everywhere": b"GET %s HTTP/1.1\nHost: x\n\n",
    "bare LF after a field": b"GET %s HTTP/1.1\r\nHost: x\nContent-Length: 0\r\n\r\n",
    "bare LF at the end": b"GET %s HTTP/1.1\r\nHost: x\r\n\n",
    "bare CR at the end": b"GET %s HTTP/1.1\r\nHost: x\r\n\r\r\n\r\n",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_a_head_that_others_could_read_differently_is_refused(page, data):
    page.answers(ok(b"body", AN_HOUR))
    page.get()
    with page.edge.client(seconds=15) as client:
        client.send(data.replace(b"%s", page.path.encode(), 1) + hidden(page))
        answer = client.response()
        assert 400 <= answer.status < 506, answer
        assert answer.status < 500 or answer.status in (501, 505)
        assert (answer["connection"] or "").lower() == "close"
        assert client.is_closed()
    assert page.fetches == 1
    assert not page.origin.requests(page.path + "/hidden")


CHUNKS = {
    "a size that overflows": b"10000000000000005\r\nhello\r\n" + EMPTY,
    "a size that overflows more": b"f" * 64 + b"\r\nhello\r\n" + EMPTY,
    "a negative size": b"-5\r\nhello\r\n" + EMPTY,
    "a signed size": b"+5\r\nhello\r\n" + EMPTY,
    "a size with 0x": b"0x5\r\nhello\r\n" + EMPTY,
    "an empty size": b"\r\nhello\r\n" + EMPTY,
    "a blank before the size": b" 5\r\nhello\r\n" + EMPTY,
    "no digits": b"g\r\nhello\r\n" + EMPTY,
    "data longer than its size": b"3\r\nhello\r\n" + EMPTY,
    "bare LF after the size": b"5\nhello\r\n" + EMPTY,
    "bare LF after the data": b"5\r\nhello\n" + EMPTY,
    "bare LF in an extension": b"5;a\n\r\nhello\r\n" + EMPTY,
    "NUL in an extension": b"5;a\0b\r\nhello\r\n" + EMPTY,
    "a huge extension": b"5;" + b"a" * 200_000 + b"\r\nhello\r\n" + EMPTY,
    "a bad trailer": b"5\r\nhello\r\n0\r\nX A: b\r\n\r\n",
    "huge trailers": b"5\r\nhello\r\n0\r\n" + b"X-A: " + b"b" * 200_000 + b"\r\n\r\n",
    "a folded trailer": b"5\r\nhello\r\n0\r\nX-A: b\r\n c\r\n\r\n",
}


@pytest.mark.parametrize("data", CHUNKS.values(), ids=CHUNKS.keys())
def test_a_chunked_body_that_others_could_read_differently_ends_the_connection(page, data):
    """RFC 9112 §7.1: the origin never sees such a body as complete, and what follows is no request."""
    page.answers(ok(b"body"))
    with page.edge.client(seconds=15) as client:
        try:
            client.send(request(page.path, "Transfer-Encoding: chunked", method="POST") + data + hidden(page))
            answer = client.response("POST")
            assert answer.status in (400, 413, 431), answer
            assert client.is_closed()
        except OSError:
            pass
    assert not page.origin.requests(page.path + "/hidden")
    assert not any(seen.body for seen in page.requests)


def test_many_small_extensions_are_bounded(page):
    """Overhead of more than the data is an attack (CVE-2023-39326 and others)."""
    page.answers(ok(b"body"))
    with page.edge.client(seconds=15) as client:
        try:
            client.send(request(page.path, "Transfer-Encoding: chunked", method="POST"))
            client.send(b"".join(b"1;" + b"e" * 1000 + b"\r\nx\r\n" for _ in range(20_000)) + EMPTY)
            assert client.response("POST").status in (400, 413)
        except OSError:
            return
        assert client.is_closed()


@pytest.mark.parametrize("lengths", [["Content-Length: 5", "Content-Length: 5"], ["Content-Length: 5, 5"]], ids=str)
def test_equal_lengths_are_refused_or_become_one(page, lengths):
    """RFC 9110 §8.6: the strict origin would complain of two."""
    page.answers(ok(b"body"))
    with page.edge.client() as client:
        client.send(request(page.path, *lengths, method="POST") + b"hello")
        assert client.response("POST").status in (200, 400)
    assert all(seen.body == b"hello" for seen in page.requests)


def test_the_coding_is_read_without_case(page):
    """RFC 9112 §7: codings are case-insensitive."""
    page.answers(ok(b"body"))
    with page.edge.client() as client:
        client.send(request(page.path, "Transfer-Encoding: Chunked", method="POST") + b"5\r\nhello\r\n" + EMPTY)
        assert client.response("POST").body == b"body"
    assert page.last().body == b"hello"


@pytest.mark.parametrize("field", ["X-A: \xff\xfe", "X_Under: score", "X-Tab: a\tb", "X-Empty:", "X-Blank:    "])
def test_odd_but_proper_fields_are_accepted(page, field):
    """RFC 9110 §5.5"""
    page.answers(ok(b"body"))
    assert page.get(field).body == b"body"


def test_a_response_cannot_be_split_by_the_target(page):
    """CRLF that is percent-encoded stays so."""
    page.answers(ok(b"body"))
    page.get(query="?a=%0d%0aX-Injected:%201")
    assert page.last().target.endswith("?a=%0d%0aX-Injected:%201")
    assert "x-injected" not in page.last().fields
