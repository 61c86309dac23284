"""Bodies that are wrong, large, slow or too many."""

import concurrent.futures
import gzip
import json
import socket
import time

import pytest
import zstandard

from collecting import BATCH, LINES, STRUCTURED, Collector, use

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    """One for all that is refused."""
    server = Collector(tmp_path_factory.mktemp("collector"), "--usage-segment-age", "250ms")
    yield server
    assert server.send(use()).status_code == 202, "it still works in the end"
    server.kill()


def problem(answer):
    """The kind of a problem document."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    return answer.json()["type"].rsplit("/", 1)[1]


def test_an_event_of_ten_megabytes_is_refused_and_its_neighbour_kept(collector):
    large = use(data={"note": "x" * (10 * MEGABYTE)})
    answer = collector.post(json.dumps(large).encode())
    assert (answer.status_code, problem(answer)) == (400, "events-refused")
    assert answer.json()["events"][0]["code"] == "too-large"
    answer = collector.send(large, use())
    assert answer.status_code == 202
    assert (answer.json()["accepted"], answer.json()["refused"]) == (1, 1)


def test_a_batch_of_a_million_events_is_refused(collector):
    body = b"[" + b",".join([b"{}"] * 1_000_000) + b"]"
    answer = collector.post(body, BATCH)
    assert (answer.status_code, problem(answer)) == (413, "too-large")
    assert collector.post(b"{}\n" * 1_000_000, LINES).status_code == 413
    event = json.dumps(use()).encode()
    assert collector.post(b"[" + b",".join([event] * 1_000_000) + b"]", BATCH).status_code == 413
    kept = [use() for _ in range(10_000)]
    assert collector.send(*kept).json()["accepted"] == 10_000
    assert collector.send(*kept, use()).status_code == 413


def test_small_bodies_that_decompress_to_much_are_refused(collector):
    bomb = b" " * (200 * MEGABYTE)
    for coding, body in (("gzip", gzip.compress(bomb)), ("zstd", zstandard.ZstdCompressor().compress(bomb))):
        answer = collector.post(body, LINES, Content_Encoding=coding)
        assert (answer.status_code, problem(answer)) == (413, "too-large"), coding
    assert collector.post(b"not gzip", LINES, Content_Encoding="gzip").status_code == 400
    assert collector.post(gzip.compress(b"{}")[:-4], LINES, Content_Encoding="gzip").status_code == 400
    assert collector.post(b"{}", LINES, Content_Encoding="br").status_code == 415
    assert collector.post(b"{}", LINES, Content_Encoding="gzip, gzip").status_code == 415


def test_invalid_utf8_spoils_one_event(collector):
    good = json.dumps(use()).encode()
    for odd in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"):
        bad = json.dumps(use()).encode().replace(b"u-1", odd)
        answer = collector.post(b"[" + bad + b"," + good + b"]", BATCH)
        assert answer.status_code == 202
        assert [verdict["code"] for verdict in answer.json()["events"]] == ["json"]


@pytest.mark.parametrize("changes, code", [
    ({"time": "1970-01-01T00:00:00Z"}, "time"), ({"time": "2100-01-01T00:00:00Z"}, "time"),
    ({"time": "2026-02-30T00:00:00Z"}, "time"), ({"time": 1795253400}, "value"), ({"time": None}, "missing"),
    ({"id": None}, "missing"), ({"id": ""}, "text"), ({"id": "x" * 257}, "text"), ({"id": 7}, "value"),
    ({"source": None}, "missing"), ({"type": "other"}, "type"), ({"type": None}, "missing"),
    ({"specversion": "0.3"}, "specversion"), ({"specversion": None}, "missing"), ({"data_base64": "e30="}, "data"),
    ({"datacontenttype": "text/xml"}, "data"), ({"My_Name": "x"}, "name"), ({"level": 2 ** 40}, "number"),
    ({"level": 1.5}, "number"), ({"level": []}, "value"), ({"data": {"user_id": None}}, "missing"),
    ({"data": {"user_id": "a\x00b"}}, "text"), ({"data": {"content_id": ["x"]}}, "value"),
    ({"data": {"n": 10 ** 400}}, "number"),
])
def test_each_fault_has_its_code(collector, changes, code):
    answer = collector.send(use(**changes), use())
    assert answer.status_code == 202, answer.text
    assert [verdict["code"] for verdict in answer.json()["events"]] == [code]


def test_names_that_are_there_twice_are_refused(collector):
    event = json.dumps(use())
    for twice in ('"id":"x"', '"\\u0069d":"x"', '"data":{}', '"a":1,"a":1'):
        answer = collector.post((event[:-1] + "," + twice + "}").encode())
        assert answer.json()["events"][0]["code"] == "duplicate-member", twice
    nested = event.replace('"data": {', '"data": {"x":[{"y":1,"y":1}],')
    assert collector.post(nested.encode()).json()["events"][0]["code"] == "duplicate-member"


def test_what_is_not_json_as_a_whole_is_refused_as_a_whole(collector):
    good = json.dumps(use())
    for body in ("", "[", f"[{good}", f"[{good},]", f"{good}", f"[{good}] x", "null", '[{"a":01}]'):
        answer = collector.post(body.encode(), BATCH)
        assert (answer.status_code, problem(answer)) == (400, "bad-json"), body
    answer = collector.post(f"{good}\nnot json\n{good}\n".encode(), LINES)
    assert (answer.json()["accepted"], answer.json()["refused"]) == (2, 1)


def test_unknown_bodies_are_415(collector):
    body = json.dumps(use()).encode()
    for kind in (None, "text/plain", "application/json", "application/cloudevents+xml", "multipart/form-data"):
        assert collector.post(body, kind).status_code == 415, kind
    assert collector.post(body, STRUCTURED + "; charset=latin1").status_code == 415
    assert collector.post(body, STRUCTURED + "; charset=UTF-8").status_code == 202


def test_deep_nesting_costs_nothing(collector):
    deep = "[" * 1_000_000 + "]" * 1_000_000
    answer = collector.post(f"[{json.dumps(use())},{deep}]".encode(), BATCH)
    assert (answer.json()["accepted"], answer.json()["refused"]) == (1, 1)


def test_a_full_disk_is_told_and_recovers(tmp_path):
    server = Collector(tmp_path, "--usage-disk", "1MiB", "--usage-segment-age", "1h", "--usage-segment-size", "1GiB")
    try:
        events = [use(data={"note": "x" * 500}) for _ in range(500)]
        accepted = 0
        answer = server.send(*events)
        while answer.status_code == 202:
            accepted += 500
            answer = server.send(*events)
        assert (answer.status_code, problem(answer)) == (503, "store-failed")
        assert int(answer.headers["Retry-After"]) >= 1
        assert accepted > 0
        assert server.stop() == 0
        assert len(server.shipped()) == accepted
    finally:
        server.kill()
    again = Collector(tmp_path, "--usage-disk", "1MiB")
    try:
        assert again.send(*events).status_code == 202
    finally:
        again.kill()


def test_more_than_can_wait_is_refused_and_nothing_acknowledged_is_lost(tmp_path):
    server = Collector(tmp_path, "--usage-waiting", "64KiB", "--usage-segment-age", "300ms")
    try:
        def send(number):
            events = [use(source=f"/busy/{number}", data={"note": "x" * 300}) for _ in range(100)]
            statuses = []
            end = time.monotonic() + 60
            while time.monotonic() < end:
                answer = server.send(*events)
                statuses.append(answer.status_code)
                if answer.status_code == 202:
                    return statuses, {event["id"] for event in events}
                assert answer.status_code == 429, answer.text
                assert int(answer.headers["Retry-After"]) >= 1
            raise AssertionError("never taken")
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            results = list(pool.map(send, range(64)))
        sent = set().union(*(ids for _, ids in results))
        server.wait_for(lambda: server.counter("vitrine_usage_disk_bytes") == 0, "everything shipped")
        assert {line["id"] for line in server.shipped()} == sent
    finally:
        server.kill()


def test_a_body_that_breaks_off_keeps_nothing(collector):
    before = collector.counter("vitrine_usage_lines_kept_total")
    body = json.dumps(use()).encode()
    head = (f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer system-test-token\r\n"
            f"Content-Type: {STRUCTURED}\r\nContent-Length: {len(body) + 1}\r\n\r\n").encode()
    host, port = collector.addresses["public"].rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=30) as client:
        client.sendall(head + body)
        client.shutdown(socket.SHUT_WR)
        while client.recv(65_536):
            pass
    assert collector.counter("vitrine_usage_lines_kept_total") == before
