"""What `/metrics` says of settings: each app by itself, every answer by its kind."""

import re

import pytest
import requests

from edge_under_test import eventually
from settings_people import experiment, features, settings_node


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with settings_node(tmp_path_factory.mktemp("metrics"), "--state-timeout", "20s") as running:
        yield running


def asked(node, app, surface, outcome):
    return node.metric("vitrine_settings_requests_total", app=app, surface=surface, outcome=outcome)


def test_answers_are_counted_by_app_surface_and_kind(node):
    for app in ("one", "two"):
        node.publish(app, features({"condition": {"country": "NO"}, "force": "norge"}))
    first = node.ask("one", {"id": "u1"})
    unchanged = requests.post(node.url + "/v1/settings/one", json={"id": "u2"}, timeout=30,
                              headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status_code == 304
    delta = node.ask("one", {"id": "u1", "country": "NO"}, headers={"Vitrine-State": first.headers["Vitrine-State"]})
    assert delta.headers["Vitrine-Delta"] == "1" and delta.json() == {"changed": {"color": "norge"}, "removed": []}
    key = {"X-API-Key": "one"}
    body = {"context": {"targetingKey": "u1"}}
    for path in ("/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/color", "/api/eval/one"):
        requests.post(node.url + path, json=body, headers=key, timeout=30).raise_for_status()
    requests.get(node.url + "/api/features/one", timeout=30).raise_for_status()
    assert asked(node, "one", "document", "whole") == 1
    assert asked(node, "one", "document", "notModified") == 1
    assert asked(node, "one", "document", "delta") == 1
    for surface in ("flags", "flag", "remote", "features"):
        assert asked(node, "one", surface, "whole") == 1, surface
    assert asked(node, "two", "document", "whole") == 0
    assert node.metric("vitrine_settings_bytes_total", app="one", surface="document", outcome="delta") == \
        len(delta.content)
    assert node.metric("vitrine_settings_bytes_total", app="one", surface="document", outcome="notModified") == 0


def test_refusals_are_counted_without_names_of_strangers(node):
    """Names that anybody may send make no series."""
    before = node.metric("vitrine_settings_requests_total", outcome="refused")
    for index in range(50):
        answer = requests.post(f"{node.url}/v1/settings/stranger-{index}", json={"id": "u"}, timeout=30)
        assert answer.status_code == 404
    assert node.metric("vitrine_settings_requests_total", outcome="refused") == before + 50
    text = node.session.get(node.admin + "/metrics", timeout=30).text
    assert "stranger" not in text


def test_numbers_and_loads_follow_publishes(node):
    loads = node.metric("vitrine_settings_loads_total", result="loaded")
    told = node.metric("vitrine_settings_propagations_total")
    for number in (1, 2, 3):
        node.publish("three", features(experiment(coverage=number / 10)))
        assert node.metric("vitrine_settings_number", app="three") == number
    assert node.metric("vitrine_settings_loads_total", result="loaded") == loads + 3
    eventually(lambda: node.metric("vitrine_settings_propagations_total") == told + 3, "three propagations")
    assert node.metric("vitrine_settings_propagation_seconds_total") > 0
    assert node.metric("vitrine_settings_current") == 1
    assert node.metric("vitrine_settings_loads_total", result="failed") == 0


def test_look_ups_of_users_are_counted_by_where_they_ended(node):
    node.publish("users", features(experiment()))

    def lookups(result):
        return node.metric("vitrine_users_lookups_total", result=result)

    memory, store, writes = lookups("memory"), lookups("store"), node.metric("vitrine_users_writes_total",
                                                                            result="written")
    for _ in range(4):
        node.settings("users", {"id": "somebody"})
    assert (lookups("memory") - memory, lookups("store") - store, lookups("late")) == (3, 1, 0)
    eventually(lambda: node.metric("vitrine_users_writes_total", result="written") > writes, "a write")
    assert node.metric("vitrine_users_writes_total", result="lost") == 0


def test_streams_are_a_gauge(node):
    node.publish("streams", features())
    assert node.metric("vitrine_settings_streams") == 0
    with requests.get(node.url + "/sub/streams", stream=True, timeout=30) as stream:
        assert stream.status_code == 200
        eventually(lambda: node.metric("vitrine_settings_streams") == 1, "an open stream")
    eventually(lambda: node.metric("vitrine_settings_streams") == 0, "no open stream", 40)


def test_every_line_is_of_prometheus_text_format(node):
    node.publish("format", features(experiment("ex\"p\\é")))
    node.settings("format", {"id": "u1"})
    text = node.session.get(node.admin + "/metrics", timeout=30).text
    label = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
    pattern = re.compile(rf"[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{{(?:{label}(?:,{label})*)?\}})? [-+0-9.eE]+(?:Inf|NaN)?")
    wrong = [line for line in text.splitlines() if not line.startswith("#") and not pattern.fullmatch(line)]
    assert not wrong, wrong[:5]
    names = [line.split(" ")[2] for line in text.splitlines() if line.startswith("# TYPE ")]
    assert len(names) == len(set(names))
