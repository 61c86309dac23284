"""One evaluator, four surfaces: whoever asks for a user's settings gets the same values."""

import json

import pytest
from growthbook import GrowthBook

from settings_projects import GROUPS, ProjectMaker
from settings_under_test import flag_values, parsed, running_node

USERS = 200


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("agreement")) as running:
        yield running


def remote_values(response):
    """What GrowthBook's client makes of an answer of remote evaluation."""
    payload = parsed(response)
    client = GrowthBook(features=payload["features"])
    return {name: client.eval_feature(name).value for name in payload["features"]}


def local_values(payload, attributes):
    client = GrowthBook(attributes=attributes, features=payload["features"], saved_groups=payload["savedGroups"])
    return {name: client.eval_feature(name).value for name in payload["features"]}


def same(one, other):
    """Equal as JSON: true is not 1, and 1.0 is 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize("seed", [4, 19])
def test_all_surfaces_and_the_local_client_agree(node, seed):
    maker = ProjectMaker(seed)
    features = maker.features()
    app = node.app(features, savedGroups=GROUPS)
    payload = parsed(app.features())
    assert payload["features"].keys() == features.keys()
    distinct = {name: set() for name in features}
    wrong = []
    for number in range(USERS):
        user = maker.user(number)
        document = app.values(user)
        assert document.keys() == features.keys()
        local = local_values(payload, user)
        bulk = flag_values(app.flags({"targetingKey": user["id"], **user}))
        remote = remote_values(app.remote({"attributes": user}))
        assert bulk.keys() == remote.keys() == features.keys()
        for name in features:
            answers = document[name], bulk[name], remote[name], local[name]
            distinct[name].add(json.dumps(document[name]))
            if not all(same(answers[0], other) for other in answers[1:]):
                wrong.append((name, user, answers, features[name]))
    assert not wrong, (len(wrong), wrong[:3])
    # The rules do tell users apart; otherwise this test would say nothing.
    assert sum(len(values) > 1 for values in distinct.values()) > len(features) / 3


def test_single_and_bulk_evaluation_agree_in_value_reason_and_variant(node):
    maker = ProjectMaker(23)
    features = maker.features(40)
    app = node.app(features, savedGroups=GROUPS)
    for number in range(8):
        user = maker.user(number)
        context = {"targetingKey": user["id"], **user}
        for flag in parsed(app.flags(context))["flags"]:
            assert parsed(app.flags(context, flag=flag["key"].replace("ä", "%C3%A4"))) == flag
            assert {"key", "reason", "variant"} <= flag.keys(), flag


def test_the_url_and_what_is_forced_count_in_the_document_and_in_remote_evaluation(node):
    app = node.app({
        "test": {"defaultValue": "none", "rules": [{"key": "exp", "variations": ["a", "b", "c"], "hashVersion": 2}]},
        "plain": {"defaultValue": 1},
        "absent": {},
    })
    user = {"id": "u1"}
    for variation, value in enumerate("abc"):
        asked = {"attributes": user, "forcedVariations": {"exp": variation}}
        assert app.values(asked)["test"] == remote_values(app.remote(asked))["test"] == value
    for forced in ([["plain", {"x": 2.50}]], {"plain": {"x": 2.50}}):
        asked = {"attributes": user, "forcedFeatures": forced}
        assert app.values(asked)["plain"] == remote_values(app.remote(asked))["plain"] == {"x": 2.5}
    asked = {"attributes": user, "url": "https://shop.example/?exp=2"}
    assert app.values(asked)["test"] == remote_values(app.remote(asked))["test"] == "c"
    assert app.values(user)["absent"] is None


def test_a_parent_with_a_stored_assignment_decides_for_its_children_everywhere(node):
    features = {
        "parent": {"defaultValue": False, "rules": [
            {"key": "parent-test", "variations": [False, True], "hashVersion": 2, "condition": {"country": "DE"}}]},
        "child": {"defaultValue": "closed", "rules": [
            {"parentConditions": [{"id": "parent", "condition": {"value": True}}], "force": "open"}]},
    }
    app = node.app(features)
    for number in range(20):
        user = {"id": f"u{number}", "country": "DE"}
        document = app.values(user)
        assert document["child"] == ("open" if document["parent"] else "closed")
        assert flag_values(app.flags({"targetingKey": user["id"], **user})) == document
