"""The edge: what unsafe methods do to stored responses (RFC 9111 §4.4)."""

import threading

import pytest

from edge_under_test import AN_HOUR
from raw_client import request
from scripted_origin import ok

UNSAFE = ["POST", "PUT", "DELETE", "PATCH", "FOO"]


def is_invalidated(page, by, method="POST", status="200 OK", fields=()):
    """Whether an unsafe request to one page makes the edge ask anew for another."""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    assert page.get().body == b"first"
    assert page.get().body == b"first"
    by.answers(ok(b"done", *fields, status=status))
    assert by.get(method=method, body=b"change").status == int(status[:3])
    return page.get().body == b"second"


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("status", ["200 OK", "201 Created", "303 See Other"])
def test_a_successful_unsafe_request_invalidates_its_target(page, method, status):
    page.answers(ok(b"first", AN_HOUR), ok(b"done", status=status), ok(b"second", AN_HOUR))
    assert page.get().body == b"first"
    page.get(method=method, body=b"change")
    assert page.get().body == b"second"


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("status", ["400 No", "404 No", "500 Oops"])
def test_a_failed_unsafe_request_invalidates_nothing(page, method, status):
    page.answers(ok(b"first", AN_HOUR), ok(b"failed", status=status), ok(b"second", AN_HOUR))
    page.get()
    page.get(method=method, body=b"change")
    assert page.get().body == b"first"


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "HEAD"])
def test_a_safe_request_invalidates_nothing(page, method):
    """RFC 9110 §9.2.1"""
    page.answers(ok(b"first", AN_HOUR), ok(b"done", AN_HOUR), ok(b"second", AN_HOUR))
    page.get()
    page.get(method=method)
    assert page.get().body == b"first"


@pytest.mark.parametrize("name", ["Location", "Content-Location"])
@pytest.mark.parametrize("form", ["absolute", "path", "relative"])
def test_what_a_successful_answer_points_at_is_invalidated_on_the_same_origin(page, name, form):
    target = page.beside("target")
    reference = {"absolute": target.url, "path": target.path, "relative": "target"}[form]
    assert is_invalidated(target, by=page.beside("form"), status="201 Created", fields=[f"{name}: {reference}"])


@pytest.mark.parametrize("name", ["Location", "Content-Location"])
@pytest.mark.parametrize("authority", ["http://elsewhere.example", "https://pictures.example",
                                       "http://pictures.example:8080", "//elsewhere.example"])
def test_no_origin_can_invalidate_what_belongs_to_another(page, name, authority):
    """RFC 9111 §4.4: prevents denial of service."""
    other = page.beside("other")
    reference = authority + other.path
    assert not is_invalidated(other, by=page.beside("form"), fields=[f"{name}: {reference}"])
    hosts = ["elsewhere.example", "pictures.example:8080"]
    for host in hosts:
        other.answers(ok(b"theirs", AN_HOUR), ok(b"fetched again", AN_HOUR))
        assert other.get(host=host).body == b"theirs"
        page.beside("form").get(method="POST", body=b"")
        assert other.get(host=host).body == b"theirs"


@pytest.mark.parametrize("fields", [[], ["Location: ://///"], ["Location: %zz"], ["Location: "],
                                    ["Location: http://[::1"], ["Location: \xff"]], ids=str)
def test_a_failed_request_or_a_bad_reference_invalidates_nothing_else(page, fields):
    other = page.beside("other")
    assert not is_invalidated(other, by=page.beside("form"), status="400 No", fields=[f"Location: {other.path}"])
    assert not is_invalidated(other, by=page.beside("form"), fields=fields)


def test_all_variants_are_invalidated(page):
    page.answers(ok(b"da", AN_HOUR, "Vary: Accept-Language"), ok(b"eo", AN_HOUR, "Vary: Accept-Language"),
                 ok(b"done"), ok(b"new", AN_HOUR, "Vary: Accept-Language"))
    page.get("Accept-Language: da")
    page.get("Accept-Language: eo")
    page.get(method="POST", body=b"")
    assert page.get("Accept-Language: da").body == b"new"
    assert page.get("Accept-Language: eo").body == b"new"


def test_a_fetch_that_began_before_the_change_is_not_served_after_it(page):
    """RFC 9111 §4.4: what was on its way when the resource changed is as old as what was stored."""
    going, changed = threading.Event(), threading.Event()

    def slow(turn):
        going.set()
        turn.wait(changed)
        turn.send(ok(b"old", AN_HOUR))
    page.answers(slow, ok(b"done"), ok(b"new", AN_HOUR))
    with page.edge.client() as client:
        client.send(request(page.path))
        assert going.wait(10)
        page.get(method="POST", body=b"change")
        changed.set()
        assert client.response().body == b"old"
    assert page.get().body == b"new"
