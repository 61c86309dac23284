"""What is wrong with a features file is said with the setting and the rule, and changes nothing."""

import itertools
import json

import pytest

from publishing import Publisher, project, running, serves, with_rules
from raw_client import RawClient, request
from running_server import TOKEN, run

APPS = itertools.count(1)


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    with running(Publisher(tmp_path_factory.mktemp("origin"))) as server:
        yield server


@pytest.fixture
def app(origin):
    """An app with number 1 in force; whatever a test does, it has to be there afterwards."""
    name = f"app-{next(APPS)}"
    key = origin.publish(name, project(color="red"))["clientKey"]
    serves(origin, name, key, "color", "red")
    before = origin.stored()
    yield name
    assert origin.stored() == before, "an invalid publish leaves nothing behind"
    answer = origin.ask(name, key)
    assert answer.json() == {"color": "red"} and ";number=1;" in answer.headers["Vitrine-Settings"]


def refused(origin, app, document):
    """The issues of a publish that has to be refused."""
    answer = origin.publish(app, document, expect=422)
    assert answer["type"].endswith("/settings-invalid")
    errors = [issue for issue in answer["issues"] if issue["severity"] == "error"]
    assert errors and all(issue["message"] for issue in errors)
    return errors


EXPERIMENT = {"variations": ["a", "b"]}
RULES = {
    "weights that do not add up": ({**EXPERIMENT, "weights": [0.5, 0.9]}, "weights"),
    "negative weights": ({**EXPERIMENT, "weights": [-0.5, 1.5]}, "weights"),
    "too few weights": ({**EXPERIMENT, "weights": [1]}, "weights"),
    "weights of text": ({**EXPERIMENT, "weights": ["0.5", "0.5"]}, "weights"),
    "weights that are no list": ({**EXPERIMENT, "weights": 1}, "weights"),
    "one variation": ({"variations": ["a"]}, "variations"),
    "variations that are no list": ({"variations": "ab"}, "variations"),
    "coverage over 1": ({**EXPERIMENT, "coverage": 1.01}, "coverage"),
    "coverage of text": ({"force": "x", "coverage": "half"}, "coverage"),
    "a hash version of the future": ({**EXPERIMENT, "hashVersion": 3}, "hashVersion"),
    "ranges the wrong way round": ({**EXPERIMENT, "ranges": [[0.5, 0], [0.5, 1]]}, "ranges"),
    "too few ranges": ({**EXPERIMENT, "ranges": [[0, 1]]}, "ranges"),
    "a range for a forced value": ({"force": "x", "range": [0, 2]}, "range"),
    "a namespace without an end": ({**EXPERIMENT, "namespace": ["n", 0]}, "namespace"),
    "filters that are no list": ({"force": "x", "filters": {}}, "filters"),
    "a filter without a seed": ({"force": "x", "filters": [{"ranges": [[0, 1]]}]}, "filters.0.seed"),
    "a filter with bad ranges": ({"force": "x", "filters": [{"seed": "s", "ranges": [[0]]}]}, "filters.0.ranges"),
    "a hash attribute that is a number": ({**EXPERIMENT, "hashAttribute": 5}, "hashAttribute"),
    "a seed that is a list": ({**EXPERIMENT, "seed": []}, "seed"),
    "a condition that is a list": ({"force": "x", "condition": [1]}, "condition"),
    "an unknown operator": ({"force": "x", "condition": {"age": {"$above": 3}}}, "condition.age"),
    "an unknown operator on top": ({"force": "x", "condition": {"$xor": []}}, "condition"),
    "an unknown operator far inside": ({"force": "x", "condition": {"$and": [{"$or": [{"a": {"$not": {"$nee": 1}}}]}]}},
                                       "condition.$and"),
    "$in without a list": ({"force": "x", "condition": {"country": {"$in": "FR"}}}, "condition.country"),
    "$and without a list": ({"force": "x", "condition": {"$and": {"a": 1}}}, "condition.$and"),
    "$exists without true or false": ({"force": "x", "condition": {"a": {"$exists": "yes"}}}, "condition.a"),
    "a broken regular expression": ({"force": "x", "condition": {"ua": {"$regex": "(unclosed"}}}, "condition.ua"),
    "a regular expression of a number": ({"force": "x", "condition": {"ua": {"$regex": 5}}}, "condition.ua"),
    "a look-behind": ({"force": "x", "condition": {"ua": {"$regex": "(a)\\1(?<=b"}}}, "condition.ua"),
    "an unknown group": ({"force": "x", "condition": {"id": {"$inGroup": "nobody"}}}, "condition.id"),
    "an unknown prerequisite": ({"force": "x", "parentConditions": [{"id": "nothing", "condition": {}}]},
                                "parentConditions.0.id"),
    "a prerequisite without a name": ({"force": "x", "parentConditions": [{"condition": {}}]}, "parentConditions.0.id"),
    "a prerequisite's bad condition": ({"force": "x", "parentConditions": [
        {"id": "good", "condition": {"value": {"$is": 1}}}]}, "parentConditions.0.condition"),
    "prerequisites that are no list": ({"force": "x", "parentConditions": {}}, "parentConditions"),
    "a schedule without times": ({"force": "x", "x-schedule": {"from": "soon"}}, "x-schedule"),
    "a schedule that ends before it begins": ({"force": "x", "x-schedule": {
        "from": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"}}, "x-schedule"),
    "a kill switch of text": ({"force": "x", "x-kill": "yes"}, "x-kill"),
}


@pytest.mark.parametrize("wrong, field", RULES.values(), ids=RULES)
def test_an_error_names_the_setting_and_the_rule(origin, app, wrong, field):
    document = with_rules("checkout", {"force": "first"}, {"force": "second", "condition": {"a": 1}}, wrong)
    errors = refused(origin, app, document)
    assert {(issue.get("feature"), issue.get("rule")) for issue in errors} == {("checkout", 2)}, errors
    assert any((issue.get("field") or "").startswith(field) for issue in errors), errors


@pytest.mark.parametrize("rule", [5, "x", None, [], True])
def test_a_rule_that_is_no_object(origin, app, rule):
    errors = refused(origin, app, with_rules("checkout", {"force": 1}, rule))
    assert {(issue["feature"], issue["rule"]) for issue in errors} == {("checkout", 1)}, errors


@pytest.mark.parametrize("setting", [5, "x", None, [], True, {"defaultValue": 1, "rules": {}},
                                     {"defaultValue": 1, "rules": "none"}, {"defaultValue": 1, "x-kill": 1},
                                     {"defaultValue": 1, "x-owner": 5}, {"defaultValue": 1, "x-placeholders": "on"}])
def test_a_setting_that_is_none(origin, app, setting):
    errors = refused(origin, app, {"features": {"good": {"defaultValue": 1}, "bad one": setting}})
    assert {issue.get("feature") for issue in errors} == {"bad one"}
    assert all("rule" not in issue or issue["rule"] is None for issue in errors)


WHOLE = {
    "nothing": (b"", 400), "a space": (b" ", 422), "no JSON": (b"features: {}", 422),
    "cut off": (b'{"features":{', 422),
    "a comma too many": (b'{"features":{"a":{"defaultValue":1,}}}', 422), "two documents": (b'{"features":{}}{}', 422),
    "bytes that are no UTF-8": (b'{"features":{"a":{"defaultValue":"\xff"}}}', 422),
    "a list": (b"[]", 422), "null": (b"null", 422), "no features": (b"{}", 422), "features of text": (
        b'{"features":"all"}', 422), "a list of features": (b'{"features":[]}', 422),
    "groups that are no object": (b'{"features":{},"savedGroups":[]}', 422),
    "a group that is no list": (b'{"features":{},"savedGroups":{"g":"1"}}', 422),
    "a number that is none": (b'{"features":{"a":{"defaultValue":01}}}', 422),
    "NaN": (b'{"features":{"a":{"defaultValue":NaN}}}', 422),
    "a byte order mark and rubbish": (b"\xef\xbb\xbf{", 422),
    "an escape that is none": (b'{"features":{"a":{"defaultValue":"\\x"}}}', 422),
    "100,000 lists in each other": (b'{"features":{"a":{"defaultValue":' + b"[" * 100_000 + b"]" * 100_000 + b"}}}",
                                    422),
    "100,000 objects in each other": (b'{"features":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}", 422),
    "an empty name": (b'{"features":{"":{"defaultValue":1}}}', 422),
    "a name of 10,000 characters": (b'{"features":{"' + b"n" * 10_000 + b'":{"defaultValue":1}}}', 422),
}


@pytest.mark.parametrize("document, status", WHOLE.values(), ids=WHOLE)
def test_a_file_that_is_none(origin, app, document, status):
    answer = origin.call("POST", f"/{app}", data=document)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json" and answer.json()["detail"]


def test_where_the_json_breaks_is_said(origin, app):
    document = b'{\n "features": {\n  "a": {"defaultValue": 1}\n  "b": {"defaultValue": 2}\n }\n}\n'
    (issue,) = refused(origin, app, document)
    assert "line 4" in issue["message"], issue


@pytest.mark.parametrize("document, feature, field, line", [
    (b'{"features":{"a":{"defaultValue":1},\n"a":{"defaultValue":2}}}', None, "a", 2),
    (b'{"features":{"a":{"defaultValue":1,\n\n"defaultValue":1}}}', "a", "defaultValue", 3),
    (b'{"features":{"a":{"rules":[{"force":1},\n{"force":1,"condition":{"x":1,"\\u0078":2}}],"defaultValue":1}}}', "a",
     "rules.1.condition.x", 2),
    (b'{"features":{},"features":{}}', None, "features", 1),
    (b'{"savedGroups":{"g":[],"g":[]},"features":{}}', None, "savedGroups.g", 1),
])
def test_a_key_that_is_there_twice(origin, app, document, feature, field, line):
    (issue,) = refused(origin, app, document)
    assert "twice" in issue["message"] and f"line {line}" in issue["message"], issue
    if field == "rules.1.condition.x":
        assert (issue["feature"], issue.get("rule")) == ("a", 1), "the rule is known: " + json.dumps(issue)
    else:
        assert issue.get("feature") in (feature, field), issue
        assert issue["field"].split(".")[-1] == field.split(".")[-1], issue


def ring(*names):
    return {"features": {"good": {"defaultValue": 1}, **{
        name: {"defaultValue": 1, "rules": [
            {"force": 0}, {"force": 2, "parentConditions": [{"id": after, "condition": {"value": 1}}]}]}
        for name, after in zip(names, names[1:] + names[:1])}}}


@pytest.mark.parametrize("names", [("self",), ("one", "two"), tuple(f"n{index}" for index in range(40))])
def test_prerequisites_in_a_circle(origin, app, names):
    errors = refused(origin, app, ring(*names))
    circle = [issue for issue in errors if "circle" in issue["message"]]
    assert len(circle) == 1 and circle[0]["feature"] in names
    assert all(name in circle[0]["message"] for name in names)


def test_a_long_chain_of_prerequisites(origin, app):
    """32 are allowed; 5,000 neither crash nor publish."""
    def chain(count):
        features = {"p0": {"defaultValue": True}}
        for index in range(1, count + 1):
            features[f"p{index}"] = {"defaultValue": 1, "rules": [
                {"force": 2, "parentConditions": [{"id": f"p{index - 1}", "condition": {"value": True}}]}]}
        return {"features": features}

    assert any("p5000" == issue["feature"] or "prerequisite" in issue["message"]
               for issue in refused(origin, app, chain(5000)))
    assert origin.call("POST", f"/{app}", params={"dry-run": 1}, json=chain(32)).status_code == 200


def test_all_errors_are_said_at_once_and_a_flood_is_cut(origin, app):
    document = with_rules("one", {**EXPERIMENT, "weights": [2, 2], "coverage": 7},
                          two={"defaultValue": 1,
                               "rules": [{"force": 1}, {"force": 2, "condition": {"a": {"$no": 1}}}]})
    found = {(issue["feature"], issue["rule"], issue["field"].split(".")[0])
             for issue in refused(origin, app, document)}
    assert found == {("one", 0, "weights"), ("one", 0, "coverage"), ("two", 1, "condition")}
    flood = {"features": {f"f{index}": {"defaultValue": 1, "rules": [{"variations": []}]} for index in range(5000)}}
    assert 100 <= len(refused(origin, app, flood)) <= 1000


def test_regular_expressions_that_take_for_ever_elsewhere_do_not_here(origin, app):
    """Published or refused, in bounded time, and the same for evaluation."""
    patterns = ["(a+)+$", "(a|aa)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "a{1,1000}{1,1000}",
                "(" * 2000 + ")" * 2000, "x" * 100_000]
    for pattern in patterns:
        document = with_rules("f", {"force": "x", "condition": {"ua": {"$regex": pattern}}})
        answer = origin.call("POST", f"/{app}", params={"dry-run": 1}, json=document, timeout=20)
        assert answer.status_code in (200, 422), answer.text


def test_a_regular_expression_is_matched_in_bounded_time(origin):
    rule = {"force": "x", "condition": {"ua": {"$regex": "(a+)+$"}}}
    key = origin.publish("patterns", with_rules("f", rule))["clientKey"]
    serves(origin, "patterns", key, "f", "a")
    answer = origin.ask("patterns", key, ua="a" * 50_000 + "!")
    assert answer.status_code == 200 and answer.elapsed.total_seconds() < 5 and answer.json()["f"] == "a"


def test_warnings_are_said_and_do_not_stop_a_publish(origin):
    answer = origin.publish("warned", {"features": {"a": {"rules": [{}]}}})
    warnings = [(issue["severity"], issue["feature"], issue.get("rule")) for issue in answer["warnings"]]
    assert ("warning", "a", 0) in warnings and ("warning", "a", None) in warnings


# On the command line

def test_the_commands_name_rules_as_people_count(origin, app, tmp_path):
    file = tmp_path / "features.json"
    file.write_text(json.dumps(with_rules("checkout", {"force": 1}, {**EXPERIMENT, "weights": [0.5, 0.9]})))
    checked = run("settings", "validate", file, check=False)
    assert checked.returncode == 1 and 'feature "checkout", rule 2, weights' in checked.stdout, checked
    published = origin.command("publish", "--app", app, file)
    assert published.returncode == 1 and 'feature "checkout", rule 2, weights' in published.stderr, published
    listed = json.loads(run("settings", "validate", "--json", file, check=False).stdout)
    assert (listed[0]["feature"], listed[0]["rule"], listed[0]["field"]) == ("checkout", 1, "weights")
    file.write_text('{"features": {"a": {"defaultValue": 1}}}')
    good = run("settings", "validate", file)
    assert "can be published" in good.stdout
    file.write_bytes(b"")
    assert run("settings", "validate", file, check=False).returncode == 1


# Sizes

LIMIT = 64 << 20


def test_a_body_that_says_it_is_beyond_the_limit_is_refused(origin, app):
    """At once: the client need not send 64 MiB to learn it."""
    with RawClient(origin.addresses["admin"]) as client:
        client.send(f"POST /admin/settings/{app} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
                    f"Content-Length: {LIMIT + 1}\r\n\r\n".encode() + b"{")
        client.socket.settimeout(10)
        start = client.socket.recv(4096)
    assert start.startswith(b"HTTP/1.1 413"), start


def test_a_body_without_a_length_ends_at_the_limit(origin, app):
    def pieces():
        for _ in range(65):
            yield b" " * (1 << 20)

    answer = origin.call("POST", f"/{app}", data=pieces())
    assert answer.status_code == 413, answer.text


def test_a_file_beyond_the_limit_is_refused_by_the_commands(origin, app, tmp_path):
    file = tmp_path / "large.json"
    with file.open("wb") as out:
        out.truncate(LIMIT + 1)
    for done in (run("settings", "validate", file, check=False), origin.command("publish", "--app", app, file)):
        assert done.returncode == 1 and str(LIMIT) in done.stderr, done


def test_a_body_that_breaks_off_publishes_nothing(origin, app):
    whole = json.dumps(project(color="blue")).encode()
    with RawClient(origin.addresses["admin"]) as client:
        client.send(request(f"/admin/settings/{app}", f"Authorization: Bearer {TOKEN}", method="POST", body=whole,
                            host="localhost")[:-1])
        client.socket.shutdown(1)
        answer = client.socket.recv(4096)
    assert not answer.startswith(b"HTTP/1.1 2"), answer
    assert origin.number(app) == 1
