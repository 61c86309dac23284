"""Users' assignments in a store that is slow, away, or back again: answers never wait longer than they may."""

import contextlib
import http.server
import threading
import time
import urllib.parse

import pytest

from edge_under_test import eventually
from settings_people import experiment, features, settings_node
from test_settings_sticky import CONTROL, TREATMENT

FIELD = "Vitrine-Settings"
MISSING = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>not here</Message></Error>'


class Bucket(http.server.ThreadingHTTPServer):
    """An S3 server with one bucket in memory; it answers while `gate` is open, and with 503 when it `fails`."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self):
        super().__init__(("127.0.0.1", 0), BucketHandler)
        self.gate = threading.Event()
        self.gate.set()
        self.fails = False
        self.objects = {}
        self.reads = 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Clients that give up are part of the tests."""


class BucketHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.server.gate.wait(120)
        if self.server.fails:
            return self.answer(503, b"<Error><Code>SlowDown</Code></Error>")
        key = urllib.parse.unquote(self.path.split("?")[0])
        if self.command == "PUT":
            if self.headers.get("x-amz-content-sha256", "").startswith("STREAMING"):
                return self.answer(501)
            self.server.objects[key] = body
            return self.answer(200, ETag='"1"')
        if self.command == "DELETE":
            self.server.objects.pop(key, None)
            return self.answer(204)
        self.server.reads += 1
        found = self.server.objects.get(key)
        if found is None:
            return self.answer(404, MISSING, Content_Type="application/xml")
        return self.answer(200, found, ETag='"1"', Last_Modified="Sat, 21 Nov 2026 09:00:00 GMT")

    do_GET = do_PUT = do_DELETE = do_HEAD = handle_any

    def log_message(self, *arguments):
        pass


@pytest.fixture
def bucket():
    made = Bucket()
    yield made
    made.gate.set()
    made.shutdown()
    made.server_close()


@contextlib.contextmanager
def node_with(bucket_url, data, *flags, timeout="250ms"):
    """The originals and settings are on disk; users' states are in the bucket."""
    with settings_node(data, "--store", f"file:{data}/store", "--state-store", "s3://people/region", "--s3-endpoint",
                       bucket_url, "--s3-access-key", "AKTEST", "--s3-secret-key", "secret", "--state-timeout",
                       timeout, *flags) as node:
        yield node


def is_incomplete(answer):
    return "user-state=incomplete" in answer.headers[FIELD]


def test_states_live_in_a_bucket(tmp_path, bucket):
    with node_with(bucket.url, tmp_path, timeout="20s") as node:
        node.publish("shop", features(experiment()))
        answer = node.ask("shop", {"id": CONTROL[0]})
        assert answer.json() == {"color": "control"} and not is_incomplete(answer)
        eventually(lambda: len(bucket.objects) == 1, "the state in the bucket")
        [key] = bucket.objects
        assert key.startswith("/people/region/users/shop/") and key.endswith(".json")
        assert node.stop() == 0
    with node_with(bucket.url, tmp_path, timeout="20s") as node:
        node.publish("shop", features(experiment(weights=[0, 1])))
        assert node.settings("shop", {"id": CONTROL[0]}) == {"color": "control"}
        node.forget("shop", CONTROL[0])
        assert bucket.objects == {}
        assert node.settings("shop", {"id": CONTROL[0]}) == {"color": "treatment"}


def test_a_store_that_hangs_delays_no_answer_beyond_the_timeout(tmp_path, bucket):
    with node_with(bucket.url, tmp_path) as node:
        node.publish("shop", features(experiment()))
        bucket.gate.clear()
        times = []
        for user, color in [(user, "control") for user in CONTROL] + [(user, "treatment") for user in TREATMENT]:
            begin = time.monotonic()
            answer = node.ask("shop", {"id": user})
            times.append(time.monotonic() - begin)
            assert answer.json() == {"color": color} and is_incomplete(answer)
        # The machine may be busy for some of them, not for all.
        assert min(times) < 1 and max(times) < 15, times
        assert node.metric("vitrine_settings_incomplete_users_total") == len(times)
        assert node.metric("vitrine_users_lookups_total", result="late") >= len(times)
        other = node.session.post(node.url + "/ofrep/v1/evaluate/flags", json={"context": {"targetingKey": "late"}},
                                  headers={"X-API-Key": "shop"}, timeout=30)
        assert other.status_code == 200 and is_incomplete(other)
        bucket.gate.set()


def test_a_crowd_does_not_wait_in_line_for_a_store_that_hangs(tmp_path, bucket):
    """More users than reads of the store at a time."""
    with node_with(bucket.url, tmp_path) as node:
        node.publish("shop", features(experiment()))
        bucket.gate.clear()
        import requests

        times, barrier = [], threading.Barrier(100)

        def ask(index):
            barrier.wait()
            begin = time.monotonic()
            answer = requests.post(node.url + "/v1/settings/shop", json={"id": f"crowd-{index}"}, timeout=60)
            times.append((time.monotonic() - begin, answer.status_code, is_incomplete(answer)))

        threads = [threading.Thread(target=ask, args=(index,)) for index in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {(status, late) for _, status, late in times} == {(200, True)}
        # In line, four rounds of the store's own timeouts would be needed.
        assert max(times)[0] < 15, max(times)
        bucket.gate.set()


def test_who_needs_no_state_does_not_wait(tmp_path, bucket):
    with node_with(bucket.url, tmp_path, timeout="20s") as node:
        node.publish("plain", {"features": {"color": {"defaultValue": "off"}}})
        bucket.gate.clear()
        begin = time.monotonic()
        answer = node.ask("plain", {"id": "u1"})
        assert not is_incomplete(answer) and time.monotonic() - begin < 15
        node.publish("shop", features(experiment()))
        begin = time.monotonic()
        assert not is_incomplete(node.ask("shop", {"country": "NO"})), "nobody is named"
        assert time.monotonic() - begin < 15
        bucket.gate.set()


def test_assignments_reach_a_store_that_is_back(tmp_path, bucket):
    with node_with(bucket.url, tmp_path) as node:
        node.publish("shop", features(experiment()))
        bucket.fails = True
        assert is_incomplete(node.ask("shop", {"id": CONTROL[0]}))
        bucket.fails = False
        # What was assigned meanwhile is written without being asked for again.
        eventually(lambda: bucket.objects, "the assignment in the bucket", 30)
        node.publish("shop", features(experiment(weights=[0, 1])))

        def complete():
            answer = node.ask("shop", {"id": CONTROL[0]})
            return not is_incomplete(answer) and answer

        assert eventually(complete, "a complete answer", 30).json() == {"color": "control"}


def test_an_assignment_of_a_bad_time_does_not_replace_an_earlier_one(tmp_path, bucket):
    """The node assigned anew without knowing; what is stored wins when it can be read again."""
    with node_with(bucket.url, tmp_path, timeout="20s") as node:
        node.publish("shop", features(experiment()))
        node.settings("shop", {"id": CONTROL[0]})
        eventually(lambda: bucket.objects, "the assignment in the bucket")
        assert node.stop() == 0
    stored = dict(bucket.objects)
    with node_with(bucket.url, tmp_path) as node:
        bucket.fails = True
        node.publish("shop", features(experiment(weights=[0, 1])))
        answer = node.ask("shop", {"id": CONTROL[0]})
        assert (answer.json(), is_incomplete(answer)) == ({"color": "treatment"}, True)
        bucket.fails = False

        def back():
            answer = node.ask("shop", {"id": CONTROL[0]})
            return not is_incomplete(answer) and answer.json() == {"color": "control"}

        eventually(back, "the stored assignment", 30)
        assert node.stop() == 0
    assert bucket.objects.keys() == stored.keys()
    assert b'"exp__0":"plain"' in next(iter(bucket.objects.values()))


def test_a_store_that_refuses_connections_costs_nothing(tmp_path):
    gone = Bucket()
    url = gone.url
    gone.shutdown()
    gone.server_close()
    with node_with(url, tmp_path, timeout="20s") as node:
        node.publish("shop", features(experiment()))
        begin = time.monotonic()
        answer = node.ask("shop", {"id": CONTROL[0]})
        assert answer.json() == {"color": "control"} and is_incomplete(answer)
        assert time.monotonic() - begin < 30
        assert node.stop() == 0, "the last writes are given up"


def test_the_end_of_a_node_does_not_wait_for_a_store_that_hangs(tmp_path, bucket):
    with node_with(bucket.url, tmp_path) as node:
        node.publish("shop", features(experiment()))
        bucket.gate.clear()
        node.ask("shop", {"id": CONTROL[0]})
        assert node.stop() == 0


def test_forgetting_says_when_the_store_failed(tmp_path, bucket):
    with node_with(bucket.url, tmp_path, timeout="20s") as node:
        node.publish("shop", features(experiment()))
        node.settings("shop", {"id": CONTROL[0]})
        eventually(lambda: bucket.objects, "the state in the bucket")
        bucket.fails = True
        answer = node.session.delete(f"{node.admin}/admin/settings/shop/users?value={CONTROL[0]}",
                                     headers={"Authorization": "Bearer system-test-token"}, timeout=60)
        assert answer.status_code == 503 and answer.json()["type"].endswith("/store-failed"), answer.text
        bucket.fails = False
        node.forget("shop", CONTROL[0])
        assert bucket.objects == {}
