"""GrowthBook's and OpenFeature's own Python clients, unmodified, against a running node."""

import contextlib

import pytest
from growthbook import GrowthBook
from growthbook.growthbook import feature_repo
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

from edge_under_test import eventually
from settings_under_test import parsed, running_node

FEATURES = {
    "on": {"defaultValue": True},
    "off": {"defaultValue": False},
    "title": {"defaultValue": "hello", "rules": [{"condition": {"country": "DE"}, "force": "hallo"}]},
    "empty": {"defaultValue": ""},
    "count": {"defaultValue": 0, "rules": [{"condition": {"premium": True}, "force": 7}]},
    "ratio": {"defaultValue": 2.5},
    "whole-ratio": {"defaultValue": 1.0},
    "object": {"defaultValue": {"a": [1, {"b": None}]}},
    "list": {"defaultValue": [1, "two", False]},
    "nothing": {"defaultValue": None},
    "no default": {},
    "ramp": {"defaultValue": "old", "rules": [{"force": "new", "coverage": 1, "hashAttribute": "id"}]},
    "arm": {"defaultValue": "none", "rules": [
        {"key": "the-test", "variations": ["a", "b"], "weights": [0, 1], "hashVersion": 2,
         "meta": [{"key": "control"}, {"key": "treated"}]}]},
}


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("clients")) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A node that is not in unsafe mode: only keys count."""
    with running_node(tmp_path_factory.mktemp("guarded"), unsafe=False) as running:
        yield running


@contextlib.contextmanager
def growthbook(node, key, **keywords):
    client = GrowthBook(api_host=node.url, client_key=key, **keywords)
    try:
        yield client
    finally:
        # It waits for its own thread in vain, as long as it may.
        client.destroy(timeout=0.2)
        feature_repo.stopAutoRefresh(timeout=0.2)
        feature_repo.clear_cache()


@pytest.fixture
def repository():
    """The statuses that GrowthBook's one repository of features was answered with."""
    feature_repo.clear_cache()
    feature_repo._etag_cache.clear()
    statuses = []
    inner = type(feature_repo)._get

    def seen(url, headers=None):
        response = inner(feature_repo, url, headers)
        statuses.append(response.status)
        return response
    feature_repo._get = seen
    yield statuses
    del feature_repo._get


# GrowthBook


@pytest.mark.parametrize("mode", ["server key", "app's name"])
def test_growthbook_evaluates_locally(request, mode):
    node = request.getfixturevalue("guarded" if mode == "server key" else "node")
    app = node.app(FEATURES)
    key = app.server_key if mode == "server key" else app.name
    seen = []
    with growthbook(node, key, attributes={"id": "u1", "country": "DE"},
                    on_experiment_viewed=lambda **seen_now: seen.append(seen_now["result"].key)) as client:
        client.load_features()
        assert client.is_on("on") and client.is_off("off")
        assert client.get_feature_value("title", "?") == "hallo"
        assert client.get_feature_value("empty", "?") == ""
        assert client.get_feature_value("count", 5) == 0
        assert client.get_feature_value("object", None) == {"a": [1, {"b": None}]}
        assert client.get_feature_value("no default", "mine") == "mine"
        assert client.get_feature_value("unknown", "mine") == "mine"
        assert client.get_feature_value("ramp", "?") == "new"
        assert client.eval_feature("arm").experimentResult.key == "treated"
        assert seen == ["treated"]


def test_a_client_key_gives_no_features_to_evaluate_locally(guarded):
    app = guarded.app(FEATURES)
    with growthbook(guarded, app.client_key) as client:
        client.load_features()
        assert client.get_features() == {}


@pytest.mark.parametrize("mode", ["client key", "server key", "app's name"])
def test_growthbook_evaluates_remotely(request, mode):
    node = request.getfixturevalue("node" if mode == "app's name" else "guarded")
    app = node.app(FEATURES)
    key = {"client key": app.client_key, "server key": app.server_key, "app's name": app.name}[mode]
    with growthbook(node, key, remote_eval=True, attributes={"id": "u1"}) as client:
        assert client.get_feature_value("title", "?") == "hello"
        assert client.get_feature_value("count", 5) == 0
        assert client.get_feature_value("empty", "?") == ""
        assert client.is_off("off") and client.is_on("on")
        assert client.get_feature_value("no default", "mine") == "mine"
        client.set_attributes({"id": "u1", "country": "DE", "premium": True})
        assert client.get_feature_value("title", "?") == "hallo"
        assert client.get_feature_value("count", 5) == 7
        client.set_forced_variations({"the-test": 0})
        assert client.get_feature_value("arm", "?") == "a"
        client.set_forced_features({"ratio": 9.5})
        assert client.get_features().keys() == FEATURES.keys()


def test_growthbook_is_told_of_the_experiments_that_were_evaluated_remotely(guarded):
    """The tracks of an answer reach the tracking callback, as if the client had assigned the user itself."""
    app = guarded.app(FEATURES)
    seen = []
    with growthbook(guarded, app.client_key, remote_eval=True, attributes={"id": "u1"},
                    on_experiment_viewed=lambda **now: seen.append((now["experiment"].key,
                                                                    now["result"].key))) as client:
        assert client.get_feature_value("arm", "?") == "b"
        assert client.eval_feature("arm").source in ("experiment", "force")
    assert seen == [("the-test", "treated")]


def test_growthbook_revalidates_its_features_and_keeps_them(node, repository):
    app = node.app(FEATURES)
    with growthbook(node, app.server_key, attributes={"id": "u1"}) as client:
        client.load_features()
        client.load_features(force_refresh=True)
        client.load_features(force_refresh=True)
        assert repository == [200, 304, 304]
        assert client.get_feature_value("title", "?") == "hello"
        app.publish({**FEATURES, "title": {"defaultValue": "ahoj"}})
        client.load_features(force_refresh=True)
        client.load_features(force_refresh=True)
        assert repository == [200, 304, 304, 200, 304]
        assert client.get_feature_value("title", "?") == "ahoj"


def test_growthbook_keeps_its_features_while_the_node_is_away(tmp_path, repository):
    with running_node(tmp_path) as node:
        app = node.app(FEATURES)
        with growthbook(node, app.server_key, attributes={"id": "u1"}) as client:
            client.load_features()
            node.stop()
            client.load_features(force_refresh=True)
            assert client.get_feature_value("title", "?") == "hello"
            again = type(node)(tmp_path, "--listen", node.address)
            try:
                eventually(lambda: again.ask(f"/api/features/{app.server_key}").status == 200, "settings from disk")
                client.load_features(force_refresh=True)
                assert repository[-1] == 304
            finally:
                again.kill()
            node.assert_well = lambda: None


@pytest.mark.parametrize("remote", [False, True], ids=["locally", "remotely"])
def test_growthbook_sees_a_publish_while_it_listens(guarded, remote):
    app = guarded.app(FEATURES)
    key = app.client_key if remote else app.server_key
    with growthbook(guarded, key, streaming=True, remote_eval=remote, attributes={"id": "u1"}) as client:
        assert client.get_feature_value("title", "?") == "hello"
        for title in ("ahoj", "salut", "բարեւ"):
            app.publish({**FEATURES, "title": {"defaultValue": title}})
            eventually(lambda: client.get_feature_value("title", "?") == title, f"the title {title}")
        eventually(lambda: client.get_features().keys() == FEATURES.keys(), "all features")


def test_growthbook_sees_a_publish_of_many_features_while_it_listens(guarded):
    """Longer than the lines its event reader takes."""
    many = {f"setting-{index}": {"defaultValue": "x" * 300} for index in range(1500)}
    app = guarded.app({**many, "title": {"defaultValue": "hello"}})
    with growthbook(guarded, app.server_key, streaming=True, attributes={"id": "u1"}) as client:
        assert client.get_feature_value("title", "?") == "hello"
        app.publish({**many, "title": {"defaultValue": "ahoj"}})
        eventually(lambda: client.get_feature_value("title", "?") == "ahoj", "the new title")
        # It fills its list while others look.
        eventually(lambda: len(client.get_features()) == len(many) + 1, "all features")


# OpenFeature


@pytest.fixture(params=["X-API-Key", "Bearer", "app's name"])
def flags(request):
    """An OpenFeature client, in each way of saying which app it is."""
    node = request.getfixturevalue("node" if request.param == "app's name" else "guarded")
    app = node.app(FEATURES)
    fields = {
        "X-API-Key": {"X-API-Key": app.client_key},
        "Bearer": {"Authorization": f"Bearer {app.client_key}"},
        "app's name": {"X-API-Key": app.name},
    }[request.param]
    return openfeature(node, fields)


def openfeature(node, fields):
    api.set_provider(OFREPProvider(node.url, headers_factory=lambda: fields))
    return api.get_client()


USER = EvaluationContext("u1", {"country": "DE", "premium": True})


def test_openfeature_evaluates_every_type(flags):
    assert flags.get_boolean_value("on", False, USER) is True
    assert flags.get_boolean_value("off", True, USER) is False
    assert flags.get_string_value("title", "?", USER) == "hallo"
    assert flags.get_string_value("empty", "?", USER) == ""
    assert flags.get_integer_value("count", -1, USER) == 7
    assert flags.get_float_value("ratio", -1.0, USER) == 2.5
    assert flags.get_object_value("object", {}, USER) == {"a": [1, {"b": None}]}
    assert flags.get_object_value("list", [], USER) == [1, "two", False]


def test_openfeature_gets_floats_as_they_were_authored(guarded):
    """The provider takes 1 for an integer and 1.0 for a float."""
    app = guarded.app({})
    app.publish_text('{"features":{"one":{"defaultValue":1.0},"big":{"defaultValue":1e3}}}')
    flags = openfeature(guarded, {"X-API-Key": app.client_key})
    assert flags.get_float_value("one", 0.0, USER) == 1.0
    assert flags.get_float_value("big", 0.0, USER) == 1000.0


def test_openfeature_is_told_reasons_and_variants(flags):
    details = flags.get_string_details("title", "?", USER)
    assert (details.reason, details.variant, details.error_code) == (Reason.TARGETING_MATCH, "rule-1", None)
    assert flags.get_boolean_details("on", False, USER).reason == Reason.STATIC
    assert flags.get_integer_details("count", 1, EvaluationContext("u2")).reason == Reason.DEFAULT
    arm = flags.get_string_details("arm", "?", USER)
    assert (arm.value, arm.reason, arm.variant) == ("b", Reason.SPLIT, "treated")
    assert flags.get_string_value("ramp", "?", USER) == "new"


def test_the_codes_default_counts_where_there_is_no_value(flags):
    for name in ("nothing", "no%20default"):
        details = flags.get_string_details(name, "mine", USER)
        assert (details.value, details.error_code) == ("mine", None), name


def test_openfeature_is_told_of_unknown_flags(flags):
    details = flags.get_string_details("unknown", "mine", USER)
    assert (details.value, details.error_code) == ("mine", ErrorCode.FLAG_NOT_FOUND)
    assert details.error_message


def test_openfeature_is_told_of_a_missing_targeting_key(flags):
    for context in (EvaluationContext(), EvaluationContext(None, {"country": "DE"}), EvaluationContext("", {})):
        details = flags.get_boolean_details("on", False, context)
        assert (details.value, details.error_code) == (False, ErrorCode.TARGETING_KEY_MISSING)
        assert "targetingKey" in details.error_message


def test_openfeature_is_told_of_a_wrong_type(flags):
    assert flags.get_integer_details("title", 3, USER).error_code == ErrorCode.TYPE_MISMATCH


def test_openfeature_gets_its_defaults_with_a_wrong_key(guarded):
    for fields in ({"X-API-Key": "vc_" + "0" * 32}, {"X-API-Key": "some-app"}, {}):
        details = openfeature(guarded, fields).get_boolean_details("on", False, USER)
        assert (details.value, details.error_code) == (False, ErrorCode.GENERAL)


def test_openfeature_waits_when_it_asks_too_often(tmp_path):
    with running_node(tmp_path, "--settings-rate", "0.01", "--settings-burst", "12") as node:
        app = node.app(FEATURES)
        flags = openfeature(node, {"X-API-Key": app.client_key})
        answers = [flags.get_boolean_details("on", False, USER) for _ in range(13)]
        assert answers[0].value is True
        assert answers[-1].error_code == ErrorCode.GENERAL and "paused" in answers[-1].error_message


def test_the_bulk_answer_has_what_the_protocol_requires(guarded):
    app = guarded.app(FEATURES)
    bulk = parsed(app.flags({"targetingKey": "u1"}))
    by_name = {flag["key"]: flag for flag in bulk["flags"]}
    assert by_name.keys() == FEATURES.keys()
    for flag in bulk["flags"]:
        assert {"key", "reason", "variant"} <= flag.keys() <= {"key", "reason", "variant", "value", "metadata"}
    assert "value" not in by_name["nothing"] and "value" not in by_name["no default"]
    stream = bulk["eventStreams"][0]
    assert stream["type"] == "sse" and stream["url"].startswith(guarded.url + "/ofrep/v1/events/")
    assert app.client_key not in stream["url"]
