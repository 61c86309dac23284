"""The shadow measurement: a second endpoint answers a share of the requests too, and nobody waits for it."""

import contextlib
import http.server
import json
import threading
import time

import pytest

from edge_under_test import eventually
from settings_people import experiment, features, settings_node

DOCUMENT = {"features": {name: {"defaultValue": value} for name, value in
                         {"color": "red", "size": 7, "dark": True, "none": None}.items()}}
ANSWER = {"color": "red", "size": 7, "dark": True, "none": None}


class SecondEndpoint(http.server.ThreadingHTTPServer):
    """Answers with `status` and `document`, once `gate` is open; keeps what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.gate = threading.Event()
        self.gate.set()
        self.status, self.document, self.cuts = 200, json.dumps(ANSWER).encode(), False
        self.seen = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Clients that go away are part of the tests."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.server.gate.wait(60)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.document)))
        self.end_headers()
        if self.server.cuts:
            self.wfile.write(self.server.document[:10])
            self.close_connection = True
            return
        self.wfile.write(self.server.document)

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def endpoint():
    second = SecondEndpoint()
    try:
        yield second
    finally:
        second.gate.set()
        second.shutdown()
        second.server_close()


@pytest.fixture
def second():
    with endpoint() as made:
        yield made


@pytest.fixture
def node(tmp_path, second):
    with settings_node(tmp_path, "--shadow-url", second.url, "--shadow-share", "1") as running:
        running.publish("shop", DOCUMENT)
        yield running


def report(node, **expected):
    """The report, once it says this."""
    return eventually(lambda: (told := node.admin_get("shadow")) and
                      all(told[name] == value for name, value in expected.items()) and told, str(expected))


def test_equal_answers_are_equal_however_they_are_spelled(node, second):
    second.document = b'{ "dark":true,"none":null,\n"size":7.0e0, "color":"\\u0072ed"}'
    for index in range(5):
        assert node.settings("shop", {"id": f"u{index}"}) == ANSWER
    told = report(node, equal=5)
    assert (told["drawn"], told["failed"], told["contentDiffers"], told["settings"]) == (5, 0, 0, [])
    for side in ("live", "shadow"):
        row = told[side]
        assert row["count"] == 5 and 0 < row["p50"] <= row["p90"] <= row["p99"] <= row["max"] < 60_000


def test_the_second_endpoint_is_asked_the_same(node, second):
    node.session.post(node.url + "/v1/settings/shop", json={"id": "u1", "country": "NO"},
                      headers={"Cookie": "session=secret", "Authorization": "Bearer shop", "Accept-Language": "nb"},
                      timeout=30).raise_for_status()
    [(path, fields, body)] = eventually(lambda: second.seen, "the duplicated request")
    fields = {name.lower(): value for name, value in fields.items()}
    assert path == "/v1/settings/shop" and json.loads(body) == {"id": "u1", "country": "NO"}
    assert fields["vitrine-shadow"] == "1" and fields["accept-language"] == "nb"
    assert "cookie" not in fields and "secret" not in str(fields)


def test_settings_that_differ_are_named(node, second):
    second.document = json.dumps({"color": "blue", "size": 7, "dark": 1, "more": 1}).encode()
    for index in range(3):
        node.settings("shop", {"id": f"u{index}"})
    told = report(node, contentDiffers=3)
    # null and absent are different, true and 1 as well.
    assert {row["name"]: row["times"] for row in told["settings"]} == {"color": 3, "dark": 3, "more": 3, "none": 3}
    assert told["equal"] == 0 and told["otherSettings"] == 0


def test_another_status_is_counted_as_such(node, second):
    second.status, second.document = 401, b"{}"
    node.settings("shop", {"id": "u1"})
    assert report(node, statusDiffers=1)["contentDiffers"] == 0


def test_an_answer_that_is_no_document_is_not_comparable(node, second):
    second.document = b"<html>"
    node.settings("shop", {"id": "u1"})
    report(node, notComparable=1)


def test_a_broken_answer_is_a_failure(node, second):
    second.cuts = True
    assert node.settings("shop", {"id": "u1"}) == ANSWER
    report(node, failed=1, equal=0)
    second.cuts = False
    node.settings("shop", {"id": "u1"})
    report(node, failed=1, equal=1)


def test_nobody_waits_for_an_endpoint_that_hangs(node, second):
    second.gate.clear()
    begin = time.monotonic()
    for index in range(200):
        assert node.settings("shop", {"id": f"u{index}"}) == ANSWER
    # One that is waited for takes five seconds; so many at a time are few.
    assert time.monotonic() - begin < 30
    told = report(node, drawn=200)
    assert told["dropped"] >= 200 - 64 - 4 - 1 and told["equal"] == 0
    assert len(second.seen) <= 4
    assert node.stop() == 0, "nor does the end of the node"


def test_an_endpoint_that_is_not_there_is_a_failure(tmp_path):
    with endpoint() as gone:
        url = gone.url
    with settings_node(tmp_path, "--shadow-url", url, "--shadow-share", "1") as node:
        node.publish("shop", DOCUMENT)
        for index in range(10):
            assert node.settings("shop", {"id": f"u{index}"}) == ANSWER
        report(node, failed=10)
        assert node.stop() == 0


def test_a_duplicate_is_not_duplicated_again(node, second):
    node.ask("shop", {"id": "u1"}, headers={"Vitrine-Shadow": "1"})
    node.ask("shop", {"id": "u2"})
    report(node, equal=1)
    assert [json.loads(body)["attributes"]["id"] for _, _, body in second.seen] == ["u2"]


def test_two_nodes_compare(tmp_path):
    """A roll-out: the second node has another release."""
    with settings_node(tmp_path / "new") as new, settings_node(
        tmp_path / "old", "--shadow-url", new.url, "--shadow-share", "1"
    ) as old:
        old.publish("shop", features(experiment(weights=[1, 0])))
        new.publish("shop", features(experiment(weights=[0, 1])))
        for index in range(4):
            assert old.settings("shop", {"id": f"u{index}"}) == {"color": "control"}
        told = report(old, contentDiffers=4)
        assert told["settings"] == [{"name": "color", "times": 4}]
        new.publish("shop", features(experiment(weights=[1, 0], bucketVersion=1)))
        for index in range(4):
            old.settings("shop", {"id": f"u{index}"})
        report(old, contentDiffers=4, equal=4)


def test_a_share_of_none_asks_nobody(tmp_path, second):
    with settings_node(tmp_path, "--shadow-url", second.url, "--shadow-share", "0") as node:
        node.publish("shop", DOCUMENT)
        for index in range(20):
            node.settings("shop", {"id": f"u{index}"})
        told = node.admin_get("shadow")
        assert told is None or told["drawn"] == 0
    assert second.seen == []


def test_a_share_is_a_share(tmp_path, second):
    with settings_node(tmp_path, "--shadow-url", second.url, "--shadow-share", "0.25") as node:
        node.publish("shop", DOCUMENT)
        for index in range(40):
            node.settings("shop", {"id": f"u{index}"})
        drawn = node.admin_get("shadow")["drawn"]
    assert 5 <= drawn <= 15, drawn


@pytest.mark.parametrize("flags", [
    ("--shadow-url", "ftp://example.com"), ("--shadow-url", "http://h", "--shadow-share", "2"),
    ("--shadow-url", "http://h", "--shadow-share", "-1"),
], ids=" ".join)
def test_wrong_parameters_are_refused(tmp_path, flags):
    from running_server import run

    done = run("serve", "--data", tmp_path, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", *flags,
               check=False)
    assert done.returncode == 64 and "shadow" in done.stderr, done.stderr


def test_without_an_endpoint_there_is_no_report(tmp_path):
    with settings_node(tmp_path) as node:
        assert node.admin_get("shadow") is None
