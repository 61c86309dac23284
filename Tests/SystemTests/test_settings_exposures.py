"""Exposures: one durable event for each user and experiment, with the trace of the request that caused it."""

import itertools
import pathlib
import threading

import pytest

from edge_under_test import eventually
from settings_people import experiment, features, settings_node, usage_events

APPS = itertools.count(1)
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with settings_node(tmp_path_factory.mktemp("exposures"), "--node", "north-1") as running:
        yield running


@pytest.fixture
def app():
    """An app that no other test uses."""
    return f"seen-{next(APPS)}"


def events_of(node, app, count):
    """The app's events, when there are so many; exposures are gathered for some ten milliseconds."""
    eventually(lambda: len(events(node, app)) >= count, f"{count} exposures of {app}")
    return events(node, app)


def events(node, app):
    return [event for event in usage_events(node.data) if event["tenant"] == app]


def settle(node, app):
    """Everything reported before is in the log: so is an exposure that comes after it. Then the app's events."""
    name = f"marker-{next(APPS)}"
    node.publish(name, features(experiment(name)))
    node.settings(name, {"id": name})
    events_of(node, name, 1)
    return events(node, app)


def test_a_user_who_asks_many_times_is_one_event(node, app):
    node.publish(app, features(experiment()))
    for _ in range(20):
        arm = node.settings(app, {"id": "u1"})["color"]
    [event] = settle(node, app)
    variation = {"control": "plain", "treatment": "bold"}[arm]
    record = node.admin_get("settings/node")["apps"]
    record = next(row["record"] for row in record if row["app"] == app)
    assert event["data"] == {"experiment": "exp", "variation": variation, "attribute": "id", "unit": "u1",
                             "record": record}
    assert (event["specversion"], event["type"], event["source"]) == ("1.0", "vitrine.exposure",
                                                                       f"/apps/{app}/experiments")
    assert (event["subject"], event["node"], event["datacontenttype"]) == ("exp", "north-1", "application/json")
    assert list(event)[:6] == ["specversion", "id", "source", "type", "time", "tenant"]


def test_an_events_id_is_made_as_the_format_says(node, app):
    import datetime
    import hashlib
    import struct

    node.publish(app, features(experiment()))
    node.settings(app, {"id": "bjørn-😀"})
    [event] = events_of(node, app, 1)
    data = event["data"]
    assert data["unit"] == "bjørn-😀"
    hashed = hashlib.sha256()
    for text in (app, data["experiment"], data["attribute"], data["unit"], data["variation"]):
        units = text.encode("utf-16-le")
        hashed.update(struct.pack("<I", len(units) // 2) + units)
    time = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
    hashed.update(struct.pack("<q", int(time.timestamp() * 1000) // 86_400_000))
    assert event["id"] == hashed.hexdigest()[:32]


def test_an_event_names_the_trace_of_its_request(node, app):
    node.publish(app, features(experiment()))
    node.ask(app, {"id": "u1"}, headers=PARENT)
    node.ask(app, {"id": "u1"})
    [event] = settle(node, app)
    assert event["traceparent"].split("-")[1] == TRACE


def test_an_event_names_the_trace_of_the_answer(node, app):
    """A request without a trace begins one, and the answer tells it."""
    node.publish(app, features(experiment()))
    told = node.ask(app, {"id": "u1"}).headers["traceparent"].split("-")[1]
    [event] = events_of(node, app, 1)
    assert event.get("traceparent", "").split("-")[1:2] == [told]


@pytest.mark.parametrize("wrong", ["00-" + "0" * 32 + "-b7ad6b7169203331-01", "nonsense", "ff" * 200, f"00-{TRACE}"],
                         ids=["zeros", "words", "long", "short"])
def test_a_malformed_trace_loses_no_event(node, app, wrong):
    node.publish(app, features(experiment()))
    node.ask(app, {"id": "u1"}, headers={"traceparent": wrong})
    [event] = settle(node, app)
    assert event.get("traceparent") != wrong


def test_apps_with_equal_settings_are_both_seen(node, app):
    """Equal files are one release; its users are each app's own."""
    for name in (app, app + "-twin"):
        node.publish(name, features(experiment()))
        node.settings(name, {"id": "u1"})
    [one], [other] = settle(node, app), events_of(node, app + "-twin", 1)
    assert one["id"] != other["id"] and one["data"] == other["data"]


def test_equal_requests_at_once_are_one_event(node, app):
    import requests

    node.publish(app, features(experiment()))
    barrier = threading.Barrier(16)

    def ask():
        barrier.wait()
        requests.post(f"{node.url}/v1/settings/{app}", json={"id": "u1"}, timeout=30).raise_for_status()

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(settle(node, app)) == 1


def test_who_takes_no_part_is_no_event(node, app):
    node.publish(app, features(
        experiment(condition={"country": "NO"}, coverage=1),
        {"condition": {"country": "SE"}, "force": "forced"},
    ))
    node.settings(app, {"id": "u1", "country": "SE"})
    node.settings(app, {"id": "u1"})
    node.settings(app, {"country": "NO"})
    node.settings(app, {"id": "u1", "country": "NO"}, forcedVariations={"exp": 1})
    node.settings(app, {"id": "u1", "country": "NO"}, enabled=False)
    node.settings(app, {"id": "u1", "country": "NO"}, url="http://www.example.com/?exp=1")
    node.settings(app, {"id": "u1", "country": "NO"}, forcedFeatures={"color": "mine"})
    assert settle(node, app) == []
    assert node.exposures(app) == {}


def test_a_list_of_rules_is_no_exposure(node, app):
    node.publish(app, features(experiment()))
    answer = node.session.get(f"{node.url}/api/features/{app}", timeout=30)
    assert answer.status_code == 200, answer.text
    assert settle(node, app) == []


def test_looking_why_is_no_exposure(node, app):
    node.publish(app, features(experiment()))
    answer = node.session.post(f"{node.admin}/admin/settings/{app}/evaluate", json={"attributes": {"id": "u1"}},
                               headers={"Authorization": "Bearer system-test-token"}, timeout=30)
    assert answer.json()["color"]["source"] == "experiment", answer.text
    assert settle(node, app) == []


def test_an_unchanged_answer_is_an_exposure_too(node, app):
    """A 304 tells the user's settings as well: with another release, of another experiment."""
    node.publish(app, features(experiment(variations=["same", "same"])))
    tag = node.ask(app, {"id": "u1"}).headers["ETag"]
    answer = node.session.post(f"{node.url}/v1/settings/{app}", json={"id": "u1"}, headers={"If-None-Match": tag},
                               timeout=30)
    assert answer.status_code == 304
    assert len(settle(node, app)) == 1


def test_every_surface_reports(node, app):
    node.publish(app, features(experiment()))
    key = {"X-API-Key": app}
    post = node.session.post
    post(f"{node.url}/ofrep/v1/evaluate/flags", json={"context": {"targetingKey": "bulk"}}, headers=key, timeout=30)
    post(f"{node.url}/ofrep/v1/evaluate/flags/color", json={"context": {"targetingKey": "one"}}, headers=key,
         timeout=30)
    post(f"{node.url}/api/eval/{app}", json={"attributes": {"id": "remote"}}, timeout=30)
    node.settings(app, {"id": "document"})
    units = [event["data"]["unit"] for event in settle(node, app)]
    assert sorted(units) == ["bulk", "document", "one", "remote"]


@pytest.mark.parametrize("single", [False, True], ids=["document", "single-flag"])
def test_experiments_behind_prerequisites_are_seen(node, app, single):
    holdout = {"defaultValue": False, "rules": [experiment("holdout", variations=[True, True])]}
    gated = {"defaultValue": "off", "rules": [
        {"parentConditions": [{"id": "holdout", "condition": {"value": True}, "gate": False}], **experiment("inner")},
    ]}
    node.publish(app, {"features": {"holdout": holdout, "color": gated}})
    if single:
        node.session.post(f"{node.url}/ofrep/v1/evaluate/flags/color", json={"context": {"targetingKey": "u1"}},
                          headers={"X-API-Key": app}, timeout=30).raise_for_status()
    else:
        node.settings(app, {"id": "u1"})
    assert sorted(event["subject"] for event in settle(node, app)) == ["holdout", "inner"]


@pytest.mark.parametrize("single", [False, True], ids=["document", "single-flag"])
def test_experiments_that_let_users_pass_are_seen(node, app, single):
    """A holdout's users are counted, whatever comes after it decides."""
    through = experiment("holdout", meta=[{"key": "in", "passthrough": True}, {"key": "out", "passthrough": True}])
    node.publish(app, features(through, {"force": "forced"}))
    if single:
        answer = node.session.post(f"{node.url}/ofrep/v1/evaluate/flags/color", headers={"X-API-Key": app},
                                   json={"context": {"targetingKey": "u1"}}, timeout=30)
        assert answer.json()["value"] == "forced", answer.text
    else:
        assert node.settings(app, {"id": "u1"}) == {"color": "forced"}
    assert [event["subject"] for event in settle(node, app)] == ["holdout"]


def test_a_number_is_the_unit_of_its_text(node, app):
    node.publish(app, features(experiment()))
    arm = node.settings(app, {"id": 17})
    assert node.settings(app, {"id": "17"}) == arm
    [event] = settle(node, app)
    assert event["data"]["unit"] == "17"


def test_a_user_who_moves_is_seen_in_both_arms(node, app):
    for version, weights in enumerate(([1, 0], [0, 1], [0, 1])):
        node.publish(app, features(experiment(weights=weights, bucketVersion=min(version, 1))))
        node.settings(app, {"id": "u1"})
    assert [event["data"]["variation"] for event in settle(node, app)] == ["plain", "bold"]


def test_counters_tell_users_from_events(node, app):
    # Whoever asks again and gets the same is not looked at again.
    node.publish(app, features(experiment(weights=[1, 0]), name="first", default="x"))
    for user in ("u1", "u2", "u3", "u1"):
        node.settings(app, {"id": user})
    assert node.exposures(app) == {
        ("exp", "plain"): {"app": app, "experiment": "exp", "variation": "plain", "exposures": 3, "units": 3},
    }
    assert node.exposures(app + "-unknown") == {}


def test_metrics_count_what_became_of_exposures(node, app):
    def counted(result):
        return node.metric("vitrine_exposures_total", result=result)

    node.publish(app, features(experiment()))
    size, lost = node.metric("vitrine_usage_log_bytes"), counted("dropped") + counted("invalid")
    for index in range(5):
        node.settings(app, {"id": f"u{index}"})
    events_of(node, app, 5)
    eventually(lambda: counted("recorded") == len(usage_events(node.data)), "all that is in the log is counted")
    on_disk = sum(path.stat().st_size for path in (node.data / "usage").glob("usage-*.log"))
    assert size < node.metric("vitrine_usage_log_bytes") == on_disk
    assert counted("dropped") + counted("invalid") == lost


def test_two_nodes_make_the_same_event(tmp_path, node, app):
    node.publish(app, features(experiment()))
    with settings_node(tmp_path, "--roles", "edge", "--upstream", node.url) as edge:
        edge.await_number(app, 1)
        node.settings(app, {"id": "u1"})
        edge.settings(app, {"id": "u1"})
        [here], [there] = events_of(node, app, 1), events_of(edge, app, 1)
    assert (here["source"], here["id"]) == (there["source"], there["id"]) and here["node"] != there["node"]


# MARK: Durability

def ask_until_killed(node, users):
    """Users ask one after the other until the node dies; those who were answered."""
    answered = []
    try:
        for user in users:
            node.ask("shop", {"id": user})
            answered.append(user)
    except Exception:
        pass
    return answered


def test_acknowledged_exposures_survive_a_kill(tmp_path):
    users = [f"u{index}" for index in range(100_000)]
    with settings_node(tmp_path) as node:
        node.publish("shop", features(experiment()))
        answered = []
        asking = threading.Thread(target=lambda: answered.extend(ask_until_killed(node, users)))
        asking.start()
        # A metric says what is on the disk.
        import requests

        def recorded():
            text = requests.get(node.admin + "/metrics", timeout=30).text
            line = next(line for line in text.splitlines() if line.startswith('vitrine_exposures_total{result="rec'))
            return int(float(line.rsplit(" ", 1)[1]))

        kept = eventually(lambda: (count := recorded()) >= 100 and count, "100 recorded exposures")
        node.process.kill()
        asking.join(30)
        assert not asking.is_alive()
    seen = [event["data"]["unit"] for event in usage_events(tmp_path)]
    assert len(seen) >= kept
    # In the order in which they came, without a gap: all that is missing was asked last.
    assert seen == users[:len(seen)] and len(seen) <= len(answered) + 1
    with settings_node(tmp_path) as node:
        node.await_number("shop", 1)
        node.settings("shop", {"id": "afterwards"})
        eventually(lambda: len(usage_events(tmp_path)) == len(seen) + 1, "the event after the restart")
    again = [event["data"]["unit"] for event in usage_events(tmp_path)]
    assert again == seen + ["afterwards"]


def test_a_graceful_end_keeps_every_exposure(tmp_path):
    with settings_node(tmp_path) as node:
        node.publish("shop", features(experiment()))
        for index in range(50):
            node.settings("shop", {"id": f"u{index}"})
        assert node.stop() == 0
    assert [event["data"]["unit"] for event in usage_events(tmp_path)] == [f"u{index}" for index in range(50)]


def test_a_torn_end_is_cut_and_the_rest_kept(tmp_path):
    with settings_node(tmp_path) as node:
        node.publish("shop", features(experiment()))
        node.settings("shop", {"id": "before"})
        eventually(lambda: usage_events(tmp_path), "an event")
        node.kill()
    [segment] = sorted((pathlib.Path(tmp_path) / "usage").glob("usage-*.log"))
    whole = segment.read_bytes()
    with segment.open("ab") as file:
        file.write(whole.split(b"\n")[1][:60])
    with settings_node(tmp_path) as node:
        node.await_number("shop", 1)
        node.settings("shop", {"id": "before"})
        node.settings("shop", {"id": "after"})
        eventually(lambda: len(usage_events(tmp_path)) == 3, "three events")
    first, again, after = usage_events(tmp_path)
    assert first["id"] == again["id"], "the same exposure has the same id after a restart"
    assert after["data"]["unit"] == "after" and segment.read_bytes().startswith(whole)


def test_a_full_log_costs_no_answer_and_is_counted(tmp_path):
    def counted(result):
        return node.metric("vitrine_exposures_total", result=result)

    with settings_node(tmp_path, "--usage-log-size", "1MiB") as node:
        node.publish("shop", features(experiment()))
        for index in range(80):
            assert node.settings("shop", {"id": f"u{index}" + "x" * 20_000})["color"] in ("control", "treatment")
        eventually(lambda: counted("dropped") + counted("recorded") == 80, "all are counted")
        assert counted("dropped") > 20
        assert node.metric("vitrine_usage_log_bytes") <= 1 << 20
        assert len(usage_events(tmp_path)) == counted("recorded") > 20
        # Forgotten by the node as well: it will be reported when there is room again.
        before = node.exposures("shop")
        assert sum(row["units"] for row in before.values()) == counted("recorded")


def test_a_short_window_reports_again(tmp_path):
    with settings_node(tmp_path, "--exposure-window", "1s") as node:
        node.publish("shop", features(experiment()))

        def two_windows():
            node.settings("shop", {"id": "u1"})
            return len(usage_events(tmp_path)) >= 2

        eventually(two_windows, "an event of the next window")
    found = usage_events(tmp_path)
    assert len({event["id"] for event in found}) == len(found)
