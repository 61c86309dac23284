"""The edge: ranges from a stored response, and HEAD (RFC 9110 §14, §13.1.5, §9.3.2)."""

import re

import pytest

from edge_under_test import AN_HOUR, STALE
from scripted_origin import date, head, not_modified, ok

BODY = bytes(range(256)) * 40
SIZE = len(BODY)
MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.fixture
def stored(page):
    """A page whose body the edge has."""
    page.answers(ok(BODY, AN_HOUR, 'ETag: "a"', f"Last-Modified: {MODIFIED}", "Content-Type: image/x-test"))
    assert page.get().body == BODY
    yield page
    assert page.fetches == 1


@pytest.mark.parametrize("asked, first, last", [
    ("bytes=0-0", 0, 0), ("bytes=0-99", 0, 99), ("bytes=100-199", 100, 199), ("bytes=10000-", 10000, SIZE - 1),
    ("bytes=-1", SIZE - 1, SIZE - 1), ("bytes=-100", SIZE - 100, SIZE - 1), (f"bytes=-{SIZE * 2}", 0, SIZE - 1),
    (f"bytes=5-{SIZE * 9}", 5, SIZE - 1), ("bytes=0-99999999999999999999999", 0, SIZE - 1), ("BYTES=1-2", 1, 2),
    (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1), ("bytes=0-", 0, SIZE - 1), ("bytes=,5-6,", 5, 6),
])
def test_one_range_of_a_stored_response(stored, asked, first, last):
    """RFC 9110 §14.1.2, §15.3.7.1"""
    for _ in range(2):
        answer = stored.get(f"Range: {asked}")
        assert answer.status == 206
        assert answer["content-range"] == f"bytes {first}-{last}/{SIZE}"
        assert answer.body == BODY[first : last + 1]
        assert answer["etag"] == '"a"' and answer["cache-control"] and answer["date"]
        assert answer.is_hit


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=-0", f"bytes={SIZE}-{SIZE + 5}",
                                   "bytes=99999999999999999999999-"])
def test_a_range_that_is_not_there(stored, asked):
    """RFC 9110 §15.5.17"""
    answer = stored.get(f"Range: {asked}")
    assert answer.status == 416
    assert answer["content-range"] == f"bytes */{SIZE}"
    assert answer["cache-status"]


@pytest.mark.parametrize("asked", ["bytes=", "bytes=a-b", "bytes=5-4", "bytes=1-2,x", "seconds=0-1", "bytes 0-1",
                                   "bytes=--1", "bytes=1--2", "bytes=0x1-2", "bytes=+1-2"])
def test_a_range_that_makes_no_sense_is_ignored(stored, asked):
    """RFC 9110 §14.2: an invalid ranges-specifier, or an unknown unit"""
    answer = stored.get(f"Range: {asked}")
    assert answer.status in (200, 416)
    if answer.status == 200:
        assert answer.body == BODY


def parts(answer):
    """The ranges and bytes of a multipart/byteranges body."""
    boundary = re.fullmatch(r'multipart/byteranges;\s*boundary="?([^"]+)"?', answer["content-type"])[1].encode()
    pieces = (b"\r\n" + answer.body).split(b"\r\n--" + boundary)
    assert pieces[0] == b"" and pieces[-1].strip() == b"--"
    found = []
    for piece in pieces[1:-1]:
        top, body = piece.split(b"\r\n\r\n", 1)
        assert b"content-type: image/x-test" in top.lower()
        first, last = map(int, re.search(rb"content-range: bytes (\d+)-(\d+)/%d" % SIZE, top.lower()).groups())
        assert body == BODY[first : last + 1]
        found.append((first, last))
    return found


def test_several_ranges_of_a_stored_response(stored):
    """RFC 9110 §15.3.7.2"""
    answer = stored.get("Range: bytes=0-9, 500-509,-10")
    assert answer.status == 206
    assert answer["content-range"] is None
    assert parts(answer) == [(0, 9), (500, 509), (SIZE - 10, SIZE - 1)]


def test_of_several_ranges_only_those_that_are_there_are_sent(stored):
    """RFC 9110 §14.1.2: satisfiable if at least one is"""
    answer = stored.get("Range: bytes=5-9,99999-")
    assert answer.status == 206
    assert answer.body == BODY[5:10] or parts(answer) == [(5, 9)]


def test_ranges_cannot_multiply_the_body(stored):
    """RFC 9110 §14.2, §17.15: many overlapping ranges are ignored, joined or refused."""
    answer = stored.get("Range: bytes=" + ",".join(["0-"] * 500))
    assert answer.status in (200, 206, 416)
    assert len(answer.body) < 2 * SIZE


@pytest.mark.parametrize("condition, is_part", [
    ('"a"', True), ('"b"', False), ('W/"a"', False), (MODIFIED, True), (date(), False), ("nonsense", False),
    ("Sat, 05 Nov 1994 08:49:37 GMT", False),
])
def test_if_range_gives_the_part_only_of_the_same_representation(stored, condition, is_part):
    """RFC 9110 §13.1.5: strong comparison, dates exactly"""
    answer = stored.get("Range: bytes=1-2", f"If-Range: {condition}")
    assert answer.status == (206 if is_part else 200)
    assert answer.body == (BODY[1:3] if is_part else BODY)


def test_if_none_match_goes_before_range(stored):
    """RFC 9110 §13.2.2"""
    assert stored.get("Range: bytes=1-2", 'If-None-Match: "a"').status == 304
    assert stored.get("Range: bytes=1-2", 'If-None-Match: "b"').status == 206


def test_if_range_with_a_weak_tag_never_gives_a_part(page):
    """RFC 9110 §13.1.5"""
    page.answers(ok(BODY, AN_HOUR, 'ETag: W/"a"'))
    page.get()
    assert page.get("Range: bytes=1-2", 'If-Range: W/"a"').status == 200


def test_a_range_on_a_miss_is_answered_rightly_and_does_not_poison(page):
    """RFC 9111 §3.3: a stored part is never taken for the whole."""
    def script(turn):
        if turn.request["range"]:
            turn.send(head(AN_HOUR, 'ETag: "a"', f"Content-Range: bytes 10-19/{SIZE}", "Content-Length: 10",
                           status="206 Partial Content") + BODY[10:20])
        else:
            turn.send(ok(BODY, AN_HOUR, 'ETag: "a"'))
    page.answers(script)
    part = page.get("Range: bytes=10-19")
    assert (part.status, part.body) == (206, BODY[10:20])
    whole = page.get()
    assert (whole.status, whole.body) == (200, BODY)
    other = page.get("Range: bytes=30-39")
    assert (other.status, other.body) == (206, BODY[30:40])


def test_a_206_that_nobody_asked_for_is_not_stored(page):
    """RFC 9111 §3.3"""
    page.answers(head(AN_HOUR, f"Content-Range: bytes 0-9/{SIZE}", "Content-Length: 10", status="206 Partial Content")
                 + BODY[:10], ok(BODY, AN_HOUR))
    page.get()
    whole = page.get()
    assert (whole.status, whole.body) == (200, BODY)


def test_a_range_of_a_stale_response_is_validated_first(page):
    page.answers(ok(BODY, *STALE, 'ETag: "a"'), not_modified('ETag: "a"', AN_HOUR))
    page.get()
    part = page.get("Range: bytes=1-2")
    assert (part.status, part.body) == (206, BODY[1:3])


def test_ranges_are_for_get_only(stored):
    """RFC 9110 §14.2"""
    answer = stored.get("Range: bytes=1-2", method="HEAD")
    assert answer.status == 200
    assert answer["content-length"] == str(SIZE)


def test_ranges_of_an_error_are_not_made(page):
    """RFC 9110 §14.2: only where the answer without Range were 200"""
    page.answers(ok(BODY, AN_HOUR, status="404 Not Found"))
    page.get()
    answer = page.get("Range: bytes=1-2")
    assert (answer.status, answer.body) == (404, BODY)


def test_head_is_answered_from_a_stored_get(stored):
    """RFC 9110 §9.3.2, RFC 9111 §4"""
    for _ in range(2):
        answer = stored.get(method="HEAD")
        assert (answer.status, answer["content-length"], answer["etag"]) == (200, str(SIZE), '"a"')
        assert answer.is_hit and answer["age"] is not None
    assert stored.get('If-None-Match: "a"', method="HEAD").status == 304


def test_head_on_a_miss_does_not_make_an_empty_page(page):
    page.answers(ok(BODY, AN_HOUR))
    answer = page.get(method="HEAD")
    assert (answer.status, answer.body, answer["content-length"]) == (200, b"", str(SIZE))
    assert page.get().body == BODY


def test_nothing_follows_an_answer_to_head(stored):
    """RFC 9112 §6.3: the connection goes on right after the head."""
    with stored.edge.client() as client:
        for _ in range(3):
            assert client.ask(stored.path, method="HEAD")["content-length"] == str(SIZE)
            assert client.ask(stored.path).body == BODY
