"""The edge: no client decides what others get. Keys, targets and fields that attackers play with."""

import pytest

from edge_under_test import AN_HOUR
from raw_client import HOST, request
from scripted_origin import chunked, ok


@pytest.mark.parametrize("name, value", [("X-Forwarded-Host", HOST), ("X-Forwarded-Proto", "http")])
def test_what_the_edge_says_of_a_request_cannot_be_said_by_the_client(page, name, value):
    """An origin that builds links from these would poison the stored page for everybody."""
    def script(turn):
        turn.send(ok(f"link: {turn.request[name.lower()]}".encode(), AN_HOUR))
    page.answers(script)
    page.get(f"{name}: evil.example")
    assert page.get().body == f"link: {value}".encode()


def test_the_address_of_the_client_is_appended(page):
    page.answers(ok(b"body"))
    page.get("X-Forwarded-For: 192.0.2.1")
    assert page.last()["x-forwarded-for"].endswith("127.0.0.1")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Host", "Via", "CDN-Loop"])
def test_what_the_edge_adds_cannot_be_nominated_away(page, name):
    """RFC 9110 §7.6.1: Connection is about the hop before."""
    page.answers(ok(b"body"))
    page.get(f"Connection: {name}")
    assert page.last()[name.lower()]


def test_the_authority_of_the_target_replaces_host(page):
    """RFC 9112 §3.2.2"""
    page.answers(ok(b"body"))
    page.edge.ask(page.url, host="evil.example")
    assert page.last()["host"] == HOST
    assert page.last().target == page.path
    assert "evil" not in str(page.last().fields)


def test_a_port_that_is_the_default_makes_no_difference(page):
    """RFC 9110 §4.2.3"""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    page.get()
    assert page.get(host=HOST + ":80").body == b"first"
    assert page.get(host=HOST + ":8080").body == b"second"


@pytest.mark.parametrize("suffix", ["#part", "#", "?a=b#part"])
def test_a_fragment_is_refused_or_never_sent(page, suffix):
    """RFC 9112 §3.2: no part of a target; stored under one name and asked under another it would poison."""
    page.answers(ok(b"plain", AN_HOUR))
    answer = page.edge.ask(page.path + suffix)
    assert answer.status == 400 or all("#" not in seen.target for seen in page.origin.seen)


@pytest.mark.parametrize("target", ["http://user:secret@pictures.example{}", "http:///{}", "http://{}", "ftp://a{}",
                                    "pictures.example:80{}", "//{}", "\\{}", "{}"], ids=str)
def test_odd_targets_are_refused_or_understood(page, target):
    """RFC 9112 §3.2: whatever becomes of them, the plain page stays what it is."""
    page.answers(ok(b"plain", AN_HOUR))
    page.get()
    answer = page.edge.ask(target.format(page.path))
    assert answer.status in (200, 400, 404, 421, 501, 502)
    assert page.get().body == b"plain"


def test_an_https_target_is_not_the_http_page(page):
    """RFC 9110 §4.2.2, §7.4: another scheme is another resource; on this listener it is refused or asked anew."""
    page.answers(ok(b"http", AN_HOUR), ok(b"other", AN_HOUR))
    page.get()
    answer = page.edge.ask(page.url.replace("http://", "https://"))
    assert answer.status in (400, 421) or answer.body == b"other"


@pytest.mark.parametrize("fields", [
    ["X-HTTP-Method-Override: DELETE"], ["X-Original-URL: /admin"], ["X-Rewrite-URL: /admin"], ["Forwarded: host=evil"],
    ["Cache-Status: vitrine; hit"], ["Age: 99999"], ["Surrogate-Key: everything"], ["Date: nonsense"],
], ids=str)
def test_fields_of_requests_do_not_change_hits(page, fields):
    page.answers(ok(b"body", AN_HOUR))
    page.get(*fields)
    answer = page.get()
    assert (answer.status, answer.body) == (200, b"body")
    assert answer.age < 60
    assert answer["cache-status"].count("vitrine") <= 1
    assert page.fetches == 1


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_get_with_a_body_does_not_confuse_hits(page, framing):
    """RFC 9112 §6: the body is passed over, and is no request of its own."""
    page.answers(ok(b"body", AN_HOUR))
    page.get()
    inner = request(page.path + "/hidden")
    with page.edge.client() as client:
        if framing == "length":
            client.send(request(page.path, body=inner))
        else:
            client.send(request(page.path, "Transfer-Encoding: chunked") + f"{len(inner):x}\r\n".encode() + inner
                        + b"\r\n0\r\n\r\n")
        client.send(request(page.path))
        assert client.response().body == b"body"
        assert client.response().body == b"body"
    assert not page.origin.requests(page.path + "/hidden")


def test_expect_on_a_hit_is_answered(page):
    """RFC 9110 §10.1.1: with 100 or the final answer; unknown expectations with 417 or not at all."""
    page.answers(ok(b"body", AN_HOUR))
    page.get()
    with page.edge.client() as client:
        client.send(request(page.path, "Expect: 100-continue", "Content-Length: 4"))
        client.send(b"1234")
        assert client.response().body == b"body"
        assert client.ask(page.path, "Expect: nonsense").status in (200, 417)


def test_trace_and_options_count_their_hops(page):
    """RFC 9110 §7.6.2"""
    page.answers(ok(b"body"))
    for method in ("TRACE", "OPTIONS"):
        before = page.fetches
        answer = page.get("Max-Forwards: 0", method=method)
        assert page.fetches == before
        assert answer.status in (200, 204, 405, 501)
    page.get("Max-Forwards: 5", method="OPTIONS")
    assert page.last()["max-forwards"] == "4"


def test_secrets_are_not_reflected(page):
    """RFC 9110 §9.3.8: a TRACE that is answered here leaves out what is sensitive."""
    answer = page.get("Max-Forwards: 0", "Cookie: secret=1", "Authorization: Bearer secret", method="TRACE")
    assert b"secret" not in answer.body


def test_a_set_cookie_of_a_private_answer_stays_with_its_client(page):
    page.answers(ok(b"a", "Cache-Control: private, max-age=60", "Set-Cookie: user=1"), ok(b"b", AN_HOUR))
    assert page.get()["set-cookie"] == "user=1"
    assert page.get()["set-cookie"] is None


def test_a_stored_answer_is_framed_anew_for_each_client(page):
    """RFC 9112 §6: chunked from the origin; a length for whoever gets the stored one."""
    page.answers(chunked([b"a" * 1000] * 5, AN_HOUR))
    page.get()
    with page.edge.client() as client:
        for _ in range(3):
            answer = client.ask(page.path)
            assert (answer.body, answer.framing) == (b"a" * 5000, 5000)
        assert client.ask(page.path, method="HEAD")["content-length"] == "5000"
