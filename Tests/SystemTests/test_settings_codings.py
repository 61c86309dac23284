"""Content codings of settings: what is chosen, the dictionary, and that all decode to the same bytes."""

import base64
import concurrent.futures
import gzip
import hashlib
import json
import re

import brotli
import pytest
import zstandard

from settings_projects import GROUPS, ProjectMaker
from settings_under_test import running_node

DCZ_MAGIC = bytes.fromhex("5e2a4d1820000000")


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("codings")) as running:
        yield running


@pytest.fixture(scope="module")
def large(node):
    maker = ProjectMaker(11)
    features = maker.features(300)
    features["named"] = {"defaultValue": "Dear {{id}}", "x-placeholders": True}
    return node.app(features, savedGroups=GROUPS)


LARGE_USER = {"id": "u7", "country": "DE", "version": "2.0.0", "tags": ["a", "b"], "platform": "ios"}


def dictionary_of(app):
    """The advertised dictionary, and how a client names it."""
    link = app.document({})["link"]
    path = re.fullmatch(r'<([^>]*)>; rel="compression-dictionary"', link)[1]
    response = app.node.ask(path)
    assert response.status == 200
    digest = hashlib.sha256(response.body).digest()
    assert path.endswith(digest.hex())
    assert "immutable" in response["cache-control"] and 'match="/v1/settings/' in response["use-as-dictionary"]
    return response.body, ":" + base64.b64encode(digest).decode() + ":"


def decoded(response, dictionary=None):
    coding = response["content-encoding"]
    if coding == "gzip":
        return gzip.decompress(response.body)
    if coding == "br":
        return brotli.decompress(response.body)
    if coding == "zstd":
        reader = zstandard.ZstdDecompressor().stream_reader(response.body, read_across_frames=True)
        return reader.read()
    if coding == "dcz":
        assert response.body[:8] == DCZ_MAGIC
        assert response.body[8:40] == hashlib.sha256(dictionary).digest()
        raw = zstandard.ZstdCompressionDict(dictionary, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        return zstandard.ZstdDecompressor(dict_data=raw).stream_reader(response.body[40:]).read()
    assert coding is None, coding
    return response.body


@pytest.mark.parametrize("accepted, coding", [
    (None, None), ("", None), ("identity", None), ("gzip", "gzip"), ("x-gzip", "gzip"), ("br", "br"), ("zstd", "zstd"),
    ("GZip", "gzip"), ("gzip, deflate, br, zstd", "zstd"), ("gzip, br", "br"), ("gzip, deflate", "gzip"),
    ("gzip;q=1, br;q=0.5, zstd;q=0.1", "gzip"), ("gzip;q=0.2, br;q=0.9", "br"), ("zstd;q=0, br;q=0, gzip", "gzip"),
    ("gzip;q=0", None), ("deflate", None), ("*", "zstd"), ("*;q=0.1, gzip", "gzip"), ("zstd;q=0, *", "br"),
    ("identity, gzip;q=0.5", None), ("identity;q=0.5, gzip;q=0.5", "gzip"), ("gzip;q=0.001", "gzip"), ("dcz", None),
    (",,gzip ,", "gzip"), ("nonsense;;;q=x", None), ("gzip;q=", None), ("x" * 2000, None),
])
def test_the_coding_is_the_best_that_the_client_takes(large, accepted, coding):
    plain = large.document(LARGE_USER)
    fields = [] if accepted is None else [f"Accept-Encoding: {accepted}"]
    response = large.document(LARGE_USER, *fields)
    assert response["content-encoding"] == coding or accepted == "gzip;q="
    assert decoded(response) == plain.body
    assert "Accept-Encoding" in response["vary"]


def test_every_coding_has_a_tag_of_its_own_and_all_are_known(large):
    codings = ("identity", "gzip", "br", "zstd")
    responses = [large.document(LARGE_USER, f"Accept-Encoding: {coding}") for coding in codings]
    assert len({response["etag"] for response in responses}) == 4
    for response in responses:
        for coding in ("identity", "gzip", "zstd"):
            again = large.document(LARGE_USER, f"Accept-Encoding: {coding}", f'If-None-Match: {response["etag"]}')
            assert (again.status, again.body) == (304, b"")
        assert large.document({**LARGE_USER, "id": "u8"}, f'If-None-Match: {response["etag"]}').status == 200


def test_the_dictionary_makes_the_document_small(large):
    dictionary, name = dictionary_of(large)
    assert json.loads(dictionary).keys() == json.loads(large.document({}).body).keys()
    for user in ({}, LARGE_USER, ProjectMaker(5).user(3)):
        plain = large.document(user)
        response = large.document(user, "Accept-Encoding: gzip, br, zstd, dcz", f"Available-Dictionary: {name}")
        assert response["content-encoding"] == "dcz"
        assert decoded(response, dictionary) == plain.body
        assert "Available-Dictionary" in response["vary"]
        assert len(response.body) < len(large.document(user, "Accept-Encoding: zstd").body)


def test_only_the_advertised_dictionary_is_used(large):
    dictionary, name = dictionary_of(large)
    other = ":" + base64.b64encode(hashlib.sha256(b"other").digest()).decode() + ":"
    plain = large.document(LARGE_USER).body
    for named in (other, name.strip(":"), name[:-1], ":" + name + ":", "", "::", name.lower(), f"{name}, {other}"):
        response = large.document(LARGE_USER, "Accept-Encoding: dcz, gzip", f"Available-Dictionary: {named}")
        assert response["content-encoding"] == "gzip" and decoded(response) == plain, named
    without = large.document(LARGE_USER, "Accept-Encoding: gzip", f"Available-Dictionary: {name}")
    assert without["content-encoding"] == "gzip"
    refused = large.document(LARGE_USER, "Accept-Encoding: dcz;q=0, gzip;q=0.5", f"Available-Dictionary: {name}")
    assert refused["content-encoding"] == "gzip"


def test_after_a_publish_the_old_dictionary_is_not_used(node):
    features = ProjectMaker(12).features(60)
    app = node.app(features, savedGroups=GROUPS)
    _, name = dictionary_of(app)
    app.publish({**features, "more": {"defaultValue": 1}}, savedGroups=GROUPS)
    response = app.document({}, "Accept-Encoding: zstd, dcz", f"Available-Dictionary: {name}")
    assert decoded(response) == app.document({}).body and response["content-encoding"] == "zstd"
    fresh, name = dictionary_of(app)
    response = app.document({}, "Accept-Encoding: zstd, dcz", f"Available-Dictionary: {name}")
    assert response["content-encoding"] == "dcz" and decoded(response, fresh) == app.document({}).body


def test_the_other_surfaces_are_coded_too(large):
    context = {"targetingKey": "u7", **LARGE_USER}
    for ask in (lambda *fields: large.flags(context, *fields), lambda *fields: large.features(*fields),
                lambda *fields: large.remote({"attributes": LARGE_USER}, *fields)):
        plain = ask()
        assert "content-encoding" not in plain.fields
        for coding in ("gzip", "br", "zstd"):
            response = ask(f"Accept-Encoding: {coding}")
            assert response["content-encoding"] == coding and decoded(response) == plain.body


def test_many_at_once_are_coded_in_one_way_or_another(large):
    """Where compression is busy, what was compressed at publish time stands in: the same document."""
    users = [{**LARGE_USER, "id": f"u{number}", "age": number} for number in range(40)]
    plain = [large.document(user).body for user in users]
    codings = ["gzip", "zstd", "br", "gzip, br, zstd"] * 10
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for _ in range(2):
            answers = pool.map(lambda pair: large.document(pair[0], f"Accept-Encoding: {pair[1]}"), zip(users, codings))
            for expected, answer in zip(plain, answers):
                assert decoded(answer) == expected
