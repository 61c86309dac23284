"""Apps are isolated from one another; client keys see values only; methods, preflights and errors of each surface."""

import json
import urllib.request

import pytest

from edge_under_test import eventually

from settings_under_test import flag_values, parsed, running_node

SECRETS = ["secret-country", "secret-default", "secret-variation", "secret-force", "secret-rule-id", "secret-seed",
           "secret-namespace", "secret-group-member", "secret-group", "secret-attribute", "secret-owner",
           "secret-comment",
           "secret-parent", "secret-pattern", "secret-experiment-without-user", "secret-description", "secret-filter"]

#: What the user of these tests gets of it is "shown" everywhere.
GUARDED = {
    "forced": {"defaultValue": "secret-default", "x-owner": "secret-owner", "description": "secret-description",
               "rules": [
        {"id": "secret-rule-id", "condition": {"country": "secret-country"}, "force": "secret-force"},
        {"condition": {"secret-attribute": {"$regex": "secret-pattern.*"}}, "force": "secret-force"},
        {"condition": {"id": {"$inGroup": "secret-group"}}, "force": "secret-force"},
        {"condition": {"country": "DE"}, "force": "shown"},
        {"force": "secret-force"}]},
    "tried": {"defaultValue": "secret-default", "rules": [
        {"key": "secret-experiment-without-user", "condition": {"country": "AM"},
         "variations": ["secret-variation", "x"]},
        {"key": "known", "variations": ["secret-variation", "shown"], "weights": [0, 1], "seed": "secret-seed",
         "hashVersion": 2, "namespace": ["secret-namespace", 0, 1],
         "filters": [{"seed": "secret-filter", "ranges": [[0, 1]], "hashVersion": 2}]}]},
    "secretly-gated": {"defaultValue": "shown", "rules": [
        {"parentConditions": [{"id": "forced", "condition": {"value": "secret-parent"}}], "force": "secret-force"}]},
}
USER = {"id": "u1", "country": "DE"}


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("tenants"), unsafe=False) as running:
        yield running


@pytest.fixture(scope="module")
def unsafe_node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("unsafe")) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(node):
    return node.app(GUARDED, savedGroups={"secret-group": ["secret-group-member"]})


def everything_of(response):
    return b"\r\n".join(f"{name}: {value}".encode("latin-1") for name, value in response.fields) + response.body


# What a client key sees


def test_a_client_key_never_sees_rules_or_other_variations(node, guarded):
    """Neither in any answer to it, errors included, nor in its event streams."""
    app = guarded
    assert app.values(USER) == {"forced": "shown", "tried": "shown", "secretly-gated": "shown"}
    context = {"targetingKey": "u1", **USER}
    state = app.document(USER)["vitrine-state"]
    answers = [
        app.document(USER), app.document(USER, f"Vitrine-State: {state}"), app.document({**USER, "id": "u2"}),
        app.flags(context), app.flags(context, flag="forced"), app.flags(context, flag="tried"),
        app.flags(context, flag="secretly-gated"), app.flags(context, flag="unknown"), app.flags({}),
        app.flags(raw="{"), app.document(raw="["), app.remote(raw="]"),
        app.remote({"attributes": USER}), app.remote({"attributes": USER, "forcedVariations": {"known": 1}}),
        app.features(key=app.client_key), app.features("If-None-Match: *", key=app.client_key),
        app.features(key=app.client_key, method="HEAD"), app.document(USER, 'If-None-Match: "x"'),
    ]
    assert [answer.status for answer in answers].count(200) >= 10
    for answer in answers:
        text = everything_of(answer)
        assert not [secret for secret in SECRETS if secret.encode() in text], (answer, answer.body)
    stream = parsed(app.flags(context))["eventStreams"][0]["url"].removeprefix(node.url)
    with node.events(f"/sub/{app.client_key}", "Last-Event-ID: 0") as sub, \
            node.events(stream, "Last-Event-ID: 0") as changes:
        for reader in (sub, changes):
            event = reader.next_with_data()
            assert not [secret for secret in SECRETS if secret in event.data], event.data


def test_a_server_key_sees_rules_but_not_our_own_members(guarded):
    app = guarded
    response = app.features()
    payload = parsed(response)
    for name, feature in GUARDED.items():
        rules = [{k: v for k, v in rule.items() if not k.startswith("x-")} for rule in feature.get("rules", [])]
        assert payload["features"][name]["rules"] == rules
    assert payload["savedGroups"] == {"secret-group": ["secret-group-member"]}
    assert b"secret-owner" not in response.body


def test_the_advertised_dictionary_shows_defaults_only(node, guarded):
    """Defaults are what a client ships anyway."""
    path = guarded.document(USER)["link"].split(">")[0].strip("<")
    text = everything_of(node.ask(path))
    assert not [secret for secret in SECRETS if secret != "secret-default" and secret.encode() in text]


# Whose key


def test_no_key_opens_another_app(node):
    one, other = node.app({"a": {"defaultValue": "one"}}), node.app({"a": {"defaultValue": "theirs"}})
    for key in (one.client_key, one.server_key):
        refused = other.document(USER, key=key)
        assert refused.status == 403 and json.loads(refused.body)["type"].endswith("key-of-another-app")
        assert b"theirs" not in everything_of(refused)
        assert flag_values(other.flags({"targetingKey": "u"}, key=key)) == {"a": "one"}
        assert parsed(other.remote({}, key=key))["features"]["a"]["defaultValue"] == "one"
        # The key in the path, as clients do that send no fields of their own.
        assert parsed(node.ask(f"/v1/settings/{key}", body="{}")) == {"a": "one"}
        mixed = node.ask(f"/v1/settings/{key}", f"X-API-Key: {other.client_key}", body="{}")
        assert mixed.status == 403
    dictionary = one.document({})["link"].split(">")[0].split("/")[-1]
    other_dictionary = other.document({})["link"].split(">")[0].split("/")[-1]
    assert node.ask(f"/v1/settings/{one.name}/dictionary/{dictionary}").status == 200
    assert node.ask(f"/v1/settings/{one.name}/dictionary/{other_dictionary}").status == 404


def test_unknown_and_malformed_keys_are_refused(node):
    app = node.app({"a": {"defaultValue": 1}})
    bad = ["vc_" + "0" * 32, app.client_key[:-1], app.client_key + "0", app.client_key.upper(), app.name, "vc_",
           "x" * 3000,
           app.client_key.replace("vc_", "vs_"), "%00", "..%2f.."]
    for key in bad:
        answers = [app.document({}, key=key), app.flags({"targetingKey": "u"}, key=key), app.remote({}, key=key),
                   app.features(key=key), node.ask(f"/sub/{key}"), node.ask(f"/ofrep/v1/events/{key}")]
        for answer in answers:
            assert answer.status in (401, 404), (key, answer)
            assert app.client_key.encode() not in answer.body
    assert node.ask(f"/v1/settings/{app.name}", body="{}").status == 401
    assert node.ask("/ofrep/v1/evaluate/flags", body="{}").status == 401
    for field in ("Authorization: Basic " + app.client_key, "Authorization: Bearer", "X-API-Key:"):
        assert node.ask("/ofrep/v1/evaluate/flags", field, body="{}").status == 401
    for field in ("authorization: bearer " + app.client_key, "AUTHORIZATION: Bearer   " + app.client_key):
        assert node.ask(f"/v1/settings/{app.name}", field, body="{}").status == 200


def test_in_unsafe_mode_the_name_is_a_key(unsafe_node):
    app = unsafe_node.app({"a": {"defaultValue": 1, "rules": [{"condition": {"x": 1}, "force": 2}]}})
    assert parsed(unsafe_node.ask(f"/v1/settings/{app.name}", body="{}")) == {"a": 1}
    assert flag_values(app.flags({"targetingKey": "u"}, key=app.name)) == {"a": 1}
    assert parsed(app.remote({}, key=app.name))["features"] == {"a": {"defaultValue": 1}}
    assert "rules" in parsed(app.features(key=app.name))["features"]["a"]
    # A client key remains one.
    assert app.features(key=app.client_key).status == 403
    unknown = unsafe_node.ask("/v1/settings/no-such-app", body="{}")
    assert unknown.status == 404 and json.loads(unknown.body)["type"].endswith("app-unknown")


@pytest.mark.parametrize("kind", ["client", "server"])
def test_keys_are_rotated(node, kind):
    app = node.app({"a": {"defaultValue": 1}})
    old = {"client": app.client_key, "server": app.server_key}[kind]
    spare = {"client": app.server_key, "server": app.client_key}[kind]
    during = app.rotate(kind, grace=3600)
    eventually(lambda: app.document({}, key=during).status == 200, "the new key")
    assert app.document({}, key=old).status == 200
    after = app.rotate(kind)
    eventually(lambda: app.document({}, key=after).status == 200, "the newest key")
    for key in (old, during):
        assert app.document({}, key=key).status == 401, "a key without grace counts no more"
        assert app.flags({"targetingKey": "u"}, key=key).status == 401
        assert app.remote({}, key=key).status == 401
        assert app.features(key=key).status == 401
    assert app.document({}, key=spare).status == 200
    assert len({old, during, after}) == 3


def test_limits_are_for_each_app(tmp_path):
    with running_node(tmp_path, "--settings-rate", "0.001", "--settings-burst", "10") as node:
        busy, idle = node.app({"a": {"defaultValue": 1}}), node.app({"a": {"defaultValue": 2}})
        answers = [busy.document({}) for _ in range(12)]
        assert answers[0].status == 200 and answers[-1].status == 429
        assert int(answers[-1]["retry-after"]) >= 1
        assert busy.flags({"targetingKey": "u"}).status == busy.remote({}).status == busy.features().status == 429
        assert idle.document({}).status == 200


def test_each_app_is_counted_on_its_own(node):
    app = node.app({"a": {"defaultValue": 1}})
    for _ in range(3):
        app.document({"x": 1})

    metrics = urllib.request.urlopen(node.admin + "/metrics", timeout=10).read().decode()
    line = f'vitrine_settings_requests_total{{app="{app.name}",outcome="whole",surface="document"}} '
    counted = [float(found.split(" ")[1]) for found in metrics.splitlines() if found.startswith(line)]
    assert counted and counted[0] >= 3
    assert app.client_key not in metrics and app.server_key not in metrics


# Methods and preflights


def paths(app):
    return {
        f"/v1/settings/{app.name}": "POST",
        "/ofrep/v1/evaluate/flags": "POST",
        "/ofrep/v1/evaluate/flags/a": "POST",
        f"/api/eval/{app.client_key}": "POST",
        f"/api/features/{app.server_key}": "GET",
        f"/sub/{app.client_key}": "GET",
        f"/v1/settings/{app.name}/dictionary/{'0' * 64}": "GET",
        f"/ofrep/v1/events/{'0' * 32}": "GET",
    }


def test_wrong_methods_are_told_the_right_ones(node):
    app = node.app({"a": {"defaultValue": 1}})
    for path, right in paths(app).items():
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"):
            if method == right or (method == "HEAD" and right == "GET"):
                continue
            body = "{}" if method in ("POST", "PUT", "PATCH") else None
            answer = node.ask(path, f"X-API-Key: {app.client_key}", method=method, body=body)
            assert answer.status in (405, 501), (method, path, answer)
            if answer.status == 405:
                assert right in answer["allow"] and "OPTIONS" in answer["allow"], (method, path)
            assert method != "HEAD" or answer.body == b""


def test_head_is_get_without_a_body(node):
    app = node.app({"a": {"defaultValue": "x" * 2000}})
    get, head = app.features(), app.features(method="HEAD")
    assert (head.status, head.body, head["etag"]) == (200, b"", get["etag"])
    # RFC 9110 §8.6: that of the answer to GET, or none.
    assert head["content-length"] in (None, str(len(get.body)))
    known = app.features(f'If-None-Match: {get["etag"]}')
    assert known.status == 304 and known["content-length"] in (None, str(len(get.body)))
    stream = node.ask(f"/sub/{app.client_key}", method="HEAD")
    assert stream.status == 200 and stream["content-type"] == "text/event-stream"


def test_pages_of_other_origins_may_ask(node):
    app = node.app({"a": {"defaultValue": 1}})
    for path, method in paths(app).items():
        preflight = node.ask(path, "Origin: https://shop.example", f"Access-Control-Request-Method: {method}",
                             "Access-Control-Request-Headers: content-type,x-api-key,vitrine-state,if-none-match",
                             method="OPTIONS")
        assert preflight.status in (200, 204) and preflight.body == b""
        assert preflight["access-control-allow-origin"] in ("*", "https://shop.example")
        assert method in preflight["access-control-allow-methods"]
        allowed = {name.strip().lower() for name in preflight["access-control-allow-headers"].split(",")}
        assert {"content-type", "x-api-key", "vitrine-state", "if-none-match"} <= allowed
        assert int(preflight["access-control-max-age"]) > 0
        assert "access-control-allow-credentials" not in preflight.fields
    answers = [app.document({}), app.document({}, "Origin: https://shop.example"), app.document(raw="{"),
               app.document({}, key="wrong"), app.flags({"targetingKey": "u"}), app.remote({}), app.features(),
               app.document({}, f'If-None-Match: {app.document({})["etag"]}')]
    for answer in answers:
        assert answer["access-control-allow-origin"] == "*"
        exposed = {name.strip().lower() for name in answer["access-control-expose-headers"].split(",")}
        assert {"etag", "vitrine-state", "vitrine-delta"} <= exposed


def test_what_a_preflight_asks_for_is_not_repeated_blindly(node):
    app = node.app({"a": {"defaultValue": 1}})
    for asked in ("x" * 5000, "a b\tc;d", "x-a: y", "<script>"):
        preflight = node.ask(f"/v1/settings/{app.name}", "Origin: https://x.example",
                             "Access-Control-Request-Method: POST",
                             f"Access-Control-Request-Headers: {asked}", method="OPTIONS")
        assert preflight.status in (200, 204)
        assert asked not in (preflight["access-control-allow-headers"] or "")


def test_answers_for_one_user_are_not_shared(node):
    app = node.app({"a": {"defaultValue": 1}})
    for answer in (app.document(USER), app.flags({"targetingKey": "u"}), app.remote({}), app.features(),
                   app.document({}, key="wrong")):
        assert {"private", "no-store"} & set((answer["cache-control"] or "").replace(" ", "").split(",")), answer.fields


def test_other_paths_are_no_surface(node):
    app = node.app({"a": {"defaultValue": 1}})
    for path in ("/v1/settings", "/v1/settings/", f"/v1/settings/{app.name}/", f"/v1/settings/{app.name}/x",
                 f"/v1/settings//{app.name}", "/api/features/", "/api/features", f"/api/other/{app.client_key}",
                 f"/api/eval/{app.client_key}/x", "/sub/", "/ofrep/v1/evaluate", "/ofrep/v2/evaluate/flags",
                 f"/v1/settings/%{app.name}", "/v1/settings/%ff"):
        answer = node.ask(path, f"X-API-Key: {app.client_key}", body="{}")
        assert 400 <= answer.status < 500, (path, answer)
        assert b'"a"' not in answer.body


def test_the_admin_interface_is_not_public(node):
    app = node.app({"a": {"defaultValue": "hidden"}})
    for path in ("/admin/settings", f"/admin/settings/{app.name}", f"/admin/settings/{app.name}/source",
                 f"/admin/settings/{app.name}/keys", "/v1/peer/settings/snapshot"):
        for fields in ((), (f"X-API-Key: {app.server_key}",), (f"Authorization: Bearer {app.server_key}",)):
            answer = node.ask(path, *fields)
            assert 400 <= answer.status < 500 and b"hidden" not in answer.body, (path, answer)
