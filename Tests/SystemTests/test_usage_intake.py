"""Usage events sent to a running collector, and the lines that come out in the store."""

import concurrent.futures
import gzip
import hashlib
import json
import threading

import pytest
import requests
import zstandard

from collecting import BATCH, LINES, STRUCTURED, Collector, use
from running_server import TOKEN, RunningServer


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    """One that seals every quarter of a second."""
    server = Collector(tmp_path_factory.mktemp("collector"), "--usage-segment-age", "250ms")
    yield server
    server.kill()


def identity(source, identifier):
    """The two columns of an event's identity."""
    text = source.encode()
    digest = hashlib.sha256(len(text).to_bytes(4, "big") + text + identifier.encode()).digest()
    return [str(int.from_bytes(digest[start:start + 8], "big", signed=True)) for start in (0, 8)]


def line_of(collector, identifier):
    """The first line of an event in the store."""
    def found():
        return [line for line in collector.shipped() if line["id"] == identifier]
    collector.wait_for(found, f"event {identifier} in the store")
    return found()[0]


def test_an_accepted_event_is_a_line_of_a_segment_in_the_store(collector):
    event = use(time="2026-11-20T09:30:00.125Z", tenant="acme",
                traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                data={"country": "NZ", "plan": "pro,\"plus\"", "pages": [1.50, 2]})
    answer = collector.post(json.dumps(event).encode())
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"accepted": 1, "refused": 0, "events": []}
    line = line_of(collector, event["id"])
    assert [line["id_high"], line["id_low"]] == identity(event["source"], event["id"])
    assert line["occurred_us"] == "1795167000125000"
    assert (line["country"], line["plan"], line["brand_id"]) == ("NZ", 'pro,"plus"', "")
    assert line["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert json.loads(line["extra"]) == {"data": {"pages": [1.5, 2]}, "attributes": {"tenant": "acme"}}


def test_batches_lines_and_compressed_bodies_are_taken(collector):
    events = [use() for _ in range(30)]
    lines = "\n".join(json.dumps(event) for event in events[:10]).encode()
    assert collector.post(lines, LINES).json()["accepted"] == 10
    body = json.dumps(events[10:20]).encode()
    assert collector.post(gzip.compress(body), BATCH, Content_Encoding="gzip").json()["accepted"] == 10
    body = json.dumps(events[20:]).encode()
    packed = zstandard.ZstdCompressor().compress(body)
    assert collector.post(packed, BATCH, Content_Encoding="zstd").json()["accepted"] == 10
    line_of(collector, events[-1]["id"])
    found = [line["id"] for line in collector.shipped()]
    assert [found.count(event["id"]) for event in events] == [1] * 30


def test_duplicates_are_accepted_and_have_one_identity_and_content(collector):
    event = use()
    for _ in range(3):
        assert collector.send(event, event).json()["accepted"] == 2
    other = dict(reversed(event.items())) | {"traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01"}
    assert collector.send(other).json()["accepted"] == 1
    changed = event | {"data": event["data"] | {"user_id": "u-2"}}
    assert collector.send(changed).json()["accepted"] == 1
    collector.wait_for(lambda: sum(line["id"] == event["id"] for line in collector.shipped()) == 8, "all copies")
    lines = [line for line in collector.shipped() if line["id"] == event["id"]]
    assert len({(line["id_high"], line["id_low"]) for line in lines}) == 1
    assert len({line["content_hash"] for line in lines[:7]}) == 1
    assert lines[7]["content_hash"] != lines[0]["content_hash"]


def test_valid_events_are_kept_beside_refused_ones(collector):
    good, late = use(), use(time="1970-01-01T00:00:00Z")
    answer = collector.send(good, late, use(id=None), 7)
    assert answer.status_code == 202
    verdicts = answer.json()["events"]
    assert [(verdict["index"], verdict["id"], verdict["code"]) for verdict in verdicts] == [
        (1, late["id"], "time"), (2, None, "missing"), (3, None, "json")]
    assert line_of(collector, good["id"])
    answer = collector.send(good, late, path="/v1/events?verdicts=all")
    assert [verdict["verdict"] for verdict in answer.json()["events"]] == ["accepted", "refused"]
    answer = collector.send(late, late)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/events-refused")
    assert len(answer.json()["events"]) == 2


def test_keys_are_asked_for_and_taken_in_both_fields(collector):
    body = json.dumps(use()).encode()
    for token in (None, "wrong"):
        answer = collector.post(body, token=token)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert collector.post(body, token=None, X_API_Key=TOKEN).status_code == 202
    assert collector.post(body, token=None, X_API_Key="wrong").status_code == 401


def test_other_methods_and_paths_are_none_of_its(collector):
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = requests.request(method, collector.url + "/v1/events", timeout=30)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert requests.get(collector.url + "/v1/other", timeout=30).status_code == 404
    schema = requests.get(collector.url + "/v1/events/schema", timeout=30)
    assert schema.status_code == 200
    assert schema.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_health_and_readiness_are_told_by_a_process_that_only_collects(collector):
    assert requests.get(collector.url + "/health", timeout=30).json() == {"status": "ok"}
    ready = requests.get(collector.url + "/ready", timeout=30).json()
    assert ready["status"] == "ready"
    assert ready["usage"]["state"] == "collecting"
    assert ready["usage"]["node"].startswith("collector-")


def test_metrics_count_what_came_and_what_was_refused(collector):
    before = {code: collector.counter("vitrine_usage_refused_events_total", reason=code) for code in ("type", "text")}
    accepted = collector.counter("vitrine_usage_events_total", result="accepted")
    collector.send(use(), use(type="com.example.other"), use(data={"plan": "x" * 257}), use())
    assert collector.counter("vitrine_usage_events_total", result="accepted") == accepted + 2
    for code, count in before.items():
        assert collector.counter("vitrine_usage_refused_events_total", reason=code) == count + 1
    assert collector.counter("vitrine_usage_commits_total") >= 1


def test_many_senders_at_once_lose_nothing(collector):
    def send(sender):
        events = [use(source=f"/senders/{sender}") for _ in range(400)]
        for start in range(0, len(events), 50):
            assert collector.send(*events[start:start + 50]).json()["accepted"] == 50
        return events
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sent = {event["id"] for events in pool.map(send, range(8)) for event in events}
    collector.wait_for(lambda: collector.counter("vitrine_usage_disk_bytes") == 0, "everything shipped")
    found = [line["id"] for line in collector.shipped() if line["source"].startswith("/senders/")]
    assert len(found) == len(set(found)) == len(sent) and set(found) == sent


def test_every_role_takes_events_by_default(tmp_path):
    server = RunningServer(tmp_path, "--usage-segment-age", "200ms")
    try:
        answer = requests.post(server.url + "/v1/events", data=json.dumps(use()),
                               headers={"Content-Type": STRUCTURED}, timeout=30)
        assert answer.status_code == 202, answer.text
        server.wait_for(lambda: list((tmp_path / "store" / "usage" / "manifests").rglob("*.json")), "a manifest")
        server.wait_for(lambda: requests.get(server.url + "/ready", timeout=30).status_code == 200, "readiness")
        ready = requests.get(server.url + "/ready", timeout=30).json()
        assert ready["usage"]["state"] == "collecting"
        refused = requests.post(server.url + "/v1/events", data=json.dumps(use()), timeout=30,
                                headers={"Content-Type": STRUCTURED, "Sec-Fetch-Site": "cross-site"})
        assert refused.status_code == 403
        assert server.stop() == 0
    finally:
        server.kill()


def test_an_edge_or_an_origin_without_the_role_takes_none(tmp_path):
    server = RunningServer(tmp_path, "--roles", "edge,origin")
    try:
        answer = requests.post(server.url + "/v1/events", data=json.dumps(use()),
                               headers={"Content-Type": STRUCTURED}, timeout=30)
        assert answer.status_code == 404
        assert not (tmp_path / "usage" / "collector").exists()
    finally:
        server.kill()


def test_a_graceful_end_ships_everything(tmp_path):
    server = Collector(tmp_path, "--usage-segment-age", "1h")
    try:
        done = threading.Event()
        sent = []

        def keep_sending():
            while not done.is_set():
                event = use()
                try:
                    if server.send(event).status_code == 202:
                        sent.append(event["id"])
                except requests.RequestException:
                    return
        sender = threading.Thread(target=keep_sending)
        sender.start()
        server.wait_for(lambda: len(sent) >= 50, "fifty events")
        assert server.stop() == 0
        done.set()
        sender.join()
        assert set(sent) <= {line["id"] for line in server.shipped()}
    finally:
        server.kill()


def test_the_node_is_named_once_and_two_do_not_share_a_folder(tmp_path):
    first = Collector(tmp_path)
    try:
        name = requests.get(first.url + "/ready", timeout=30).json()["usage"]["node"]
        with pytest.raises(AssertionError):
            Collector(tmp_path)
    finally:
        first.kill()
    second = Collector(tmp_path)
    try:
        assert requests.get(second.url + "/ready", timeout=30).json()["usage"]["node"] == name
    finally:
        second.kill()
    named = Collector(tmp_path, "--node", "eu-1")
    try:
        assert requests.get(named.url + "/ready", timeout=30).json()["usage"]["node"] == "eu-1"
    finally:
        named.kill()
