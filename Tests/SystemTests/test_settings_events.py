"""Event streams of settings: what they tell of, whom, when; many listeners, slow ones, and the end of the node."""

import json
import time

import pytest

from edge_under_test import eventually
from settings_under_test import parsed, running_node

SMALL = {"a": {"defaultValue": 1, "rules": [{"condition": {"x": 1}, "force": 2}]}}


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("events"), unsafe=False) as running:
        yield running


@pytest.fixture
def app(node):
    return node.app(SMALL)


def changed(number):
    return {"a": {"defaultValue": number}}


def channel(app, key=None):
    """The path of the stream that a bulk evaluation names."""
    bulk = parsed(app.flags({"targetingKey": "u1"}, key=key))
    return bulk["eventStreams"][0]["url"].removeprefix(app.node.url)


def skip_greeting(reader):
    """Takes what a new listener is told at once: how long to wait, and the state if it is young."""
    event = reader.next()
    assert int(event.retry) > 0
    return event


def told(app, event):
    """The features that a listener with a server key has after an event: sent with it, or fetched because of it."""
    if event.name == "features":
        return json.loads(event.data)["features"]
    assert (event.name, event.data) == ("features-updated", "")
    return parsed(app.features())["features"]


def until(reader, event_id):
    while (event := reader.next()) is not None:
        if event.id == event_id:
            return event
    raise AssertionError(f"the stream ended before event {event_id}")


def test_a_stream_is_what_browsers_expect(node, app):
    for path in (f"/sub/{app.client_key}", f"/sub/{app.server_key}", channel(app)):
        with node.events(path, "Origin: https://shop.example") as reader:
            assert reader.head.status == 200
            assert reader.head["content-type"].startswith("text/event-stream")
            assert "no-store" in reader.head["cache-control"]
            assert "content-length" not in reader.head.fields and "content-encoding" not in reader.head.fields
            assert reader.head["access-control-allow-origin"] == "*"


def test_each_kind_of_listener_is_told_in_its_way(node, app):
    with node.events(f"/sub/{app.server_key}") as rules, node.events(f"/sub/{app.client_key}") as values, \
            node.events(channel(app)) as refetch:
        for reader in (rules, values, refetch):
            skip_greeting(reader)
        app.publish(changed(5))
        event = until(rules, "2")
        assert told(app, event) == {"a": {"defaultValue": 5}}
        event = until(values, "2")
        assert (event.name, event.data) == ("features-updated", "")
        event = until(refetch, "2")
        assert event.name == "message"
        data = json.loads(event.data)
        assert data["type"] == "refetchEvaluation"
        assert abs(data["lastModified"] - time.time()) < 300
        # The provider says what it was told, and is not told that nothing has changed.
        answer = app.flags({"targetingKey": "u1"}, query=f'?flagConfigEtag={data["etag"]}')
        assert parsed(answer)["flags"][0]["value"] == 5
        again = app.flags({"targetingKey": "u1"}, f'If-None-Match: {answer["etag"]}',
                          query=f'?flagConfigEtag={data["etag"]}')
        assert again.status == 304


def test_events_come_in_order_and_each_tells_the_newest_state(node, app):
    with node.events(f"/sub/{app.server_key}") as reader:
        skip_greeting(reader)
        for number in range(2, 8):
            app.publish(changed(number))
        seen = []
        while not seen or seen[-1] != 7:
            event = reader.next_with_data()
            seen.append(int(event.id))
            assert told(app, event)["a"]["defaultValue"] >= seen[-1] or seen[-1] == 1
        assert seen == sorted(set(seen))


def test_a_change_is_told_at_once(node, app):
    with node.events(f"/sub/{app.client_key}") as reader:
        skip_greeting(reader)
        app.publish(changed(2))
        until(reader, "2")
        delays = []
        for number in range(3, 9):
            begun = time.monotonic()
            app.publish(changed(number))
            until(reader, str(number))
            delays.append(time.monotonic() - begun)
    # Publishing included; with polling it would be seconds.
    assert sorted(delays)[2] < 1, delays


def test_who_missed_something_is_told_when_it_comes_back(node, app):
    app.publish(changed(2))
    app.publish(changed(3))
    for missed in ("1", "2", "nonsense", "99"):
        with node.events(f"/sub/{app.server_key}", f"Last-Event-ID: {missed}") as reader:
            event = reader.next_with_data()
            assert event.id == "3" and told(app, event)["a"]["defaultValue"] == 3
    with node.events(f"/sub/{app.server_key}", "Last-Event-ID: 3") as reader:
        assert skip_greeting(reader).id is None
        app.publish(changed(4))
        assert reader.next_with_data().id == "4", "what it has seen is not told again"


def test_apps_do_not_hear_of_one_another(node, app):
    other = node.app(SMALL)
    with node.events(f"/sub/{app.server_key}", "Last-Event-ID: 1") as mine:
        skip_greeting(mine)
        other.publish(changed(77))
        app.publish(changed(2))
        event = mine.next_with_data()
        assert told(app, event)["a"]["defaultValue"] == 2


def test_a_rejected_publish_tells_nobody(node, app):
    with node.events(f"/sub/{app.server_key}", "Last-Event-ID: 1") as reader:
        skip_greeting(reader)
        status, _ = node.admin_call(f"/admin/settings/{app.name}", '{"features":{"a":{"rules":7}}}')
        assert 400 <= status < 500
        app.publish(changed(2))
        assert reader.next_with_data().id == "2"


def test_schedules_are_told_of_when_their_time_comes(node):
    """A boundary changes what clients with rules of their own were given."""
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3))
    app = node.app({"a": {"defaultValue": "before", "rules": [{"force": "after", "x-schedule": {"from": soon}}]}})
    holder = app.document({})
    assert parsed(holder) == {"a": "before"}
    with node.events(f"/sub/{app.server_key}", "Last-Event-ID: 1") as reader:
        event = reader.next_with_data()
        assert told(app, event)["a"]["rules"] == [{"force": "after"}]
        after = app.document({}, f'If-None-Match: {holder["etag"]}')
        assert parsed(after) == {"a": "after"}


def test_hundreds_listen_and_all_are_told(node, app):
    readers = [node.events(f"/sub/{app.client_key}", "Last-Event-ID: 1", seconds=40) for _ in range(400)]
    try:
        for reader in readers:
            skip_greeting(reader)
        app.publish(changed(2))
        for reader in readers:
            assert until(reader, "2").name == "features-updated"
    finally:
        for reader in readers:
            reader.close()
    assert app.document({}).status == 200


def test_a_listener_that_does_not_read_harms_nobody(node):
    """Neither publishing nor others wait for it, and it costs no more memory than one event."""
    features = {f"s{index}": {"defaultValue": "x" * 1000} for index in range(200)}
    app = node.app(features)
    app.features()  # made once, it is sent with the event
    deaf = [node.events(f"/sub/{app.server_key}", "Last-Event-ID: 0", receive_buffer=4096) for _ in range(20)]
    try:
        with node.events(f"/sub/{app.server_key}", "Last-Event-ID: 1") as reader:
            skip_greeting(reader)
            app.publish({**features, "n": {"defaultValue": 0}})
            until(reader, "2")
            before = node.resident_bytes()
            for number in range(3, 23):
                app.publish({**features, "n": {"defaultValue": number}})
                until(reader, str(number))
            grown = node.resident_bytes() - before
        # 20 listeners × 20 events × 200 kB would be 80 MB.
        assert grown < 60 << 20, grown
        # They still get the newest state when they read on, or were cut off for not reading.
        last = None
        while (event := deaf[0].next_with_data()) is not None and event.id != "22":
            last = event
        assert event is None or told(app, event)["n"]["defaultValue"] == 22, last
    finally:
        for reader in deaf:
            reader.client.abort()


@pytest.mark.parametrize("way", ["abort", "close"])
def test_listeners_that_go_are_forgotten(tmp_path, way):
    with running_node(tmp_path, "--settings-streams", "10") as node:
        app = node.app(SMALL)

        def opened():
            reader = node.events(f"/sub/{app.client_key}")
            if reader.head.status == 200:
                skip_greeting(reader)
                return reader
            reader.client.abort()
            return None
        for _ in range(3):
            readers = [eventually(opened, "a place among the listeners", seconds=8) for _ in range(10)]
            refused = node.ask(f"/sub/{app.client_key}")
            assert refused.status == 503 and int(refused["retry-after"]) >= 1
            assert app.document({}).status == 200, "other requests have nothing to do with it"
            for reader in readers:
                getattr(reader.client, way)()


def test_the_nodes_end_ends_the_streams_quickly(tmp_path):
    with running_node(tmp_path) as node:
        app = node.app(SMALL)
        paths = (f"/sub/{app.client_key}", f"/sub/{app.server_key}", channel(app))
        readers = [node.events(path) for path in paths * 10]
        deaf = node.events(f"/sub/{app.server_key}", receive_buffer=4096)
        for reader in readers:
            skip_greeting(reader)
        begun = time.monotonic()
        assert node.stop(seconds=20) == 0
        assert time.monotonic() - begun < 8
        for reader in readers:
            while reader.next() is not None:
                pass
        deaf.close()
        node.assert_well = lambda: None


def test_streams_of_unknown_keys_and_channels_are_refused(node, app):
    for path in ("/sub/vc_" + "0" * 32, f"/sub/{app.name}", "/ofrep/v1/events/" + "0" * 32,
                 f"/ofrep/v1/events/{app.name}",
                 f"/ofrep/v1/events/{app.client_key}"):
        assert node.ask(path).status in (401, 404), path


def test_a_rotated_keys_channel_ends_with_it(node, app):
    path = channel(app)
    key = app.rotate("client")
    eventually(lambda: app.document({}, key=key).status == 200, "the new key")
    assert node.ask(path).status in (401, 404)
    assert channel(app, key=key) != path
