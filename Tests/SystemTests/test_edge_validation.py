"""The edge: validation with the origin, and for its clients (RFC 9111 §4.3, RFC 9110 §13)."""

import pytest

from edge_under_test import AN_HOUR, STALE
from scripted_origin import date, not_modified, ok

MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT"
LATER = "Mon, 07 Nov 1994 08:49:37 GMT"
EARLIER = "Sat, 05 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize("tag", ['"a"', 'W/"a"', '""', '"a,b"', '"\xe9"'])
def test_a_stale_response_with_a_tag_is_validated_by_it(page, tag):
    """RFC 9111 §4.3.1"""
    page.answers(ok(b"body", *STALE, f"ETag: {tag}"), not_modified(f"ETag: {tag}", AN_HOUR))
    page.get()
    again = page.get()
    assert page.last()["if-none-match"] == tag
    assert (again.status, again.body, again["etag"]) == (200, b"body", tag)
    assert page.get().body == b"body"
    assert page.fetches == 2


def test_a_stale_response_with_a_date_is_validated_by_it(page):
    """RFC 9111 §4.3.1"""
    page.answers(ok(b"body", *STALE, f"Last-Modified: {MODIFIED}"), not_modified(AN_HOUR))
    page.get()
    assert page.get().body == b"body"
    assert page.last()["if-modified-since"] == MODIFIED
    assert page.get().body == b"body"
    assert page.fetches == 2


def test_a_stale_response_without_validator_is_fetched_whole(page):
    page.answers(ok(b"first", "Cache-Control: max-age=60, stale-if-error=600", "Age: 70"), ok(b"second", AN_HOUR))
    page.get()
    assert page.get().body == b"second"
    assert not {"if-none-match", "if-modified-since"} & {name for name, _ in page.last().fields}


def test_a_304_updates_the_stored_fields(page):
    """RFC 9111 §3.2, §4.3.4"""
    page.answers(ok(b"body", *STALE, 'ETag: "a"', "X-Old: kept", "X-Both: old", "Content-Type: text/plain"),
                 not_modified('ETag: "a"', AN_HOUR, "X-Both: new", "X-New: added", "Age: 7"))
    page.get()
    for _ in range(2):
        again = page.get()
        assert (again["x-old"], again["x-both"], again["x-new"]) == ("kept", "new", "added")
        assert (again["content-type"], again["cache-control"]) == ("text/plain", "max-age=3600")
        assert 7 <= again.age < 20
    assert page.fetches == 2


def test_a_304_does_not_update_what_describes_the_body(page):
    """RFC 9111 §3.2: nor does any of it break the framing."""
    page.answers(ok(b"body", *STALE, 'ETag: "a"', "Content-Encoding: x-own", "Content-Type: text/plain"),
                 not_modified('ETag: "a"', AN_HOUR, "Content-Length: 4000", "Content-Encoding: gzip",
                              "Content-Range: bytes 0-1/4"))
    page.get()
    for _ in range(2):
        again = page.get()
        assert (again.body, again["content-encoding"], again["content-range"]) == (b"body", "x-own", None)
    assert page.fetches == 2


def test_a_304_with_another_strong_tag_is_not_taken_for_the_stored_one(page):
    """RFC 9111 §4.3.4: no stored response is selected, so the edge has to ask for the whole one."""
    page.answers(ok(b"old", *STALE, 'ETag: "a"'), not_modified('ETag: "b"', AN_HOUR),
                 ok(b"new", 'ETag: "b"', AN_HOUR))
    page.get()
    again = page.get()
    assert again.body == b"new" or again.status >= 500
    assert page.get().body == b"new"


def test_a_200_to_a_validation_replaces_what_was_stored(page):
    """RFC 9111 §4.3.3"""
    page.answers(ok(b"old", *STALE, 'ETag: "a"', "X-Old: 1"), ok(b"new one", AN_HOUR, 'ETag: "b"'))
    page.get()
    for _ in range(2):
        again = page.get()
        assert (again.body, again["etag"], again["x-old"]) == (b"new one", '"b"', None)
    assert page.fetches == 2


def test_an_error_to_a_validation_is_passed_on(page):
    """RFC 9111 §4.3.3"""
    page.answers(ok(b"old", "Cache-Control: max-age=60, must-revalidate", "Age: 60", 'ETag: "a"'),
                 ok(b"broken", status="500 Oops"), not_modified('ETag: "a"', AN_HOUR))
    page.get()
    assert page.get().status == 500
    assert page.get().body == b"old"


def test_a_304_that_makes_it_uncacheable_is_obeyed(page):
    page.answers(ok(b"body", *STALE, 'ETag: "a"'), not_modified('ETag: "a"', "Cache-Control: no-store"),
                 ok(b"other", "Cache-Control: no-store"))
    page.get()
    assert page.get().body == b"body"
    assert page.get().body == b"other"


CLIENTS = [
    (['If-None-Match: "a"'], 304),
    (['If-None-Match: W/"a"'], 304),
    (['If-None-Match: "b"'], 200),
    (['If-None-Match: "x", "a", "y"'], 304),
    (['If-None-Match: "x"', 'If-None-Match: "a"'], 304),
    (['If-None-Match: "x,\\"a"'], 200),
    (['If-None-Match: "b, \\"a\\""'], 200),
    (["If-None-Match: *"], 304),
    (["If-None-Match: a"], 200),
    ([f"If-Modified-Since: {MODIFIED}"], 304),
    ([f"If-Modified-Since: {LATER}"], 304),
    ([f"If-Modified-Since: {EARLIER}"], 200),
    (["If-Modified-Since: yesterday"], 200),
    (['If-None-Match: "b"', f"If-Modified-Since: {LATER}"], 200),
    (['If-None-Match: "a"', f"If-Modified-Since: {EARLIER}"], 304),
]


@pytest.mark.parametrize("fields, status", CLIENTS, ids=str)
def test_clients_conditions_are_answered_from_the_store(page, fields, status):
    """RFC 9110 §13.1.2, §13.1.3, §13.2.2, RFC 9111 §4.3.2"""
    page.answers(ok(b"body", AN_HOUR, 'ETag: "a"', f"Last-Modified: {MODIFIED}", "Content-Language: eo"))
    page.get()
    for _ in range(2):
        answer = page.get(*fields)
        assert answer.status == status
        assert answer.body == (b"body" if status == 200 else b"")
        assert answer["etag"] == '"a"' and answer["cache-control"] == "max-age=3600" and answer["date"]
        assert answer.is_hit
    assert page.fetches == 1


def test_a_weakly_tagged_response_is_unmodified_for_its_weak_tag(page):
    """RFC 9110 §8.8.3.2: If-None-Match compares weakly."""
    page.answers(ok(b"body", AN_HOUR, 'ETag: W/"a"'))
    page.get()
    assert page.get('If-None-Match: "a"').status == 304
    assert page.get('If-None-Match: W/"a"').status == 304


@pytest.mark.parametrize("status", ["404 Not Found", "301 Moved"])
def test_conditions_do_not_turn_other_statuses_into_304(page, status):
    """RFC 9110 §13.2.1"""
    page.answers(ok(b"body", AN_HOUR, 'ETag: "a"', status=status))
    page.get()
    assert page.get('If-None-Match: "a"').status == int(status[:3])


@pytest.mark.parametrize("field", ['If-Match: "b"', f"If-Unmodified-Since: {EARLIER}"])
def test_preconditions_for_the_origin_are_the_origins(page, field):
    """RFC 9111 §4.3.2: they are forwarded, not answered."""
    page.answers(ok(b"body", AN_HOUR, 'ETag: "a"', f"Last-Modified: {MODIFIED}"),
                 ok(b"", status="412 Precondition Failed"))
    page.get()
    assert page.get(field).status == 412
    name, value = field.split(": ", 1)
    assert page.last()[name.lower()] == value
    assert page.get().body == b"body"


def test_a_clients_condition_on_a_miss_still_fills_the_store(page):
    """RFC 9111 §4.3.2: whether the edge asks with the client's condition or without, the answer is right."""
    def script(turn):
        matches = turn.request["if-none-match"] == '"a"'
        turn.send(not_modified('ETag: "a"', AN_HOUR) if matches else ok(b"body", AN_HOUR, 'ETag: "a"'))
    page.answers(script)
    assert page.get('If-None-Match: "a"').status == 304
    assert page.get().body == b"body"
    assert page.get('If-None-Match: "a"').status == 304
    assert page.get().body == b"body"
    assert page.fetches <= 2


def test_a_client_whose_copy_is_newer_than_ours_gets_the_truth(page):
    """RFC 9111 §4.3.2: our stale copy is validated, and the client's condition is about the result."""
    def script(turn):
        known = turn.request["if-none-match"] or ""
        turn.send(not_modified('ETag: "new"', AN_HOUR) if '"new"' in known else ok(b"new", AN_HOUR, 'ETag: "new"'))
    page.answers(ok(b"old", *STALE, 'ETag: "old"'), script)
    page.get()
    assert page.get('If-None-Match: "new"').status == 304
    plain = page.get()
    assert (plain.status, plain.body) == (200, b"new")


def test_a_client_whose_copy_is_as_old_as_ours_gets_304_after_validation(page):
    page.answers(ok(b"body", *STALE, 'ETag: "a"'), not_modified('ETag: "a"', AN_HOUR))
    page.get()
    assert page.get('If-None-Match: "a"').status == 304
    assert page.get().body == b"body"
    assert page.fetches == 2


def test_a_304_for_a_plain_request_is_not_passed_on_as_an_answer(page):
    """RFC 9110 §15.4.5: a client that sent no condition cannot use a 304."""
    page.answers(ok(b"body", *STALE, 'ETag: "a"'), not_modified('ETag: "a"'))
    page.get()
    assert page.get().status == 200


def test_validation_keeps_a_large_body(page):
    body = bytes(range(256)) * 8000
    page.answers(ok(body, *STALE, 'ETag: "a"', f"Date: {date(-3600)}"), not_modified('ETag: "a"', AN_HOUR))
    page.get()
    answers = [page.get() for _ in range(3)]
    assert [(answer.status, len(answer.body)) for answer in answers] == [(200, len(body))] * 3
    assert all(answer.body == body for answer in answers)
    assert page.fetches == 2
