"""The edge: what it keeps and for whom (RFC 9111 §3, §5.2)."""

import pytest

from edge_under_test import AN_HOUR
from scripted_origin import date, not_modified, ok


@pytest.mark.parametrize("value", [
    "no-store", "No-Store", "no-store, max-age=3600", "max-age=3600, no-store", "private, max-age=3600",
    "PRIVATE, s-maxage=3600", "no-cache, max-age=3600", "max-age=3600, no-cache", "no-store=x, max-age=3600",
])
def test_what_may_not_be_shared_or_kept_is_fetched_each_time(page, value):
    """RFC 9111 §5.2.2.4, §5.2.2.5, §5.2.2.7"""
    page.answers(ok(b"first", f"Cache-Control: {value}"), ok(b"second", f"Cache-Control: {value}"))
    assert page.get().body == b"first"
    assert page.get().body == b"second"


def test_a_private_response_never_reaches_another_client(page):
    """RFC 9111 §5.2.2.7"""
    page.answers(*(ok(f"secret {number}".encode(), "Cache-Control: private", "Set-Cookie: a=b") for number in range(3)))
    assert [page.get(f"Cookie: user={number}").body for number in range(3)] == [b"secret 0", b"secret 1", b"secret 2"]


def test_fields_named_by_private_are_not_shared(page):
    """RFC 9111 §5.2.2.7: the qualified form may be treated as the plain one, but the field may not be served."""
    page.answers(ok(b"body", 'Cache-Control: max-age=3600, private="X-Secret"', "X-Secret: first"),
                 ok(b"body", 'Cache-Control: max-age=3600, private="X-Secret"', "X-Secret: second"))
    assert page.get()["x-secret"] == "first"
    assert page.get()["x-secret"] in (None, "second")


def test_fields_named_by_no_cache_are_not_served_without_asking(page):
    """RFC 9111 §5.2.2.4"""
    page.answers(ok(b"body", 'Cache-Control: max-age=3600, no-cache="X-Mark"', "X-Mark: first"),
                 ok(b"body", 'Cache-Control: max-age=3600, no-cache="X-Mark"', "X-Mark: second"))
    assert page.get()["x-mark"] == "first"
    assert page.get()["x-mark"] in (None, "second")


def test_no_cache_is_validated_before_every_use(page):
    """RFC 9111 §5.2.2.4"""
    page.answers(ok(b"body", "Cache-Control: no-cache", 'ETag: "a"'), not_modified('ETag: "a"'))
    for fetches in (1, 2, 3):
        assert page.get().body == b"body"
        assert page.fetches == fetches
    assert page.last()["if-none-match"] == '"a"'


@pytest.mark.parametrize("status, is_reused", [("200 OK", True), ("404 Not Found", True), ("299 Fine", False),
                                               ("499 Client Left", False)])
def test_must_understand_lets_only_known_statuses_be_stored(page, status, is_reused):
    """RFC 9111 §5.2.2.3: no-store beside it is for caches that do not know the directive."""
    field = "Cache-Control: max-age=3600, must-understand, no-store"
    page.answers(ok(b"body", field, status=status))
    page.get()
    page.get()
    assert (page.fetches == 1) is is_reused


@pytest.mark.parametrize("value, is_shared", [
    ("max-age=3600", False), ("public, max-age=3600", True), ("s-maxage=3600", True),
    ("must-revalidate, max-age=3600", True), ("public, no-store", False), ("public, private, max-age=3600", False),
])
def test_answers_to_authorised_requests_are_shared_only_if_they_say_so(page, value, is_shared):
    """RFC 9111 §3.5"""
    page.answers(ok(b"first", f"Cache-Control: {value}"), ok(b"second", f"Cache-Control: {value}"))
    assert page.get("Authorization: Bearer one").body == b"first"
    assert page.requests[0]["authorization"] == "Bearer one"
    assert page.get().body == (b"first" if is_shared else b"second")


def test_a_stored_response_is_no_answer_to_an_authorised_request_for_other_content(page):
    """RFC 9111 §3.5 restricts what is stored; a public answer serves authorised requests, too."""
    page.answers(ok(b"public", "Cache-Control: public, max-age=3600"))
    page.get()
    assert page.get("Authorization: Bearer one").body == b"public"
    assert page.fetches == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO", "get"])
def test_answers_to_other_methods_are_not_reused(page, method):
    """RFC 9111 §3; methods are case-sensitive (RFC 9110 §9.1)"""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    assert page.get(method=method, body=b"").body == b"first"
    assert page.requests[0].method == method
    assert page.get().body == b"second"


def test_a_request_with_no_store_leaves_nothing_behind(page):
    """RFC 9111 §5.2.1.5"""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    page.get("Cache-Control: no-store")
    assert page.get().body == b"second"


@pytest.mark.parametrize("field", ["Cache-Control: no-cache", "Cache-Control: max-age=0", "Pragma: no-cache",
                                   "Cache-Control: min-fresh=7200"])
def test_a_client_can_ask_for_a_fresher_answer(page, field):
    """RFC 9111 §5.2.1, §5.4"""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    page.get()
    assert page.get(field).body == b"second"


def test_pragma_counts_for_nothing_beside_cache_control(page):
    """RFC 9111 §5.4"""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    page.get()
    assert page.get("Pragma: no-cache", "Cache-Control: max-age=60").body == b"first"


def test_a_client_that_takes_stale_answers_gets_them(page):
    """RFC 9111 §5.2.1.2"""
    page.answers(ok(b"first", "Cache-Control: max-age=60", "Age: 100", 'ETag: "a"'), ok(b"second", AN_HOUR))
    page.get()
    assert page.get("Cache-Control: max-stale=3000").body == b"first"
    assert page.get("Cache-Control: max-stale=5").body == b"second"


@pytest.mark.parametrize("value", ["must-revalidate", "proxy-revalidate", "s-maxage=60", "no-cache"])
def test_no_client_gets_stale_answers_that_forbid_it(page, value):
    """RFC 9111 §4.2.4, §5.2.2.2, §5.2.2.8, §5.2.2.10"""
    page.answers(ok(b"first", f"Cache-Control: max-age=60, {value}", "Age: 100", 'ETag: "a"'), ok(b"second", AN_HOUR))
    page.get()
    assert page.get("Cache-Control: max-stale").body == b"second"


def test_only_if_cached_is_answered_from_the_store_or_with_504(page):
    """RFC 9111 §5.2.1.7"""
    page.answers(ok(b"body", AN_HOUR))
    refused = page.get("Cache-Control: only-if-cached")
    assert refused.status == 504
    assert refused["cache-status"]
    assert page.fetches == 0
    page.get()
    assert page.get("Cache-Control: only-if-cached").body == b"body"
    assert page.fetches == 1


def test_all_fields_of_a_stored_response_come_back(page):
    """RFC 9111 §3.1: unknown fields and repeated ones, in their order."""
    fields = ["X-One: a", "X-Many: 1", "X-Many: 2", "X-Many: 3,4", "Content-Type: image/png", "Content-Language: eo",
              f"Last-Modified: {date(-99)}", 'ETag: "x,y"', "X-Empty:", "X-Latin: caf\xe9", "Link: </a>; rel=b"]
    page.answers(ok(b"body", AN_HOUR, *fields))
    for response in (page.get(), page.get()):
        for field in fields:
            name, value = field.split(":", 1)
            assert value.strip() in response.fields.all(name)
        assert response["x-many"] == "1, 2, 3,4"
    assert page.fetches == 1


@pytest.mark.parametrize("size", [0, 1, 30_000, 3_000_000])
def test_bodies_come_back_byte_for_byte(page, size):
    body = bytes(number * 7 % 251 for number in range(4096)) * (size // 4096 + 1)
    page.answers(ok(body[:size], AN_HOUR))
    for _ in range(3):
        assert page.get().body == body[:size]
    assert page.fetches == 1


def test_every_response_says_how_it_came_about(page):
    """RFC 9211"""
    page.answers(ok(b"body", AN_HOUR))
    first, again, passed = page.get(), page.get(), page.get(method="POST", body=b"")
    assert not first.is_hit and first.cache_status["fwd"] in ("miss", "uri-miss")
    assert "stored" in first.cache_status
    assert again.is_hit and "fwd" not in again.cache_status
    assert 3500 < int(again.cache_status["ttl"]) <= 3600
    assert passed.cache_status["fwd"] == "method"
    assert page.edge.ask("/unscripted")["cache-status"]


def test_cache_status_of_caches_before_us_is_kept(page):
    """RFC 9211 §2: our member comes last."""
    page.answers(ok(b"body", AN_HOUR, "Cache-Status: shield; hit"))
    for is_hit in (False, True):
        response = page.get()
        assert response["cache-status"].startswith("shield; hit, ")
        assert response.is_hit is is_hit
