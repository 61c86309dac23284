"""What clients must not send: a clear 4xx for the one, settings as ever for the others, and never a 5xx."""

import concurrent.futures
import gzip
import json
import random
import re
import time
from urllib.parse import quote

import pytest

from raw_client import RawClient, request
from settings_projects import GROUPS, ProjectMaker
from settings_under_test import JSON, parsed, running_node

MIB = 1 << 20
PEOPLE = {
    "greeting": {"defaultValue": "hello", "rules": [{"condition": {"country": "DE"}, "force": "hallo"}]},
    "named": {"defaultValue": "Dear {{name}}", "x-placeholders": True},
    "tried": {"defaultValue": 0, "rules": [{"key": "k", "variations": [1, 2]}]},
}


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture(scope="module")
def app(node):
    return node.app(PEOPLE)


def surfaces(app):
    """A way to send a body to each surface that takes one."""
    return [
        lambda raw, *fields: app.document(None, *fields, raw=raw),
        lambda raw, *fields: app.flags(None, *fields, raw=raw),
        lambda raw, *fields: app.flags(None, *fields, raw=raw, flag="greeting"),
        lambda raw, *fields: app.remote(None, *fields, raw=raw),
    ]


def assert_clear(answer, *statuses):
    """An error that says what is wrong, in the form of its surface."""
    assert answer.status in (statuses or (400,)), answer
    document = json.loads(answer.body)
    if answer["content-type"] == "application/problem+json":
        assert document["status"] == answer.status and document["title"] and document["detail"]
    else:
        assert document["errorCode"] and document["errorDetails"]
    assert len(answer.body) < 2000


def wrapped(attributes):
    """The same attributes for each surface."""
    context = attributes.replace("{", '{"targetingKey":"u",', 1) if attributes != "{}" else '{"targetingKey":"u"}'
    return [attributes, f'{{"context":{context}}}', f'{{"context":{context}}}', f'{{"attributes":{attributes}}}']


# Malformed


@pytest.mark.parametrize("raw", [
    b"{", b"}", b"[", b'{"a"', b'{"a":}', b'{"a":1,}', b"{'a':1}", b'{"a":01}', b'{"a":+1}', b'{"a":.5}', b'{"a":1.}',
    b'{"a":NaN}', b'{"a":Infinity}', b'{"a":0x10}', b'{"a":"\n"}', b'{"a":"\\x"}', b'{"a":"\\u12"}', b'{"a":tru}',
    b"{}{}", b"{} x", b"\xef\xbb\xbf{}", b" ", b"\x00", b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xc0\xaf"}',
    b'{"\xf5\x80\x80\x80":1}', b"/* */{}", b'{"a":1 "b":2}', b"<xml/>", b'{"a":"\x01"}', '{"a":1}'.encode("utf-16"),
    '{"a":1}'.encode("utf-32-le"),
])
def test_what_is_not_json_is_refused(app, raw):
    for send in surfaces(app):
        answer = send(raw)
        assert_clear(answer)
        if answer["content-type"] == "application/json":
            assert json.loads(answer.body)["errorCode"] == "PARSE_ERROR"


@pytest.mark.parametrize("raw", [b"[]", b"null", b"1", b'"x"', b"true", b"[{}]"])
def test_what_is_no_object_is_refused(app, raw):
    for send in surfaces(app):
        assert_clear(send(raw))


def test_wrong_types_are_refused_by_name(app):
    for name, values in {
        "attributes": ["1", '"x"', "[]", "true"], "forcedVariations": ["1", "[]", '"x"'],
        "url": ["1", "[]", "{}", "true"],
        "forcedFeatures": ["1", '"x"', "[1]", '[["a"]]', "[[1,2]]", '[["a",1,2]]', "[null]"],
    }.items():
        for value in values:
            answer = app.remote(raw=f'{{"{name}":{value}}}')
            assert_clear(answer)
            assert name in json.loads(answer.body)["detail"]
    for value in ("1", '"x"', "[]", "true", "null"):
        assert_clear(app.flags(raw=f'{{"context":{value}}}'))
    for value in ("1", "true", "null", '""', "[]", "{}"):
        answer = app.flags(raw=f'{{"context":{{"targetingKey":{value}}}}}')
        assert_clear(answer)
        assert json.loads(answer.body)["errorCode"] == "TARGETING_KEY_MISSING"
    for raw in ("{}", '{"context":{}}', ""):
        for flag in ("", "greeting"):
            answer = app.flags(raw=raw, flag=flag)
            assert_clear(answer)
            assert json.loads(answer.body)["errorCode"] == "TARGETING_KEY_MISSING"


def test_an_envelope_is_told_from_attributes(app):
    """An attribute may be called `attributes` as long as it is no object."""
    assert app.values({"attributes": 1, "country": "DE"})["greeting"] == "hallo"
    assert app.values({"attributes": {"country": "DE"}})["greeting"] == "hallo"
    for odd in ({"forcedVariations": {"k": "x"}}, {"forcedVariations": {"k": 1e300}}, {"forcedVariations": {"k": -1}},
                {"forcedVariations": {"k": {}}}, {"forcedVariations": {"k": 0.5}}, {"forcedFeatures": {"unknown": 1}}):
        assert app.values({"attributes": {"country": "DE", "id": "u"}, **odd})["greeting"] == "hallo"


def test_values_that_only_javascript_could_love_are_taken(app):
    """Lone surrogates, huge numbers, repeated names: JSON allows them, so a user who sends them gets settings."""
    for attributes in ('{"id":"\\ud800","name":"\\udfff"}', '{"id":1e999,"country":-1e999}', '{"id":"a","id":"b"}',
                       '{"":1,"\\u0000":2}', '{"id":12345678901234567890123456789}', '{"__proto__":{"country":"DE"}}',
                       '{"id":null,"country":["DE"]}', '{"id":{"toString":1}}', '{"constructor":1,"hasOwnProperty":1}',
                       '{"id":"' + "x" * 200_000 + '"}', '{"name":"\\ud83d"}'):
        for send, raw in zip(surfaces(app), wrapped(attributes)):
            answer = send(raw)
            parsed(answer)


# Large


def test_deep_nesting_is_refused(app):
    for depth, statuses in ((30, (200,)), (200, (400,)), (100_000, (400,))):
        for opening, closing in (('{"a":', "}"), ("[", "]")):
            nested = opening * depth + "1" + closing * depth
            for send, raw in zip(surfaces(app), wrapped(f'{{"x":{nested}}}')):
                answer = send(raw)
                assert answer.status in statuses, (depth, answer)
    assert_clear(app.document(raw="[" * 500_000))


def test_too_many_attributes_are_refused(app):
    for count, statuses in ((1000, (200, 400)), (10_000, (400,)), (50_000, (400,))):
        attributes = "{" + ",".join(f'"a{index}":{index}' for index in range(count)) + "}"
        for send, raw in zip(surfaces(app), wrapped(attributes)):
            answer = send(raw)
            assert answer.status in statuses, (count, answer)
            if answer.status == 400:
                assert_clear(answer)
    # One attribute with many elements is bounded too.
    assert app.document(raw='{"x":[' + "1," * 200_000 + "1]}").status in (200, 400)


def test_bodies_of_ten_megabytes_are_refused_before_they_are_read(node, app):
    for path, fields in ((f"/v1/settings/{app.name}", ()), ("/ofrep/v1/evaluate/flags", (f"X-API-Key: {app.name}",)),
                         (f"/api/eval/{app.name}", ())):
        with RawClient(node.address) as client:
            client.send(f"POST {path} HTTP/1.1\r\nHost: x\r\n{JSON}\r\n".encode()
                        + b"".join(f"{field}\r\n".encode() for field in fields) + b"Content-Length: 10485760\r\n\r\n{")
            answer = client.response("POST")
            assert_clear(answer, 413)
        with RawClient(node.address) as client:
            client.send(f"POST {path} HTTP/1.1\r\nHost: x\r\n{JSON}\r\n".encode()
                        + b"".join(f"{field}\r\n".encode() for field in fields) + b"Transfer-Encoding: chunked\r\n\r\n")
            try:
                for _ in range(10):
                    client.send(b"100000\r\n" + b" " * MIB + b"\r\n")
            except (ConnectionResetError, BrokenPipeError):
                pass
            answer = client.response("POST", may_be_cut=True)
            assert answer.status in (413, 0)
    before = node.resident_bytes()
    body = b" " * (10 * MIB)
    for _ in range(5):
        with RawClient(node.address) as client:
            try:
                client.send(request(f"/v1/settings/{app.name}", JSON, method="POST", body=body))
            except (ConnectionResetError, BrokenPipeError):
                pass
            assert client.response("POST", may_be_cut=True).status in (413, 0)
    assert node.resident_bytes() - before < 60 * MIB


def test_a_body_just_within_the_limit_is_taken(app):
    assert app.document(raw='{"x":"' + "a" * (MIB - 8) + '"}').status == 200
    assert_clear(app.document(raw='{"x":"' + "a" * MIB + '"}'), 413)


# Media types and field values


@pytest.mark.parametrize("media, statuses", [
    ("application/json", (200,)), ("APPLICATION/JSON; charset=UTF-8", (200,)), ("application/problem+json", (200,)),
    ('application/json;charset="utf-8"', (200,)), ("application/json;;", (200, 415)),
    *[(media, (415,)) for media in (
        "text/plain", "text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/xml", "application/json; charset=utf-16", "json", "application/", "/", ";", "application/jsonp",
        "é" * 10, "a" * 3000)],
    ("application/json, text/plain", (415, 200)),
])
def test_media_types(node, app, media, statuses):
    for path in (f"/v1/settings/{app.name}", f"/api/eval/{app.name}", "/ofrep/v1/evaluate/flags"):
        body = '{"context":{"targetingKey":"u"}}' if "ofrep" in path else "{}"
        answer = node.ask(path, f"X-API-Key: {app.client_key}" if "ofrep" in path else "X-Nothing: 1", body=body,
                          media=f"Content-Type: {media}")
        assert answer.status in statuses, answer
        if answer.status == 415:
            assert_clear(answer, 415)


def test_encoded_bodies_are_refused(app):
    for coding in ("gzip", "br", "zstd", "x", "gzip, gzip"):
        for send in surfaces(app):
            assert_clear(send(gzip.compress(b"{}"), f"Content-Encoding: {coding}"), 415)


def test_odd_field_values_are_of_no_consequence(app):
    expected = app.values({})
    for name in ("If-None-Match", "Vitrine-State", "Accept-Encoding", "Available-Dictionary", "traceparent", "Origin",
                 "Cookie", "Range", "X-Forwarded-Proto", "If-Modified-Since", "If-Match", "Accept", "Authorization"):
        for value in ("", "*" * 500, '"' * 99, ",,,", ";=", "é", "\\", "00-x-y-z", "bytes=0-1", "%ff", ":::", "W/",
                      "-1"):
            answer = app.document({}, f"{name}: {value}")
            assert answer.status in (200, 304, 400, 401, 403, 412), (name, value, answer)
            if answer.status == 200 and "content-encoding" not in answer.fields:
                assert json.loads(answer.body) == expected, (name, value)


def test_names_of_flags_are_taken_as_they_come(node):
    names = ["a/b", "a b", "é", "e\u0301", "%", "a?b", "..", "", "x" * 500, "🌷", "a#b", "\\", "+"]
    app = node.app({name: {"defaultValue": index} for index, name in enumerate(names) if name})
    for index, name in enumerate(names):
        if not name or name == "..":
            continue
        answer = app.flags({"targetingKey": "u"}, flag=quote(name, safe=""))
        assert parsed(answer)["value"] == index, name
        assert parsed(answer)["key"] == name
    for flag in ("%00", "%ff", "%zz", "%", "x" * 5000, "%2e%2e%2f", "constructor"):
        answer = app.flags({"targetingKey": "u"}, flag=flag)
        assert 400 <= answer.status < 500, (flag, answer)


# Patterns


PATHOLOGICAL = [r"^(a+)+$", r"^(a|a)*$", r"^(a|aa)+$", r"(x+x+)+y", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(.*)*\1\1z",
                r"^(a?){40}a{40}$", r"(?=(a+))a*b\1", r"^((a*)*)*$", r"(?:a|b|ab)*c", r"(\w+\s?)*$", r"^(?!(a+)+$)",
                r"([a-z]+)*\d{20,}", r"(((((a*)*)*)*)*)*b", r"(?<=(a+)+)b", r"(a*)*\b!"]
HOSTILE = ["a" * 30_000 + "!", "x" * 30_000, "ab" * 15_000, "a" * 40, " " * 20_000 + "!", "aB" * 10_000, "𝒶" * 10_000]


def test_patterns_take_bounded_time(node):
    """Refused at publish, or matched in a time that depends on the length only."""
    taken = []
    for index, pattern in enumerate(PATHOLOGICAL):
        text = json.dumps({"features": {"a": {"defaultValue": 0, "rules": [
            {"condition": {"v": {"$regex": pattern}}, "force": 1},
            {"condition": {"w": {"$elemMatch": {"$regexi": pattern}}}, "force": 2}]}, "b": {"defaultValue": "b"}}})
        status, document = node.admin_call(f"/admin/settings/pattern-{index}", text)
        assert status == 201 or "a" in json.dumps(document), document
        if status == 201:
            taken.append(f"pattern-{index}")
    assert len(taken) > 5
    for name in taken:
        for value in HOSTILE:
            begun = time.monotonic()
            answer = node.ask(f"/v1/settings/{name}", body=json.dumps({"v": value, "w": [value[:2000]] * 5}))
            elapsed = time.monotonic() - begun
            assert parsed(answer)["b"] == "b"
            assert elapsed < 5, (name, PATHOLOGICAL[int(name[8:])], value[:3], elapsed)


def test_many_patterns_and_one_long_text_take_bounded_time(tmp_path):
    """What one request may cost does not grow with patterns times text: harmless patterns, a hostile user."""
    with running_node(tmp_path) as node:
        app = node.app({f"f{index}": {"defaultValue": index, "rules": [
            {"condition": {"v": {"$regex": f"^(a|aa)+$|zz{index}"}}, "force": -1}]} for index in range(100)})
        for attribute in ("a" * (MIB - 20) + "!", ["a" * 1000 + "!"] * 900):
            begun = time.monotonic()
            assert len(parsed(app.document({"v": attribute}))) == 100
            assert time.monotonic() - begun < 15


def test_hostile_users_do_not_slow_down_others(node):
    """While some send what is dearest to match, others get their settings."""
    dear = node.app({f"f{index}": {"defaultValue": 0, "rules": [
        {"condition": {"v": {"$regex": pattern}}, "force": 1}]} for index, pattern in enumerate(
            [r"^(a+)+$", r"^(a|aa)+$", r"(\w+\s?)*$"])})
    body = json.dumps({"v": "a" * 30_000 + "!"})
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        hostile = [pool.submit(lambda: dear.document(raw=body).status) for _ in range(16)]
        slowest = 0
        for _ in range(20):
            begun = time.monotonic()
            assert dear.document({}).status == 200
            slowest = max(slowest, time.monotonic() - begun)
        assert {future.result() for future in hostile} == {200}
    assert slowest < 8, slowest


# Fuzz


SEEDS = [
    '{"id":"u1","country":"DE","age":30,"tags":["a","b"],"company":{"size":7}}',
    '{"attributes":{"id":"u1","country":"DE"},"forcedVariations":{"experiment-1":1},"forcedFeatures":[["bool-1",true]],'
    '"url":"https://x.example/?experiment-1=1"}',
    '{"context":{"targetingKey":"u1","country":"DE","version":"1.2.3"}}',
    '{"id":"\\ud83c\\udf37","name":"\\u0000","n":-0.0e-5,"x":[[[{}]],null,true]}',
]
PIECES = [b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\\u", b"\\ud800", b"null", b"1e999", b"-", b"\xff",
          b"\xf0\x9f",
          b"\x00", b" " * 50, b'"id":', b'"__proto__":', b"[" * 70, b"9" * 400, b'"attributes":', b'"context":',
          b"{{", b"}}"]


def mutated(pick):
    body = bytearray(pick.choice(SEEDS).encode())
    for _ in range(pick.randrange(1, 6)):
        at = pick.randrange(len(body) + 1)
        kind = pick.randrange(5)
        if kind == 0:
            body[at:at] = pick.choice(PIECES)
        elif kind == 1:
            del body[at:at + pick.randrange(1, 12)]
        elif kind == 2 and at < len(body):
            body[at] = pick.randrange(256)
        elif kind == 3:
            start = pick.randrange(len(body) + 1)
            body[at:at] = body[start:start + pick.randrange(1, 30)]
        else:
            body[at:at] = re.sub(rb"[^\x20-\x7e]", b"", pick.randbytes(8))
    return bytes(body)


def odd_value(pick, depth=3):
    kind = pick.randrange(8 if depth else 6)
    if kind == 6:
        return [odd_value(pick, depth - 1) for _ in range(pick.randrange(4))]
    if kind == 7:
        names = pick.choices(["", "a", "$in", "id", "size"], k=pick.randrange(3))
        return {name: odd_value(pick, depth - 1) for name in names}
    return pick.choice([None, True, "", "\ud800", "9" * 30, -1, 1e308, 0.1, 2 ** 70, "{{id}}", "DE", "1.2.3",
                        "a" * 300, 7])


def odd_but_valid(pick):
    """JSON with values of every type where rules expect others."""
    user = {name: odd_value(pick) for name in ("id", "country", "age", "tags", "version", "email", "name", "premium",
                                               "company")}
    user["targetingKey"] = "u1"
    body = {"context": user, "attributes": user}
    if pick.random() < 0.3:
        body["forcedFeatures"] = {name: odd_value(pick) for name in ("greeting", "named", "bool-1", "unknown")}
        body["forcedVariations"] = {"experiment-1": odd_value(pick), "k": odd_value(pick)}
        body["url"] = pick.choice(["", "x", "?k=1", "?k=99999999999999999999", "https://x/?k=%ff&k=0",
                                   "?" + "k=1&" * 300])
    return json.dumps(body).encode()


def test_thousands_of_broken_bodies_do_no_harm(node):
    maker = ProjectMaker(31)
    features = {**maker.features(40), **PEOPLE}
    app = node.app(features, savedGroups=GROUPS)
    expected = app.values({"id": "u1", "country": "DE"})
    paths = [(f"/v1/settings/{app.name}", ""), (f"/api/eval/{app.client_key}", ""),
             ("/ofrep/v1/evaluate/flags", f"X-API-Key: {app.client_key}\r\n"),
             ("/ofrep/v1/evaluate/flags/greeting", f"X-API-Key: {app.client_key}\r\n")]
    state = app.document({})["vitrine-state"]
    pick = random.Random(20)
    statuses = {}
    with RawClient(node.address) as client:
        for number in range(4000):
            path, field = pick.choice(paths)
            body = odd_but_valid(pick) if pick.random() < 0.4 else mutated(pick)
            extra = field
            if number % 5 == 0:
                broken = state[:pick.randrange(len(state))] + pick.choice("AZ-_09") + state[pick.randrange(len(state)):]
                extra += f"Vitrine-State: {broken}\r\nAccept-Encoding: {pick.choice(['gzip', 'br', 'zstd', '*'])}\r\n"
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{JSON}\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
            client.send(head.encode() + body)
            answer = client.response("POST")
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
            assert answer.status in (200, 400), (path, body, answer)
            if answer["content-encoding"] is None:
                json.loads(answer.body)
            if answer.status == 200 and path.startswith("/v1") and "vitrine-delta" not in answer.fields \
                    and "content-encoding" not in answer.fields:
                assert json.loads(answer.body).keys() == expected.keys()
    assert statuses[200] > 400 and statuses[400] > 400, statuses
    assert app.values({"id": "u1", "country": "DE"}) == expected
    assert not [line for line in node.lines if line.get("level") in ("error", "critical")]
