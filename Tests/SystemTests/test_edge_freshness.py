"""The edge: for how long a stored response is used without asking the origin (RFC 9111 §4.2, RFC 9213)."""

import pytest

from edge_under_test import AN_HOUR, eventually
from scripted_origin import date, ok

LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT"


def reused(page, *fields, status="200 OK"):
    """Whether a response with these fields answers a second request, too."""
    page.answers(ok(b"first", *fields, status=status), ok(b"second", *fields, status=status))
    assert page.get().body == b"first"
    again = page.get()
    assert again.body == (b"first" if page.fetches == 1 else b"second")
    return page.fetches == 1


@pytest.mark.parametrize("fields", [
    ["Cache-Control: max-age=60"],
    ["Cache-Control: MAX-AGE=60"],
    ['Cache-Control: max-age="60"'],
    ["Cache-Control: extension=1, max-age=60"],
    ['Cache-Control: extension="a, no-store, b", max-age=60'],
    ["Cache-Control: extension", "Cache-Control: max-age=60"],
    ["Cache-Control: max-age=99999999999999999999"],
    ["Cache-Control: s-maxage=60"],
    ["Cache-Control: s-maxage=60, max-age=0"],
    ["Cache-Control: max-age=60, proxy-revalidate"],
    ["Cache-Control: max-age=60, must-revalidate"],
    ["Cache-Control: public, max-age=60, immutable"],
], ids=str)
def test_a_lifetime_in_cache_control_lets_a_response_be_reused(page, fields):
    """RFC 9111 §5.2.2"""
    assert reused(page, *fields)


@pytest.mark.parametrize("fields", [
    [],
    ["Cache-Control: public"],
    ["Last-Modified: " + LONG_AGO],
    ["Last-Modified: " + LONG_AGO, 'ETag: "a"'],
    ["Cache-Control: max-age=0"],
    ["Cache-Control: max-age=60, s-maxage=0"],
    ["Cache-Control: max-age=-60"],
    ["Cache-Control: max-age=6o"],
    ["Cache-Control: max-age=60.5"],
    ["Cache-Control: max-age="],
    ["Cache-Control: xmax-age=60"],
    ["Cache-Control: max-age =60"],
    ["Cache-Control: max-age=60", "Cache-Control: max-age=0"],
    ["Pragma: public"],
], ids=str)
def test_without_a_usable_lifetime_nothing_is_reused(page, fields):
    """RFC 9111 §4.2.1, and no heuristic freshness (§4.2.2)"""
    assert not reused(page, *fields)


def test_expires_in_the_future_is_a_lifetime(page):
    """RFC 9111 §5.3"""
    assert reused(page, f"Expires: {date(60)}")


@pytest.mark.parametrize("value", ["0", "-1", "now", "Thu, 99 Foo 2099 00:00:00 GMT", "", date(-60)], ids=repr)
def test_expires_that_is_past_or_no_date_means_stale(page, value):
    """RFC 9111 §5.3"""
    assert not reused(page, f"Expires: {value}")


def test_expires_counts_from_date(page):
    """RFC 9111 §4.2.1: the lifetime is Expires minus Date, whatever the clock of this node says."""
    assert reused(page, f"Date: {date(-30)}", f"Expires: {date(30)}")


def test_expires_before_date_means_stale(page):
    """RFC 9111 §4.2.1"""
    assert not reused(page, f"Date: {date(7200)}", f"Expires: {date(3600)}")


@pytest.mark.parametrize("value", ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
def test_obsolete_forms_of_dates_are_read(page, value):
    """RFC 9110 §5.6.7"""
    assert not reused(page, f"Expires: {value}")


@pytest.mark.parametrize("lifetime, expires", [("60", -60), ("60", 0)])
def test_max_age_overrides_expires(page, lifetime, expires):
    """RFC 9111 §5.3"""
    assert reused(page, f"Cache-Control: max-age={lifetime}", f"Expires: {date(expires)}")


def test_max_age_0_overrides_expires(page):
    """RFC 9111 §5.3"""
    assert not reused(page, "Cache-Control: max-age=0", f"Expires: {date(3600)}")


@pytest.mark.parametrize("age, is_fresh", [("10", True), ("3600", False), ("59999999999999999999", False),
                                           ("10, 3600", True), ("old", True), ("-3600", True)])
def test_the_age_that_a_response_comes_with_counts(page, age, is_fresh):
    """RFC 9111 §4.2.3, §5.1: an Age that is no number is ignored, and of a list the first counts."""
    assert reused(page, "Cache-Control: max-age=60", f"Age: {age}") is is_fresh


def test_an_old_date_is_age(page):
    """RFC 9111 §4.2.3: apparent age"""
    assert not reused(page, "Cache-Control: max-age=60", f"Date: {date(-3600)}")


def test_a_date_in_the_future_makes_nothing_younger_than_now(page):
    """RFC 9111 §4.2.3"""
    page.answers(ok(b"body", AN_HOUR, f"Date: {date(7200)}"))
    page.get()
    assert 0 <= page.get().age <= 5


def test_a_reused_response_tells_its_age(page):
    """RFC 9111 §5.1, RFC 9110 §6.6.1"""
    page.answers(ok(b"body", AN_HOUR, "Age: 100", f"Date: {date(-20)}"))
    page.get()
    again = page.get()
    assert page.fetches == 1
    assert 100 <= again.age <= 110
    assert len(again.fields.all("age")) == 1
    assert again["date"] is not None


def test_a_response_without_date_gets_one(page):
    """RFC 9110 §6.6.1"""
    page.answers(ok(b"body", AN_HOUR, "Date:"))
    assert page.get()["date"]
    assert page.get()["date"]


def test_a_lifetime_runs_out(page):
    """RFC 9111 §4.2: nothing is older than its lifetime, counted in what Date and Age can say."""
    page.answers(ok(b"first", "Cache-Control: max-age=60", "Age: 59"), ok(b"second", AN_HOUR))
    older = page.beside("older").answers(ok(b"body", AN_HOUR, "Age: 7"))
    older.get()
    page.get()
    eventually(lambda: page.get().body == b"second", "the end of freshness", seconds=3)
    assert older.get().age >= 8


@pytest.mark.parametrize("status", ["200 OK", "203 Non-Authoritative", "300 Multiple Choices", "301 Moved", "302 Found",
                                    "307 Temporary", "308 Permanent", "404 Not Found", "410 Gone", "451 Unavailable",
                                    "500 Oops", "599 Whatever", "299 Fine"])
def test_final_statuses_with_a_lifetime_are_reused(page, status):
    """RFC 9111 §3, RFC 9110 §15.1"""
    assert reused(page, AN_HOUR, status=status)


@pytest.mark.parametrize("fields, is_reused", [
    (["CDN-Cache-Control: max-age=60"], True),
    (["CDN-Cache-Control: max-age=60", "Cache-Control: no-store"], True),
    (["CDN-Cache-Control: max-age=60", "Cache-Control: max-age=0"], True),
    (["CDN-Cache-Control: max-age=60", f"Expires: {LONG_AGO}"], True),
    (["CDN-Cache-Control: max-age=60;a=b", "Cache-Control: no-store"], True),
    (["CDN-Cache-Control: unknown=(a b), max-age=60", "Cache-Control: no-store"], True),
    (["CDN-Cache-Control: max-age=0", AN_HOUR], False),
    (["CDN-Cache-Control: no-store", AN_HOUR], False),
    (["CDN-Cache-Control: no-cache", AN_HOUR], False),
    (["CDN-Cache-Control: private", AN_HOUR], False),
    (["CDN-Cache-Control: max-age=10, max-age=0", AN_HOUR], False),
    (['CDN-Cache-Control: max-age="60"', "Cache-Control: no-store"], False),
    (['CDN-Cache-Control: max-age="0"', AN_HOUR], True),
    (["CDN-Cache-Control: max-age=60.5", AN_HOUR], True),
    (["CDN-Cache-Control: no-store,", AN_HOUR], True),
    (["CDN-Cache-Control: NO-STORE", AN_HOUR], True),
    (["CDN-Cache-Control:", AN_HOUR], True),
    (["Surrogate-Control: no-store", AN_HOUR], True),
], ids=str)
def test_cdn_cache_control_goes_first_if_it_is_a_proper_structured_field(page, fields, is_reused):
    """RFC 9213 §2.1, §2.2, RFC 8941 §3.2"""
    assert reused(page, *fields) is is_reused


def test_cdn_cache_control_is_passed_on(page):
    """RFC 9213 §3.1: other caches of the same kind need it."""
    page.answers(ok(b"body", "CDN-Cache-Control: max-age=60"))
    assert page.get()["cdn-cache-control"] == "max-age=60"


def test_different_queries_are_different_resources(page):
    """RFC 9111 §2"""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    assert [page.get(query=query).body for query in ("?a=1", "?a=2", "?a=1", "?a=2")] == [b"first", b"second"] * 2


def test_different_hosts_are_different_resources(page):
    """RFC 9111 §2, RFC 9112 §3.3"""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    assert page.get(host="a.example").body == b"first"
    assert page.get(host="b.example").body == b"second"
    assert page.get(host="A.EXAMPLE").body == b"first"


def test_the_absolute_form_names_the_same_resource(page):
    """RFC 9112 §3.2.2: the target's authority wins over Host."""
    page.answers(ok(b"first", AN_HOUR), ok(b"second", AN_HOUR))
    page.get()
    assert page.edge.ask(page.url).body == b"first"
    assert page.edge.ask(page.url, host="elsewhere.example").body == b"first"
    assert page.fetches == 1
