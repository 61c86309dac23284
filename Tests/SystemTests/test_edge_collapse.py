"""The edge: any number of simultaneous requests for one thing cost one fetch. Barriers and counters, no clocks."""

import threading

import pytest

from edge_under_test import AN_HOUR, STALE, Page, all_have_arrived, clients, running_edge
from raw_client import request
from scripted_origin import ScriptedOrigin, after, head, not_modified, ok, then_close, then_reset

MANY = 50


def together(page, count=MANY, release=None):
    """The answers to `count` requests, all sent before any is answered if the origin waits for `release`."""
    with clients(page.edge, count) as crowd:
        for number, client in enumerate(crowd):
            # In one packet: whoever has the first answer has been read as far as the second request.
            client.send(request("/health") + request(page.path, f"X-Number: {number}"))
        assert all(client.response().status == 200 for client in crowd)
        if release:
            page.origin.wait_for(lambda: page.fetches >= 1, "the first fetch")
            all_have_arrived(page.edge, crowd)
            release.set()
        return [client.response(may_be_cut=True) for client in crowd]


def test_simultaneous_misses_cost_one_fetch(page):
    release = threading.Event()
    page.answers(after(release, ok(b"body", AN_HOUR)))
    answers = together(page, release=release)
    assert [answer.body for answer in answers] == [b"body"] * MANY
    assert page.fetches == 1
    assert sum("collapsed" in answer.cache_status for answer in answers) >= MANY // 2


def test_simultaneous_requests_for_a_stale_response_cost_one_validation(page):
    release = threading.Event()
    page.answers(ok(b"body", *STALE, 'ETag: "a"'), after(release, not_modified('ETag: "a"', AN_HOUR)))
    page.get()
    with clients(page.edge, MANY) as crowd:
        for client in crowd:
            client.send(request(page.path))
        page.origin.wait_for(lambda: page.fetches == 2, "the validation")
        all_have_arrived(page.edge, crowd)
        release.set()
        assert [client.response().body for client in crowd] == [b"body"] * MANY
    assert page.fetches == 2


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_followers_stream_while_the_leader_downloads(page, framing):
    """The origin sends the second half only once every client has the first."""
    halves = [b"a" * 40_000, b"b" * 40_000]
    go_on = threading.Event()

    def script(turn):
        if framing == "length":
            turn.send(head(AN_HOUR, "Content-Length: 80000"), halves[0])
        elif framing == "chunked":
            turn.send(head(AN_HOUR, "Transfer-Encoding: chunked"), b"9c40\r\n", halves[0], b"\r\n")
        else:
            turn.send(head(AN_HOUR), halves[0])
        turn.wait(go_on)
        if framing == "chunked":
            turn.send(b"9c40\r\n", halves[1], b"\r\n0\r\n\r\n")
        else:
            turn.send(halves[1])
            if framing == "close":
                turn.close()
    page.answers(script)
    with clients(page.edge, MANY) as crowd:
        for client in crowd:
            client.send(request(page.path))
        heads = [client.head() for client in crowd]
        for client in crowd:
            came = client.reader.peek(lambda received: received.count(b"a") >= 40_000)
            assert b"b" not in came
        go_on.set()
        bodies = [client.body(answer).body for client, answer in zip(crowd, heads)]
    assert bodies == [b"".join(halves)] * MANY
    assert page.fetches == 1


def test_a_late_follower_gets_the_whole_body(page):
    first, go_on = threading.Event(), threading.Event()

    def script(turn):
        turn.send(head(AN_HOUR, "Content-Length: 100000"), b"a" * 50_000)
        first.set()
        turn.wait(go_on)
        turn.send(b"b" * 50_000)
    page.answers(script)
    with page.edge.client() as leader, page.edge.client() as late:
        leader.send(request(page.path))
        leader.reader.exactly(30_000)
        late.send(request(page.path))
        answer = late.head()
        go_on.set()
        assert late.body(answer).body == b"a" * 50_000 + b"b" * 50_000
    assert page.fetches == 1


@pytest.mark.parametrize("when", ["before the head", "in the body"])
def test_a_leader_that_leaves_ends_nobody_elses_answer(page, when):
    go_on = threading.Event()

    def script(turn):
        if when == "in the body":
            turn.send(head(AN_HOUR, "Content-Length: 100000"), b"a" * 50_000)
            turn.wait(go_on)
            turn.send(b"b" * 50_000)
        else:
            turn.wait(go_on)
            turn.send(ok(b"a" * 50_000 + b"b" * 50_000, AN_HOUR))
    page.answers(script)
    leader = page.edge.client()
    leader.send(request(page.path))
    page.origin.wait_for(lambda: page.fetches == 1, "the fetch")
    with clients(page.edge, 20) as crowd:
        for client in crowd:
            client.send(request(page.path))
        if when == "in the body":
            leader.reader.exactly(10_000)
            heads = [client.head() for client in crowd]
        else:
            all_have_arrived(page.edge, crowd)
        leader.abort()
        all_have_arrived(page.edge, crowd)
        go_on.set()
        answers = ([client.body(answer) for client, answer in zip(crowd, heads)] if when == "in the body"
                   else [client.response() for client in crowd])
        assert all(answer.body == b"a" * 50_000 + b"b" * 50_000 for answer in answers)
    assert page.fetches == 1
    assert page.get().status == 200
    assert page.fetches == 1


def test_a_slow_follower_does_not_hold_up_the_others(page):
    body = bytes(range(256)) * 20_000
    page.answers(ok(body, AN_HOUR))
    with page.edge.client(receive_buffer=4096) as slow, page.edge.client() as quick:
        slow.send(request(page.path))
        slow.reader.exactly(10)
        assert quick.ask(page.path).body == body
        slow.abort()
    assert page.get().body == body


def test_uncacheable_answers_release_the_followers_in_parallel(page):
    """Once the first answer says that it cannot be shared, everybody else is fetched at once, not in turn."""
    release, all_others = threading.Event(), threading.Barrier(MANY - 1)

    def first(turn):
        turn.wait(release)
        turn.send(ok(turn.request["x-number"].encode(), "Cache-Control: private"))

    def others(turn):
        all_others.wait(20)
        turn.send(ok(turn.request["x-number"].encode(), "Cache-Control: private"))
    page.answers(first, others)
    answers = together(page, release=release)
    assert page.fetches == MANY
    assert [answer.body for answer in answers] == [str(number).encode() for number in range(MANY)]
    assert page.origin.busy_max[page.path] == MANY - 1


def test_a_resource_known_as_uncacheable_is_not_collapsed(page):
    barrier = threading.Barrier(10)

    def script(turn):
        barrier.wait(20)
        turn.send(ok(b"body", "Cache-Control: no-store"))
    page.answers(ok(b"body", "Cache-Control: no-store"), script)
    page.get()
    answers = together(page, count=10)
    assert [answer.status for answer in answers] == [200] * 10
    assert page.fetches == 11


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy"])
def test_an_error_answer_is_shared(page, status):
    release = threading.Event()
    page.answers(after(release, ok(b"broken", status=status)))
    answers = together(page, release=release)
    assert [(answer.status, answer.body) for answer in answers] == [(int(status[:3]), b"broken")] * MANY
    assert page.fetches == 1
    page.get()
    assert page.fetches == 2, "an error without freshness is shared with who waited, not kept"


@pytest.mark.parametrize("ending", [then_close, then_reset])
def test_a_failed_fetch_is_shared(page, ending):
    release = threading.Event()

    def script(turn):
        turn.wait(release)
        ending(b"")(turn)
    page.answers(script)
    answers = together(page, release=release)
    assert [answer.status for answer in answers] == [502] * MANY
    # A kept connection that ends without an answer may be tried once more on another (RFC 9112 §9.3.1).
    assert page.origin.busy_max[page.path] == 1
    assert page.fetches <= 2 and len({seen.connection for seen in page.requests}) == page.fetches


def test_a_refused_connection_is_shared(tmp_path):
    origin = ScriptedOrigin()
    with running_edge(tmp_path, origin.url) as edge:
        origin.close()
        answers = together(Page(edge, origin, "/refused"))
        assert [answer.status for answer in answers] == [502] * MANY


def test_a_body_that_fails_is_seen_by_everybody_and_stored_by_nobody(page):
    release = threading.Event()

    def script(turn):
        turn.send(head(AN_HOUR, "Content-Length: 1000"), b"a" * 500)
        turn.wait(release)
        turn.reset()
    page.answers(script, ok(b"good", AN_HOUR))
    with clients(page.edge, 20) as crowd:
        for client in crowd:
            client.send(request(page.path))
        heads = [client.head() for client in crowd]
        release.set()
        assert not any(client.body(answer).complete for client, answer in zip(crowd, heads))
    assert page.get().body == b"good"


def test_requests_that_differ_are_not_collapsed(page):
    """A Vary that becomes known only with the answer: nobody gets another variant."""
    release = threading.Event()

    def script(turn):
        turn.wait(release)
        turn.send(ok(turn.request["accept-language"].encode(), AN_HOUR, "Vary: Accept-Language"))
    page.answers(script)
    languages = ["da", "eo", "en", "fi"] * 5
    with clients(page.edge, len(languages)) as crowd:
        for client, language in zip(crowd, languages):
            client.send(request(page.path, f"Accept-Language: {language}"))
        page.origin.wait_for(lambda: page.fetches >= 1, "the first fetch")
        release.set()
        assert [client.response().body.decode() for client in crowd] == languages


def test_authorised_requests_are_not_answered_with_each_others_answers(page):
    """RFC 9111 §3.5"""
    release = threading.Event()

    def script(turn):
        turn.wait(release)
        turn.send(ok(turn.request["authorization"].encode(), AN_HOUR))
    page.answers(script)
    with clients(page.edge, 10) as crowd:
        for number, client in enumerate(crowd):
            client.send(request(page.path, f"Authorization: Bearer {number}"))
        page.origin.wait_for(lambda: page.fetches >= 1, "the first fetch")
        release.set()
        assert [client.response().body for client in crowd] == [f"Bearer {number}".encode() for number in range(10)]
