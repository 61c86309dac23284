"""Assignments that stay with a user: whatever its attributes, the weights, the node and the release become."""

import itertools
import json
import pathlib

import pytest

from edge_under_test import eventually
from settings_people import experiment, features
from settings_people import settings_node as any_node
from test_edge_region import free_ports

APPS = itertools.count(1)


def settings_node(data, *flags, **keywords):
    """Waits for what is kept of users however busy the machine is."""
    return any_node(data, "--state-timeout", "20s", *flags, **keywords)


def fnv(text):
    """FNV-1a with 32 bits over UTF-16 units; the tests hash plain ASCII."""
    value = 0x811C9DC5
    for byte in text.encode("ascii"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def bucket(seed, value):
    """Hash version 2."""
    return fnv(str(fnv(seed + value))) % 10_000 / 10_000


def users(seed, low, high, count, prefix="u"):
    """Ids whose bucket is in [low, high)."""
    found = (f"{prefix}{index}" for index in itertools.count() if low <= bucket(seed, f"{prefix}{index}") < high)
    return list(itertools.islice(found, count))


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with settings_node(tmp_path_factory.mktemp("sticky")) as running:
        yield running


@pytest.fixture
def app():
    """An app that no other test uses."""
    return f"sticky-{next(APPS)}"


def state_files(node, app, folder="store"):
    return sorted((pathlib.Path(node.data) / folder / "users" / app).rglob("*.json"))


def stored(node, app, count=1, folder="store"):
    """The states of an app's users in the store, when there are so many."""
    eventually(lambda: len(state_files(node, app, folder)) >= count, f"{count} stored states")
    return [json.loads(path.read_bytes()) for path in state_files(node, app, folder)]


CONTROL = users("exp", 0.05, 0.45, 5)
TREATMENT = users("exp", 0.55, 0.95, 5)


def assign(node, app, rule=None, **members):
    """Publishes the half and half experiment and lets all users see it."""
    node.publish(app, features(rule or experiment(), **members))
    for user in CONTROL:
        assert node.settings(app, {"id": user}) == {"color": "control"}
    for user in TREATMENT:
        assert node.settings(app, {"id": user}) == {"color": "treatment"}


def assert_assigned(node, app, **attributes):
    for user in CONTROL:
        assert node.settings(app, {"id": user, **attributes}) == {"color": "control"}, user
    for user in TREATMENT:
        assert node.settings(app, {"id": user, **attributes}) == {"color": "treatment"}, user


def test_an_assignment_survives_changed_attributes(node, app):
    rule = experiment(condition={"country": "NO"})
    node.publish(app, features(rule))
    for user in CONTROL + TREATMENT:
        node.settings(app, {"id": user, "country": "NO"})
    assert_assigned(node, app, country="SE")
    assert_assigned(node, app)
    newcomer = users("exp", 0, 1, 1, prefix="new")[0]
    assert node.settings(app, {"id": newcomer, "country": "SE"}) == {"color": "off"}


def test_an_assignment_survives_other_weights_and_less_coverage(node, app):
    assign(node, app)
    node.publish(app, features(experiment(weights=[0, 1])))
    assert_assigned(node, app)
    node.publish(app, features(experiment(coverage=0)))
    assert_assigned(node, app)
    late = users("exp", 0.1, 0.4, 1, prefix="late")[0]
    assert node.settings(app, {"id": late}) == {"color": "off"}


def test_variations_are_remembered_by_their_keys(node, app):
    assign(node, app)
    turned = experiment(meta=[{"key": "bold"}, {"key": "plain"}])
    turned["variations"] = ["treatment", "control"]
    node.publish(app, features(turned))
    assert_assigned(node, app)


def test_variations_without_keys_are_not_kept(node, app):
    """As in the reference, which finds stored assignments by the keys in `meta`."""
    rule = experiment()
    del rule["meta"]
    assign(node, app, rule)
    node.publish(app, features({**rule, "weights": [0, 1]}))
    assert node.settings(app, {"id": CONTROL[0]}) == {"color": "treatment"}


def test_all_surfaces_share_an_assignment(node, app):
    assign(node, app)
    node.publish(app, features(experiment(weights=[0, 1])))
    user = CONTROL[0]
    key = {"X-API-Key": app}
    context = {"context": {"targetingKey": user}}
    one = node.session.post(node.url + "/ofrep/v1/evaluate/flags/color", json=context, headers=key, timeout=30)
    assert (one.status_code, one.json()["value"], one.json()["variant"]) == (200, "control", "plain"), one.text
    bulk = node.session.post(node.url + "/ofrep/v1/evaluate/flags", json=context, headers=key, timeout=30)
    assert [flag["value"] for flag in bulk.json()["flags"]] == ["control"], bulk.text
    remote = node.session.post(f"{node.url}/api/eval/{app}", json={"attributes": {"id": user}}, timeout=30)
    assert remote.status_code == 200, remote.text
    rules = remote.json()["features"]["color"].get("rules", [])
    assert "control" in json.dumps(remote.json()["features"]["color"]), (rules, remote.text)


def test_ofrep_assigns_for_the_other_surfaces(node, app):
    node.publish(app, features(experiment()))
    body = {"context": {"targetingKey": CONTROL[0]}}
    answer = node.session.post(node.url + "/ofrep/v1/evaluate/flags/color", json=body, headers={"X-API-Key": app},
                               timeout=30)
    assert answer.json()["value"] == "control", answer.text
    node.publish(app, features(experiment(weights=[0, 1])))
    assert node.settings(app, {"id": CONTROL[0]}) == {"color": "control"}


def test_a_new_bucket_version_assigns_anew(node, app):
    assign(node, app)
    node.publish(app, features(experiment(weights=[0, 1], bucketVersion=1)))
    for user in CONTROL + TREATMENT:
        assert node.settings(app, {"id": user}) == {"color": "treatment"}
    node.publish(app, features(experiment(weights=[0, 1], bucketVersion=0)))
    assert_assigned(node, app)


def test_a_least_bucket_version_keeps_earlier_users_out(node, app):
    assign(node, app)
    node.publish(app, features(experiment(bucketVersion=2, minBucketVersion=1)))
    for user in CONTROL + TREATMENT:
        assert node.settings(app, {"id": user}) == {"color": "off"}
    fresh = users("exp", 0.6, 0.9, 1, prefix="fresh")[0]
    assert node.settings(app, {"id": fresh}) == {"color": "treatment"}


def test_an_experiment_can_do_without_stored_assignments(node, app):
    assign(node, app, experiment(disableStickyBucketing=True))
    node.publish(app, features(experiment(disableStickyBucketing=True, weights=[0, 1])))
    assert node.settings(app, {"id": CONTROL[0]}) == {"color": "treatment"}


def test_an_app_can_do_without_stored_assignments(node, app):
    assign(node, app, **{"x-sticky": False})
    node.publish(app, features(experiment(weights=[0, 1]), **{"x-sticky": False}))
    assert node.settings(app, {"id": CONTROL[0]}) == {"color": "treatment"}
    assert state_files(node, app) == []


def test_the_device_of_before_the_login_decides(node, app):
    rule = experiment(hashAttribute="account", fallbackAttribute="device")
    device = users("exp", 0.05, 0.45, 1, prefix="d")[0]
    account = users("exp", 0.55, 0.95, 1, prefix="a")[0]
    node.publish(app, features(rule))
    assert node.settings(app, {"device": device}) == {"color": "control"}
    assert node.settings(app, {"device": device, "account": account}) == {"color": "control"}
    # The account takes it to other devices.
    assert node.settings(app, {"device": "another", "account": account}) == {"color": "control"}
    assert node.settings(app, {"account": account}) == {"color": "control"}
    other = users("exp", 0.55, 0.95, 2, prefix="a")[1]
    assert node.settings(app, {"account": other}) == {"color": "treatment"}


def test_apps_do_not_share_assignments(node, app):
    assign(node, app)
    second = app + "-second"
    node.publish(second, features(experiment(weights=[0, 1])))
    assert node.settings(second, {"id": CONTROL[0]}) == {"color": "treatment"}


def test_the_stored_state_is_what_the_format_says_and_does_not_name_the_user(node, app):
    import hashlib

    user = "somebody@example.com"
    node.publish(app, features(experiment(), **{"x-remember": ["country"]}))
    node.settings(app, {"id": user, "country": "NO", "plan": "gold"})
    [state] = stored(node, app)
    arm = "plain" if bucket("exp", user) < 0.5 else "bold"
    assert state["version"] == 1
    assert state["assignments"] == {"exp__0": arm} and state["remembered"] == {"country": "NO"}
    [path] = state_files(node, app)
    digest = hashlib.sha256(f"id||{user}".encode()).hexdigest()
    assert path.relative_to(path.parents[1]).as_posix() == f"{digest[:2]}/{digest}.json"
    assert user.encode() not in path.read_bytes()


# MARK: Remembered attributes

def test_remembered_attributes_come_back_until_the_user_says_otherwise(node, app):
    rules = [{"condition": {"country": "NO"}, "force": "norge"}, {"condition": {"plan": "gold"}, "force": "gold"}]
    node.publish(app, features(*rules, **{"x-remember": ["country"]}))
    first = {"id": "u1", "country": "NO", "plan": "gold"}
    assert node.settings(app, first) == {"color": "norge"}
    assert node.settings(app, {"id": "u1"}) == {"color": "norge"}
    assert node.settings(app, {"id": "u1", "country": "SE", "plan": "gold"}) == {"color": "gold"}
    assert node.settings(app, {"id": "u1"}) == {"color": "off"}, "the newer value is remembered, plan is not"
    assert node.settings(app, {"id": "u2"}) == {"color": "off"}


def test_a_remembered_attribute_is_part_of_the_answers_tag(node, app):
    node.publish(app, features({"condition": {"country": "NO"}, "force": "norge"}, **{"x-remember": ["country"]}))
    tag = node.ask(app, {"id": "u1"}).headers["ETag"]
    node.ask(app, {"id": "u1", "country": "NO"})
    answer = node.ask(app, {"id": "u1"}, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()) == (200, {"color": "norge"})


# MARK: Forgetting

def test_forgetting_one_user_leaves_nothing_and_others_alone(node, app):
    assign(node, app, **{"x-remember": ["country"]})
    stored(node, app, len(CONTROL + TREATMENT))
    gone, kept = CONTROL[:2]
    assert node.forget(app, gone) == {"forgotten": True, "complete": True, "nodes": []}
    assert len(state_files(node, app)) == len(CONTROL + TREATMENT) - 1
    node.publish(app, features(experiment(weights=[0, 1]), **{"x-remember": ["country"]}))
    assert node.settings(app, {"id": gone}) == {"color": "treatment"}
    assert node.settings(app, {"id": kept}) == {"color": "control"}


def test_forgetting_reaches_what_was_not_written_yet(node, app):
    node.publish(app, features(experiment(), **{"x-remember": ["country"]}))
    writes = node.metric("vitrine_users_writes_total", result="written")
    for index in range(20):
        node.settings(app, {"id": f"u{index}", "country": "NO"})
        node.forget(app, f"u{index}")
    # One who comes later is written after all that waited before.
    node.settings(app, {"id": "last", "country": "NO"})
    [state] = stored(node, app)
    assert state["remembered"] == {"country": "NO"} and len(state_files(node, app)) == 1
    assert node.metric("vitrine_users_writes_total", result="written") >= writes + 1


def test_forgetting_names_the_attribute_where_it_is_not_id(node, app):
    rule = experiment(hashAttribute="account")
    account = users("exp", 0.05, 0.45, 1, prefix="a")[0]
    node.publish(app, features(rule))
    assert node.settings(app, {"account": account}) == {"color": "control"}
    stored(node, app)
    node.forget(app, account)
    assert len(state_files(node, app)) == 1, "an id is another unit"
    node.forget(app, account, attribute="account")
    assert state_files(node, app) == []
    # Who is not known is forgotten as well.
    assert node.forget(app, "never seen") == {"forgotten": True, "complete": True, "nodes": []}


def test_forgetting_decodes_ids_of_any_spelling(node, app):
    node.publish(app, features(experiment(), **{"x-remember": ["country"]}))
    names = ["ola nordmann+x@example.com", "Bjørn & Åse/100%", "日本語", "a=b;c?d#e"]
    for name in names:
        node.settings(app, {"id": name, "country": "NO"})
    stored(node, app, len(names))
    for name in names:
        node.forget(app, name)
    assert state_files(node, app) == []


def test_forgetting_needs_a_token_and_a_user(node, app):
    url = f"{node.admin}/admin/settings/{app}/users"
    auth = {"Authorization": "Bearer system-test-token"}
    assert node.session.delete(url, headers=auth, timeout=30).status_code == 400
    assert node.session.delete(url + "?value=", headers=auth, timeout=30).status_code == 400


def test_a_token_is_needed_to_forget(tmp_path):
    with settings_node(tmp_path, unsafe=False) as strict:
        answer = strict.session.delete(strict.admin + "/admin/settings/shop/users?value=u1", timeout=30)
        assert answer.status_code == 401, answer.text


# MARK: Other nodes

def test_an_assignment_survives_restarts_of_the_node(tmp_path):
    with settings_node(tmp_path) as node:
        assign(node, "shop", **{"x-remember": ["country"]})
        node.settings("shop", {"id": CONTROL[0], "country": "NO"})
        assert node.stop() == 0, "what was not written yet is written now"
    with settings_node(tmp_path) as node:
        norge = {"condition": {"country": "NO"}, "force": "norge"}
        node.publish("shop", {"features": {
            "color": {"defaultValue": "off", "rules": [experiment(weights=[0, 1])]},
            "land": {"defaultValue": "none", "rules": [norge]},
        }, "x-remember": ["country"]})
        assert node.settings("shop", {"id": CONTROL[0]}) == {"color": "control", "land": "norge"}
        for user in CONTROL[1:]:
            assert node.settings("shop", {"id": user}) == {"color": "control", "land": "none"}


def test_an_assignment_survives_a_kill_once_it_is_stored(tmp_path):
    with settings_node(tmp_path) as node:
        assign(node, "shop")
        stored(node, "shop", len(CONTROL + TREATMENT))
        node.kill()
    with settings_node(tmp_path) as node:
        node.publish("shop", features(experiment(weights=[0, 1])))
        assert_assigned(node, "shop")


def test_a_starting_node_does_not_deny_its_apps(tmp_path):
    """404 and 401 are final for clients; a node that has not read its disk yet cannot know."""
    with settings_node(tmp_path) as node:
        node.publish("shop", features(experiment()))
        assert node.stop() == 0
    for _ in range(3):
        with settings_node(tmp_path) as node:
            answer = node.session.post(node.url + "/v1/settings/shop", json={"id": "u1"}, timeout=30)
            assert answer.status_code in (200, 503), answer.text


def edge_of(origin, data, state, *flags):
    return settings_node(data, "--roles", "edge", "--upstream", origin.url, "--state-store", f"file:{state}",
                         *flags)


def test_edges_of_a_region_share_assignments(tmp_path, node, app):
    state = tmp_path / "state"
    assert state_files(node, app) == []
    with edge_of(node, tmp_path / "a", state) as first, edge_of(node, tmp_path / "b", state) as second:
        made = node.publish(app, features(experiment()))
        first.await_number(app, made["number"])
        for user in CONTROL + TREATMENT:
            first.settings(app, {"id": user})
        eventually(lambda: len(list(state.rglob("*.json"))) == 10, "the states in the common folder")
        made = node.publish(app, features(experiment(weights=[0, 1])))
        for edge in (first, second):
            edge.await_number(app, made["number"])
            assert_assigned(edge, app)


def test_forgetting_at_one_edge_reaches_the_others(tmp_path, node, app):
    """The other nodes of a region have states in memory for a minute, unless they are told."""
    state = tmp_path / "state"
    ports = free_ports(2)
    peers = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in zip("ab", ports))

    def edge(name, port):
        return edge_of(node, tmp_path / name, state, "--peers", peers, "--node", name, "--listen", f"127.0.0.1:{port}")

    with edge("a", ports[0]) as first, edge("b", ports[1]) as second:
        made = node.publish(app, features(experiment()))
        for one in (first, second):
            one.await_number(app, made["number"])
            one.settings(app, {"id": CONTROL[0]})
            eventually(lambda: list(state.rglob("*.json")), "the state in the common folder")
        made = node.publish(app, features(experiment(weights=[0, 1])))
        for one in (first, second):
            one.await_number(app, made["number"])
            assert one.settings(app, {"id": CONTROL[0]}) == {"color": "control"}
        first.forget(app, CONTROL[0])
        assert list(state.rglob("*.json")) == []
        assert first.settings(app, {"id": CONTROL[0]}) == {"color": "treatment"}
        assert second.settings(app, {"id": CONTROL[0]}) == {"color": "treatment"}


# MARK: Damage

def test_a_damaged_state_is_replaced_and_a_newer_one_left_alone(tmp_path):
    with settings_node(tmp_path) as node:
        node.publish("shop", features(experiment()))
        node.settings("shop", {"id": CONTROL[0]})
        stored(node, "shop")
        assert node.stop() == 0
    [path] = state_files(node, "shop")
    path.write_bytes(b'{"version":1,"assignments":{"exp__0":"bo')
    with settings_node(tmp_path) as node:
        node.await_number("shop", 1)
        assert node.settings("shop", {"id": CONTROL[0]}) == {"color": "control"}
        eventually(lambda: path.read_bytes().endswith(b"}\n"), "a whole state")
        assert json.loads(path.read_bytes())["assignments"] == {"exp__0": "plain"}
        assert node.stop() == 0
    newer = b'{"version":2,"assignments":{"exp__0":"bold"},"more":[]}\n'
    path.write_bytes(newer)
    with settings_node(tmp_path) as node:
        node.await_number("shop", 1)
        answer = node.ask("shop", {"id": CONTROL[0]})
        assert answer.json() == {"color": "control"}
        assert node.stop() == 0
    assert path.read_bytes() == newer
