"""The edge: purging by URL, prefix, tag and of everything, hard and soft, over the admin listener."""

import json
import threading

import pytest

from edge_under_test import AN_HOUR, Page, eventually, running_edge
from raw_client import HOST, RawClient, request
from running_server import TOKEN
from scripted_origin import after, not_modified, ok


def stored(page, *fields, name=b"old"):
    """A page that the edge has in memory and knows well; its next answer is "new"."""
    page.answers(ok(name, AN_HOUR, *fields), ok(b"new", AN_HOUR, *fields))
    assert page.get().body == name
    assert page.get().body == name
    assert page.get().is_hit
    return page


def is_purged(page):
    return page.get().body == b"new"


def test_a_url_is_purged_and_nothing_else(page):
    target, other = stored(page.beside("a")), stored(page.beside("ab"))
    answer = page.edge.purge({"url": target.url})
    assert isinstance(answer["sequence"], int) and isinstance(answer["nodes"], list)
    assert is_purged(target)
    assert not is_purged(other)


def test_a_purge_acts_at_once_and_once(page):
    stored(page)
    page.edge.purge({"url": page.url, "mode": "hard"})
    assert [page.get().body for _ in range(3)] == [b"new"] * 3
    assert page.fetches == 2


def test_purges_have_rising_numbers(page):
    numbers = [page.edge.purge({"url": page.url})["sequence"] for _ in range(3)]
    assert numbers == sorted(set(numbers))


def test_a_url_with_a_query_is_its_own(page):
    page.answers(ok(b"one", AN_HOUR), ok(b"two", AN_HOUR), ok(b"three", AN_HOUR))
    page.get(query="?a=1")
    page.get(query="?a=2")
    page.edge.purge({"url": page.url + "?a=1"})
    assert page.get(query="?a=2").body == b"two"
    assert page.get(query="?a=1").body == b"three"


def test_the_host_of_a_url_counts_and_its_case_does_not(page):
    stored(page)
    page.edge.purge({"url": page.url.replace(HOST, "elsewhere.example")})
    assert not is_purged(page)
    page.edge.purge({"url": page.url.replace("http://" + HOST, "HTTP://" + HOST.upper() + ":80")})
    assert is_purged(page)


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_root_of_a_host_is_purged(page, slash):
    """RFC 9110 §4.2.3: an empty path is "/"."""
    host = f"root-{page.path.split('/')[1]}.example"
    page.origin.script("/", ok(b"old", AN_HOUR), ok(b"new", AN_HOUR))
    assert page.edge.ask("/", host=host).body == b"old"
    page.edge.purge({"url": f"http://{host}{slash}"})
    assert page.edge.ask("/", host=host).body == b"new"


def test_all_variants_of_a_url_are_purged(page):
    page.answers(ok(b"da", AN_HOUR, "Vary: Accept-Language"), ok(b"eo", AN_HOUR, "Vary: Accept-Language"),
                 ok(b"new", AN_HOUR, "Vary: Accept-Language"))
    for _ in range(2):
        assert page.get("Accept-Language: da").body == b"da"
        assert page.get("Accept-Language: eo").body == b"eo"
    page.edge.purge({"url": page.url})
    assert page.get("Accept-Language: da").body == b"new"
    assert page.get("Accept-Language: eo").body == b"new"


def test_a_prefix_is_purged(page):
    inside, deeper, outside = (stored(page.beside(name)) for name in ("in/a", "in/b/c", "out"))
    page.edge.purge({"prefix": page.url + "/in/"})
    assert is_purged(inside) and is_purged(deeper)
    assert not is_purged(outside)


@pytest.mark.parametrize("fields, tag", [
    (["Surrogate-Key: {tag}"], "{tag}"), (["Surrogate-Key: x {tag} y"], "{tag}"), (["Cache-Tag: {tag}"], "{tag}"),
    (["Cache-Tag: x,{tag} , y"], "{tag}"), (["Cache-Tag: x", "Cache-Tag: {tag}"], "{tag}"),
    (["Surrogate-Key: x", "Cache-Tag: {tag}"], "{tag}"),
], ids=str)
def test_a_tag_of_the_origin_is_purged(page, fields, tag):
    own = page.path.split("/")[1]
    marked = stored(page.beside("marked"), *(field.format(tag="tag-" + own) for field in fields))
    other = stored(page.beside("other"), f"Surrogate-Key: tag-{own}0 tag", f"Cache-Tag: tag-{own}0")
    page.edge.purge({"tag": tag.format(tag="tag-" + own)})
    assert is_purged(marked)
    assert not is_purged(other)


def test_everything_is_purged(page):
    pages = [stored(page.beside(name)) for name in "abc"]
    page.edge.purge({"everything": True})
    assert all(is_purged(each) for each in pages)


def test_what_comes_after_a_purge_is_kept(page):
    page.edge.purge({"everything": True})
    page.edge.purge({"url": page.url})
    page.answers(ok(b"body", AN_HOUR))
    assert [page.get().body for _ in range(3)] == [b"body"] * 3
    assert page.fetches == 1


def test_a_soft_purge_makes_stale_and_is_validated(page):
    page.answers(ok(b"body", AN_HOUR, 'ETag: "a"'), not_modified('ETag: "a"', AN_HOUR))
    page.get()
    page.get()
    page.edge.purge({"url": page.url, "mode": "soft"})
    assert page.get().body == b"body"
    assert page.fetches == 2
    assert page.last()["if-none-match"] == '"a"'
    assert page.get().body == b"body"
    assert page.fetches == 2, "validated once, fresh again"


def test_a_soft_purge_without_validator_fetches_anew(page):
    stored(page)
    page.edge.purge({"url": page.url, "mode": "soft"})
    assert is_purged(page)


def test_a_softly_purged_response_serves_while_it_is_revalidated(page):
    """RFC 5861 §3"""
    release = threading.Event()
    page.answers(ok(b"old", "Cache-Control: max-age=3600, stale-while-revalidate=600"),
                 after(release, ok(b"new", AN_HOUR)))
    page.get()
    page.get()
    page.edge.purge({"url": page.url, "mode": "soft"})
    assert page.get().body == b"old"
    page.origin.wait_for(lambda: page.fetches == 2, "the fetch in the background")
    release.set()
    eventually(lambda: page.get().body == b"new", "the new response")
    assert page.fetches == 2


def test_a_hard_purge_leaves_nothing_for_stale_windows(page):
    page.answers(ok(b"old", "Cache-Control: max-age=3600, stale-while-revalidate=600, stale-if-error=600", 'ETag: "a"'),
                 ok(b"broken", status="503 Busy"), ok(b"new", AN_HOUR))
    page.get()
    page.get()
    page.edge.purge({"url": page.url})
    answer = page.get()
    assert (answer.status, answer.body) == (503, b"broken")
    assert "if-none-match" not in page.last().fields


@pytest.mark.parametrize("scope", ["url", "prefix", "tag", "everything"])
@pytest.mark.parametrize("mode", ["hard", "soft"])
def test_a_fetch_under_way_during_a_purge_is_not_served_afterwards(page, scope, mode):
    """What left the origin before the purge may be what the purge is about."""
    release = threading.Event()
    tag = "under-way-" + page.path.split("/")[1]
    page.answers(after(release, ok(b"old", AN_HOUR, f"Cache-Tag: {tag}")), ok(b"new", AN_HOUR))
    document = {"url": page.url, "prefix": page.url[:-1], "tag": tag, "everything": True}
    with page.edge.client() as client:
        client.send(request(page.path))
        page.origin.wait_for(lambda: page.fetches == 1, "the fetch")
        page.edge.purge({scope: document[scope], "mode": mode})
        release.set()
        assert client.response().body == b"old"
    assert page.get().body == b"new"


def test_a_request_after_a_purge_does_not_follow_a_fetch_from_before_it(page):
    release = threading.Event()
    page.answers(after(release, ok(b"old", AN_HOUR)), ok(b"new", AN_HOUR))
    with page.edge.client() as early, page.edge.client() as late:
        early.send(request(page.path))
        page.origin.wait_for(lambda: page.fetches == 1, "the fetch")
        page.edge.purge({"url": page.url})
        late.send(request(page.path))
        page.edge.ask("/health")
        release.set()
        assert late.response().body == b"new"


BAD = [
    b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 10_000, b"x" * 100_000,
    {"url": ""}, {"url": 5}, {"url": "no url"}, {"url": "/path"}, {"tag": ""}, {"tag": ["a"]}, {"tag": "x" * 9000},
    {"prefix": ""}, {"everything": False}, {"everything": "yes"}, {"unknown": "a"},
    {"url": "http://a/", "tag": "b"}, {"tag": "a", "mode": "medium"},
]


@pytest.mark.parametrize("document", BAD, ids=lambda document: str(document)[:40])
def test_a_bad_purge_is_refused_and_purges_nothing(page, document):
    stored(page)
    with RawClient(page.edge.addresses["admin"]) as client:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        client.send(request("/admin/purge", f"Authorization: Bearer {TOKEN}", "Content-Type: application/json",
                            method="POST", body=body, host=page.edge.addresses["admin"]))
        answer = client.response("POST")
    assert answer.status in (400, 413), answer
    assert answer["content-type"] == "application/problem+json"
    assert not is_purged(page)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post_purges(page, method):
    with RawClient(page.edge.addresses["admin"]) as client:
        client.send(request("/admin/purge", f"Authorization: Bearer {TOKEN}", method=method,
                            body=b'{"everything":true}', host=page.edge.addresses["admin"]))
        assert client.response(method).status in (404, 405)


def test_a_purge_needs_a_token(tmp_path, scripted_origin):
    with running_edge(tmp_path, scripted_origin.url, unsafe=False) as edge:
        page = stored(Page(edge, scripted_origin, "/authorised"))
        for token in (None, "wrong", TOKEN[:-1], TOKEN + "x", ""):
            problem = edge.purge({"everything": True}, token=token, expect=401)
            assert problem["type"].startswith("https://vitrine.invalid/problems/")
        assert not is_purged(page)
        edge.purge({"everything": True})
        assert is_purged(page)


@pytest.mark.parametrize("fields, host", [([], "evil.example"), (["Sec-Fetch-Site: cross-site"], None)], ids=str)
def test_pages_of_other_sites_cannot_purge(page, fields, host):
    """Neither with a name that was bound to this machine nor by a form, even in unsafe mode."""
    stored(page)
    with RawClient(page.edge.addresses["admin"]) as client:
        client.send(request("/admin/purge", *fields, "Content-Type: text/plain", method="POST",
                            body=b'{"everything":true}', host=host or page.edge.addresses["admin"]))
        assert client.response("POST").status in (401, 403)
    assert not is_purged(page)


@pytest.mark.parametrize("path", ["/admin/purge", "/-/vitrine/purge"])
def test_clients_cannot_purge(page, path):
    """Neither by the operator's path on the public listener nor by the one of other nodes."""
    stored(page)
    for fields in ([], ["Authorization: Bearer wrong"], ["Authorization: "]):
        answer = page.edge.ask(path, *fields, method="POST", body=b'{"everything":true}')
        assert answer.status in (401, 403, 404, 405)
    assert not is_purged(page)


def test_the_method_purge_is_just_another_method(page):
    """Unlike elsewhere, clients cannot purge by a method; it goes to the origin."""
    page.answers(ok(b"old", AN_HOUR), ok(b"no", status="405 Method Not Allowed"), ok(b"new", AN_HOUR))
    page.get()
    assert page.get(method="PURGE").status == 405
    assert page.get().body == b"old"
