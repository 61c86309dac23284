"""The edge: stale responses while they are validated, and instead of errors (RFC 5861, RFC 9111 §4.2.4)."""

import threading

import pytest

from edge_under_test import AN_HOUR, eventually, running_edge
from scripted_origin import ScriptedOrigin, after, head, not_modified, ok, then_close, then_hang


def stale(window, *more, control="max-age=60"):
    """A response that is stale by 10 s when it arrives."""
    return ok(b"old", f"Cache-Control: {control}, {window}", "Age: 70", *more)


def test_stale_while_revalidate_answers_at_once_and_fetches_behind(page):
    """RFC 5861 §3"""
    release = threading.Event()
    page.answers(stale("stale-while-revalidate=600"), after(release, ok(b"new", AN_HOUR)))
    page.get()
    assert page.get().body == b"old"
    page.origin.wait_for(lambda: page.fetches == 2, "the fetch in the background")
    assert page.get().body == b"old"
    release.set()
    eventually(lambda: page.get().body == b"new", "the new response")
    assert page.fetches == 2


def test_many_clients_of_a_stale_response_cause_one_validation(page):
    """RFC 5861 §3"""
    release = threading.Event()
    page.answers(stale("stale-while-revalidate=600", 'ETag: "a"'),
                 after(release, not_modified('ETag: "a"', AN_HOUR)))
    page.get()
    for _ in range(20):
        assert page.get().body == b"old"
    page.origin.wait_for(lambda: page.fetches == 2, "the validation")
    assert page.last()["if-none-match"] == '"a"'
    release.set()
    eventually(lambda: page.get().is_hit and page.get().age < 60, "a fresh hit")
    assert page.fetches == 2


def test_the_window_of_stale_while_revalidate_ends(page):
    """RFC 5861 §3"""
    page.answers(stale("stale-while-revalidate=5", 'ETag: "a"'), ok(b"new", AN_HOUR))
    page.get()
    assert page.get().body == b"new"


@pytest.mark.parametrize("control", ["max-age=60, must-revalidate", "max-age=60, proxy-revalidate",
                                     "max-age=60, no-cache"])
def test_must_revalidate_forbids_both_windows(page, control):
    """RFC 9111 §5.2.2.2: 504 or the origin's error, never the stale response"""
    page.answers(stale("stale-while-revalidate=600, stale-if-error=600", 'ETag: "a"', control=control),
                 ok(b"broken", status="503 Busy"), then_close(b""), then_close(b""), ok(b"new", AN_HOUR))
    page.get()
    assert page.get().body == b"broken"
    assert page.get().status >= 500
    eventually(lambda: page.get().body == b"new", "the new response")


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad", "503 Busy", "504 Slow"])
def test_stale_if_error_answers_instead_of_an_error(page, status):
    """RFC 5861 §4"""
    page.answers(stale("stale-if-error=600"), ok(b"broken", status=status), ok(b"new", AN_HOUR))
    page.get()
    answer = page.get()
    assert (answer.status, answer.body) == (200, b"old")
    assert answer.age >= 70
    assert page.fetches == 2
    assert page.get().body == b"new"


@pytest.mark.parametrize("failure", [
    then_close(b""), then_close(b"garbage\r\n\r\n"), then_close(b"HTTP/1.1 200 OK\r\nContent-Le"),
    then_close(head("Content-Length: 1", "Content-Length: 2")),
], ids=["closes", "garbage", "half a head", "two lengths"])
def test_stale_if_error_answers_instead_of_a_failure(page, failure):
    """RFC 5861 §4"""
    page.answers(stale("stale-if-error=600"), failure)
    page.get()
    assert page.get().body == b"old"


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "410 Gone"])
def test_an_answer_is_not_an_error(page, status):
    """RFC 5861 §4: only 500, 502, 503 and 504 are"""
    page.answers(stale("stale-if-error=600"), ok(b"answer", status=status))
    page.get()
    assert page.get().body == b"answer"


def test_the_window_of_stale_if_error_ends(page):
    page.answers(stale("stale-if-error=5", 'ETag: "a"'), ok(b"broken", status="503 Busy"))
    page.get()
    assert page.get().status == 503


def test_without_a_window_an_error_is_an_error(page):
    """RFC 9111 §4.2.4: an error answer of a reachable origin is passed on unless it allowed otherwise."""
    page.answers(ok(b"old", "Cache-Control: max-age=60", "Age: 70", 'ETag: "a"'), ok(b"broken", status="500 Oops"))
    page.get()
    assert page.get().status == 500


def test_a_failure_behind_keeps_the_stale_response(page):
    """RFC 5861 §3: what fails in the background harms nobody."""
    page.answers(stale("stale-while-revalidate=600"), ok(b"broken", status="500 Oops"), then_close(b""),
                 ok(b"new", AN_HOUR))
    page.get()
    assert page.get().body == b"old"
    page.origin.wait_for(lambda: page.fetches >= 2, "the fetch in the background")
    assert page.get().body == b"old"
    eventually(lambda: page.get().body == b"new", "the new response")


def test_stale_responses_outlive_the_origin(tmp_path):
    """RFC 9111 §4.2.4: the upstream refuses connections, or is silent."""
    origin = ScriptedOrigin()
    with running_edge(tmp_path, origin.url, "--upstream-timeout", "1s") as edge:
        origin.script("/hung", stale("stale-if-error=600"), then_hang(b""))
        origin.script("/refused", stale("stale-if-error=600"))
        origin.script("/strict", stale("stale-if-error=600", 'ETag: "a"', control="max-age=60, must-revalidate"))
        for path in ("/hung", "/refused", "/strict"):
            assert edge.ask(path).body == b"old"
        assert edge.ask("/hung").body == b"old"
        origin.close()
        assert edge.ask("/refused").body == b"old"
        assert edge.ask("/refused").cache_status
        assert edge.ask("/strict").status in (502, 504)
