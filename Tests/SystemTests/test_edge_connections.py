"""The edge: many requests on a connection, old clients and impatient ones (RFC 9112 §3, §9)."""

import socket
import threading

import pytest

from edge_under_test import AN_HOUR
from raw_client import HOST, request
from scripted_origin import after, chunked, head, ok, then_close


def test_pipelined_requests_are_answered_in_order(page):
    """RFC 9112 §9.3.2: hits wait for the misses before them."""
    hit, miss, slow = page.beside("hit"), page.beside("miss"), page.beside("slow")
    release = threading.Event()
    hit.answers(ok(b"hit", AN_HOUR))
    miss.answers(chunked([b"mi", b"ss"], "Cache-Control: no-store"))
    slow.answers(after(release, ok(b"slow", "Cache-Control: no-store")))
    hit.get()
    order = [hit, hit, slow, hit, miss, hit, slow, miss, hit]
    with page.edge.client() as client:
        client.send(b"".join(request(each.path) for each in order))
        first = [client.response().body, client.response().body]
        assert first == [b"hit", b"hit"]
        release.set()
        rest = [client.response().body for _ in order[2:]]
        assert rest == [each.path.rsplit("/", 1)[1].encode() for each in order[2:]]


def test_fifty_hits_in_one_packet(page):
    page.answers(ok(b"body", AN_HOUR))
    page.get()
    with page.edge.client() as client:
        client.send(request(page.path) * 50)
        assert [client.response().body for _ in range(50)] == [b"body"] * 50
    assert page.fetches == 1


def test_requests_may_arrive_byte_by_byte(page):
    page.answers(ok(b"body", AN_HOUR))
    with page.edge.client() as client:
        for byte in request(page.path, "X-A: b") * 2:
            client.send(bytes([byte]))
        assert client.response().body == b"body"
        assert client.response().body == b"body"
    assert page.fetches == 1


def test_mixed_methods_on_one_connection(page):
    page.answers(ok(b"body", AN_HOUR))
    with page.edge.client() as client:
        client.send(request(page.path) + request(page.path, method="HEAD")
                    + request(page.path, method="POST", body=b"GET / HTTP/1.1\r\n\r\n") + request(page.path))
        assert client.response().body == b"body"
        assert client.response("HEAD").status == 200
        assert client.response("POST").body == b"body"
        assert client.response().body == b"body"


@pytest.mark.parametrize("warm", [True, False])
def test_close_is_honoured_and_announced(page, warm):
    """RFC 9112 §9.6"""
    page.answers(ok(b"body", AN_HOUR if warm else "Cache-Control: no-store"))
    page.get()
    with page.edge.client() as client:
        client.send(request(page.path, "Connection: close") + request(page.path))
        answer = client.response()
        assert (answer.body, answer["connection"].lower()) == (b"body", "close")
        assert client.is_closed()


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize("fields, is_kept", [([], False), (["Connection: keep-alive"], True)])
def test_http_1_0_clients(page, warm, fields, is_kept):
    """RFC 9112 §9.3: closed unless asked otherwise; never chunked"""
    page.answers(chunked([b"bo", b"dy"], AN_HOUR if warm else "Cache-Control: no-store"))
    if warm:
        page.get()
    with page.edge.client() as client:
        client.send(request(page.path, *fields, version="1.0"))
        answer = client.response()
        assert (answer.status, answer.body) == (200, b"body")
        assert "transfer-encoding" not in answer.fields
        if is_kept and answer.framing is not None:
            assert answer["connection"].lower() == "keep-alive"
            assert client.send(request(page.path, version="1.0")).response().body == b"body"
        assert client.is_closed()


def test_http_1_0_without_host_is_served(page):
    """RFC 9112 §3.2: Host is required of HTTP/1.1 only"""
    page.answers(ok(b"body", AN_HOUR))
    assert page.get(host=None, version="1.0").body == b"body"


@pytest.mark.parametrize("head_bytes", [
    b"GET %s HTTP/1.1\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: a/b\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: a@b\r\n\r\n",
], ids=str)
def test_one_proper_host_is_required(page, head_bytes):
    """RFC 9112 §3.2"""
    page.answers(ok(b"body", AN_HOUR))
    page.get()
    with page.edge.client() as client:
        client.send(head_bytes % page.path.encode())
        assert client.response().status == 400
        assert client.is_closed()
    assert page.fetches == 1


@pytest.mark.parametrize("version, status", [("2.0", 505), ("3.0", 505), ("0.9", 505)])
def test_other_versions_are_refused(page, version, status):
    """RFC 9110 §15.6.6"""
    with page.edge.client() as client:
        client.send(request(page.path, version=version))
        assert client.response().status in (status, 400)
        assert client.is_closed()
    assert page.fetches == 0


def test_a_later_minor_version_is_served(page):
    """RFC 9110 §2.5"""
    page.answers(ok(b"body"))
    with page.edge.client() as client:
        client.send(request(page.path, version="1.2"))
        assert client.response().status in (200, 505)


@pytest.mark.parametrize("prefix", [b"", b"\r\n"])
def test_an_empty_line_before_a_request_is_passed_over(page, prefix):
    """RFC 9112 §2.2"""
    page.answers(ok(b"body", AN_HOUR))
    with page.edge.client() as client:
        for _ in range(2):
            assert client.send(prefix + request(page.path)).response().body == b"body"


def test_a_client_that_leaves_early_harms_nobody(page):
    page.answers(ok(bytes(5_000_000), AN_HOUR))
    for _ in range(20):
        client = page.edge.client(receive_buffer=4096)
        client.send(request(page.path))
        client.reader.exactly(100)
        client.abort()
    assert page.get().body == bytes(5_000_000)


def test_a_slow_reader_gets_everything(page):
    """Back-pressure: the edge waits for its client."""
    body = bytes(range(256)) * 12_000
    page.answers(ok(body, AN_HOUR))
    for _ in range(2):
        with page.edge.client(receive_buffer=4096) as client:
            client.send(request(page.path))
            assert client.response().body == body


def test_a_client_that_closes_its_sending_side_gets_its_answer(page):
    """RFC 9112 §9.6: half-closed connections"""
    page.answers(ok(b"body", AN_HOUR))
    for _ in range(2):
        with page.edge.client() as client:
            client.send(request(page.path))
            client.socket.shutdown(socket.SHUT_WR)
            assert client.response().body == b"body"
            assert client.is_closed()


def test_upstream_connections_are_kept_and_reused(page):
    page.answers(ok(b"body", "Cache-Control: no-store"))
    for _ in range(10):
        page.get()
    assert len({seen.connection for seen in page.requests}) < 10


def test_a_kept_upstream_connection_that_died_is_no_failure(page):
    """RFC 9112 §9.3.1: an idempotent request is sent once more."""
    def once(turn):
        turn.send(ok(b"one", "Cache-Control: no-store"))
        turn.half_close()
        turn.hang()
    page.answers(once, ok(b"two", "Cache-Control: no-store"))
    assert page.get().body == b"one"
    assert page.get().body == b"two"


def test_a_lost_post_is_not_repeated(page):
    """RFC 9110 §9.2.2"""
    page.answers(ok(b"one"), then_close(b""), ok(b"twice"))
    page.get()
    assert page.get(method="POST", body=b"pay").status == 502
    assert [seen.method for seen in page.requests] == ["GET", "POST"]


def test_the_targets_of_requests_are_passed_on_as_they_are(page):
    """RFC 9110 §4.2.3: paths are not decoded, joined or cleaned."""
    for target in (f"{page.path}/%7Euser", f"{page.path}/a//b", f"{page.path}/a/../b", f"{page.path}/%2e%2e/x",
                   f"{page.path}?", f"{page.path}?a?b=/c"):
        page.edge.ask(target)
        assert page.origin.seen[-1].target == target


def test_asterisk_is_for_options(page):
    """RFC 9112 §3.2.4"""
    page.origin.script("*", ok(b"", "Allow: GET"))
    assert page.edge.ask("*", method="OPTIONS").status < 500
    with page.edge.client() as client:
        client.send(f"GET * HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert client.response().status == 400


def test_connect_is_refused(page):
    """RFC 9110 §9.3.6: this is no tunnel."""
    with page.edge.client() as client:
        client.send(b"CONNECT evil.example:25 HTTP/1.1\r\nHost: evil.example:25\r\n\r\n")
        assert 400 <= client.response().status < 600
    assert not any(seen.method == "CONNECT" for seen in page.origin.seen)


def test_switching_protocols_is_not_for_this_edge(page):
    """RFC 9110 §15.2.2: nobody asked for it, for Upgrade is not forwarded."""
    page.answers(head("Upgrade: websocket", "Connection: upgrade", status="101 Switching Protocols"))
    answer = page.get("Connection: upgrade", "Upgrade: websocket")
    assert answer.status == 502
    assert "upgrade" not in page.requests[0].fields
