"""The edge: which fetches are not joined: those that take too long, and those whose answer has to be validated."""

import contextlib
import threading

import pytest

from edge_under_test import AN_HOUR, Page, clients, running_edge
from raw_client import request
from scripted_origin import after, chunked, head, ok


def test_a_slow_leader_hands_over(tmp_path, scripted_origin):
    """A later request begins a second fetch once the first is too old; whichever answers first serves all."""
    release = threading.Event()
    with running_edge(tmp_path, scripted_origin.url, "--collapse-leader-age", "200ms") as edge:
        page = Page(edge, scripted_origin, "/slow-leader")
        page.answers(after(release, ok(b"slow", AN_HOUR)), chunked([b"quick"], AN_HOUR))
        try:
            with edge.client() as leader, clients(edge, 10) as crowd:
                leader.send(request(page.path))
                scripted_origin.wait_for(lambda: page.fetches == 1, "the first fetch")
                for client in crowd:
                    client.send(request(page.path))
                assert [client.response().body for client in crowd] == [b"quick"] * 10
                assert page.fetches == 2
                release.set()
                assert leader.response().body in (b"slow", b"quick")
        finally:
            release.set()


def test_followers_lose_patience(tmp_path, scripted_origin):
    """Patience: a follower is answered 504 or fetches by itself, and does not wait for ever."""
    release = threading.Event()
    flags = ["--collapse-patience", "300ms", "--collapse-leader-age", "60s"]
    with running_edge(tmp_path, scripted_origin.url, *flags) as edge:
        page = Page(edge, scripted_origin, "/impatient").answers(after(release, ok(b"late", AN_HOUR)))
        try:
            with edge.client() as leader:
                leader.send(request(page.path))
                scripted_origin.wait_for(lambda: page.fetches == 1, "the first fetch")
                with clients(edge, 5) as crowd:
                    for client in crowd:
                        client.send(request(page.path))
                    scripted_origin.wait_for(lambda: page.fetches > 1 or readable(crowd[0]), "an end of patience")
        finally:
            release.set()


@pytest.mark.parametrize("answered, asked", [
    (["Cache-Control: max-age=60", "Age: 100", 'ETag: "a"'], []),
    (["Cache-Control: no-cache", 'ETag: "a"'], []),
    (["Cache-Control: max-age=0", 'ETag: "a"'], []),
    (['ETag: "a"'], []),
    ([AN_HOUR], ["Cache-Control: no-cache"]),
    ([AN_HOUR], ["Pragma: no-cache"]),
    ([AN_HOUR, "Age: 60"], ["Cache-Control: max-age=30"]),
], ids=str)
def test_a_request_after_the_head_of_an_answer_that_needs_validation_asks_for_itself(page, answered, asked):
    """RFC 9111 §4: once the answer is there, using it for a later request is reuse, with the rules of reuse."""
    release = threading.Event()

    def half(turn):
        turn.send(head(*answered, "Content-Length: 20000"), b"a" * 10_000)
        turn.wait(release)
        turn.send(b"b" * 10_000)
    page.answers(half, ok(b"later", *answered))
    try:
        with page.edge.client() as leader, page.edge.client(seconds=3) as late:
            leader.send(request(page.path))
            answer = leader.head()
            leader.reader.peek(lambda received: len(received) >= 10_000)
            late.send(request(page.path, *asked))
            assert late.response(may_be_cut=True).body == b"later"
            release.set()
            assert leader.body(answer).complete
    finally:
        release.set()
    assert page.fetches == 2


@pytest.mark.parametrize("make", [ok, lambda body, *fields: chunked([body], *fields)], ids=["length", "chunked"])
def test_whoever_has_the_last_byte_finds_the_answer_stored(page, make):
    """An answer is stored before its last byte is passed on: what a client asks next builds on it."""
    first, second = page.edge.client(), page.edge.client()
    for number in range(100):
        each = page.beside(str(number))
        each.answers(make(b"old", "Cache-Control: max-age=60, stale-if-error=600", "Age: 100", 'ETag: "a"'),
                     ok(b"broken", status="503 Busy"))
        assert first.ask(each.path).body == b"old"
        assert second.ask(each.path).body == b"old"
        assert each.last()["if-none-match"] == '"a"'
    first.close()
    second.close()


def readable(client):
    client.socket.settimeout(0.01)
    with contextlib.suppress(TimeoutError):
        return bool(client.reader.line())
    return False
