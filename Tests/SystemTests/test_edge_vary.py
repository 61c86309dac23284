"""The edge: which request gets which of several stored responses (RFC 9111 §4.1, RFC 9110 §12.5.5)."""

import pytest

from edge_under_test import AN_HOUR, STALE
from scripted_origin import not_modified, ok


def echo(*fields, names=("Accept-Language",), vary=None):
    """An origin that answers with the values of the fields it varies on."""
    def script(turn):
        body = "|".join(turn.request[name.lower()] or "-" for name in names).encode()
        turn.send(ok(body, AN_HOUR, f"Vary: {vary or ', '.join(names)}", *fields))
    return script


def test_each_value_of_a_selecting_field_has_its_own_response(page):
    page.answers(echo())
    for _ in range(2):
        for language in ("da", "eo", "en"):
            assert page.get(f"Accept-Language: {language}").body == language.encode()
        assert page.get().body == b"-"
    assert page.fetches == 4


def test_fields_that_are_not_named_select_nothing(page):
    page.answers(echo())
    page.get("Accept-Language: da", "Accept: a/b", "Cookie: a=b", "User-Agent: one")
    page.get("Accept-Language: da", "Accept: c/d", "User-Agent: two")
    assert page.fetches == 1


@pytest.mark.parametrize("first, second", [
    (["Accept-Language: da,eo"], ["Accept-Language: da, eo"]),
    (["Accept-Language: da, eo"], ["Accept-Language: da", "Accept-Language: eo"]),
    (["accept-language:   da  "], ["ACCEPT-LANGUAGE: da"]),
    (["Accept-Language: da;q=0.5"], ["Accept-Language: da; q=0.5"]),
], ids=str)
def test_equal_values_in_different_spelling_select_the_same(page, first, second):
    """RFC 9111 §4.1: whitespace and the combination of lines make no difference."""
    page.answers(echo())
    page.get(*first)
    page.get(*second)
    assert page.fetches == 1


def test_values_that_differ_in_substance_are_not_merged(page):
    page.answers(echo(names=("X-Mark",)))
    for mark in ("a b", "ab", "a  b", "A B"):
        assert page.get(f"X-Mark: {mark}").body == mark.encode()
    assert page.fetches == 4


def test_two_selecting_fields_are_not_confused(page):
    """No join of values may make different pairs equal."""
    page.answers(echo(names=("X-A", "X-B")))
    pairs = [("1", "2"), ("2", "1"), ("1,2", ""), ("", "1,2"), ("1|", "2"), ("1", "|2")]
    for left, right in pairs:
        assert page.get(f"X-A: {left}", f"X-B: {right}").body == f"{left or '-'}|{right or '-'}".encode()
    assert page.fetches == len(pairs)


def test_an_absent_field_differs_from_any_value(page):
    """RFC 9111 §4.1: absent matches absent only."""
    page.answers(echo(names=("X-Mark",)))
    page.get("X-Mark: a")
    assert page.get().body == b"-"
    page.get()
    assert page.fetches == 2


def test_vary_star_never_matches(page):
    """RFC 9111 §4.1"""
    page.answers(echo(vary="*"))
    page.get("Accept-Language: da")
    page.get("Accept-Language: da")
    assert page.fetches == 2


def test_vary_star_among_others_never_matches(page):
    """RFC 9111 §4.1: a member "*" anywhere in the list"""
    page.answers(echo(vary="Accept-Language, *"))
    page.get("Accept-Language: da")
    page.get("Accept-Language: da")
    assert page.fetches == 2


def test_vary_may_come_in_several_lines_and_any_case(page):
    page.answers(echo("VARY: x-mark", names=("ACCEPT-language", "X-Mark"), vary="ACCEPT-language"))
    page.get("Accept-Language: da", "X-Mark: 1")
    assert page.get("Accept-Language: da", "X-Mark: 2").body == b"da|2"
    assert page.get("Accept-Language: da", "X-Mark: 1").body == b"da|1"
    assert page.fetches == 2


def test_vary_is_in_every_answer(page):
    """RFC 9110 §12.5.5: caches in front of us need it, in hits and in 304s."""
    page.answers(echo('ETag: "a"'))
    assert page.get()["vary"] == "Accept-Language"
    assert page.get()["vary"] == "Accept-Language"
    unchanged = page.get('If-None-Match: "a"')
    assert unchanged.status == 304 and unchanged["vary"] == "Accept-Language"


def test_an_answer_that_varies_on_more_than_the_last_one(page):
    """A second answer with another Vary must not let the first one serve the wrong clients."""
    page.answers(ok(b"any", AN_HOUR, "Vary: X-A"), ok(b"for b2", AN_HOUR, "Vary: X-A, X-B"), ok(b"for b3", AN_HOUR))
    assert page.get("X-A: 1", "X-B: 1").body == b"any"
    assert page.get("X-A: 2", "X-B: 2").body == b"for b2"
    assert page.get("X-A: 2", "X-B: 3").body == b"for b3"


def test_a_stored_variant_is_validated_with_its_own_tag(page):
    """RFC 9111 §4.3.1"""
    page.answers(ok(b"danish", *STALE, "Vary: Accept-Language", 'ETag: "da"'),
                 ok(b"esperanto", *STALE, "Vary: Accept-Language", 'ETag: "eo"'),
                 not_modified('ETag: "da"', AN_HOUR, "Vary: Accept-Language"))
    page.get("Accept-Language: da")
    page.get("Accept-Language: eo")
    assert page.get("Accept-Language: da").body == b"danish"
    assert '"da"' in page.last()["if-none-match"]
    assert page.get("Accept-Language: da").body == b"danish"
    assert page.fetches == 3


def test_the_origin_sees_the_selecting_fields_as_sent(page):
    """Normalising is for keys only."""
    page.answers(echo())
    page.get("Accept-Language: eo ;q=0.5,  da")
    assert page.last()["accept-language"] == "eo ;q=0.5,  da"
