"""Edges count, too: deliveries equal the access log to the last request, also where the collector is elsewhere."""

import collections
import concurrent.futures
import datetime
import io
import json
import os
import socket
import urllib.request

import pytest
import requests
from PIL import Image

from edge_under_test import eventually
from running_server import TOKEN, RunningServer, run
from settings_people import experiment, features, settings_node

AUTH = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """An interpreter with the project's packages: the one of the variable, or of an environment that a run makes."""
    given = os.environ.get("VITRINE_TEST_PYTHON")
    if given:
        return given
    data = tmp_path_factory.mktemp("environment")
    run("usage", "run", "--data", data)
    return str(next((data / "usage").glob("python-*/bin/python")))


def days():
    """Yesterday to tomorrow: a test may run over midnight."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return [str(today - datetime.timedelta(days=1)), str(today + datetime.timedelta(days=1))]


def upload(server, colour):
    out = io.BytesIO()
    Image.new("RGB", (160, 120), colour).save(out, "PNG")
    answer = requests.post(server.url + "/originals", data=out.getvalue(), headers=AUTH, timeout=30)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["id"]


def ask(server, path, method="GET", **fields):
    request = urllib.request.Request(server.url + path, method=method, headers={
        name.replace("_", "-"): value for name, value in fields.items()})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, len(answer.read()), answer.headers.get("ETag")
    except urllib.error.HTTPError as error:
        return error.code, len(error.read()), None


def leave(server, path):
    """Asks, and goes before the answer is read."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())


def browse(server, identifiers, widths):
    """Some hundred requests: fetched, from memory, on the event loop, in parts, unchanged, and not found."""
    def one(work):
        identifier, width = work
        path = f"/img/unsafe/w:{width}/plain/original://{identifier}"
        seen = [ask(server, path)]
        tag = seen[0][2]
        for _ in range(3):
            seen += [ask(server, path), ask(server, path, "HEAD"), ask(server, path, If_None_Match=tag),
                     ask(server, path, Range="bytes=3-9"), ask(server, path, Range="bytes=0-1,5-6"),
                     ask(server, path, Cache_Control="no-cache")]
        seen += [ask(server, path, Range="bytes=999999999-"), ask(server, path, "POST"),
                 ask(server, f"/img/unsafe/w:{width}/plain/original://{'0' * 64}"), ask(server, "/img/x")]
        leave(server, path)
        return seen

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = [answer for seen in pool.map(one, [(i, w) for i in identifiers for w in widths]) for answer in seen]
    assert {200, 206, 304, 404} <= {status for status, _, _ in answers}
    return sum(1 for status, _, _ in answers if status in (200, 206, 304))


def write_log(server, path):
    """The log of a server that has ended, whole, as it was written."""
    eventually(lambda: any(entry.get("msg") == "stopped" for entry in server.lines), "the log's end")
    with open(path, "w", encoding="utf-8") as file:
        for entry in server.lines:
            file.write((entry["msg"] if entry.get("unparsed") else json.dumps(entry)) + "\n")
    return path


def reconcile(data, python, *logs, check=True):
    first, last = days()
    done = run("usage", "reconcile", "--from", first, "--to", last, "--json", "--data", data, "--python", python,
               *logs, check=check)
    return done, json.loads(done.stdout)


@pytest.mark.parametrize("form", ["json", "combined"])
def test_deliveries_equal_the_access_log(tmp_path, python, form):
    data = tmp_path / "data"
    server = RunningServer(data, "--access-log-format", form, "--usage-delivery-window", "300ms", "--node", "edge-a")
    try:
        identifiers = [upload(server, colour) for colour in ("red", "green", "blue")]
        delivered = browse(server, identifiers, [40, 50])
    finally:
        assert server.stop() == 0
    log = write_log(server, tmp_path / "access.log")
    run("usage", "run", "--data", data, "--python", python)
    done, answer = reconcile(data, python, log)
    assert answer["equal"] and answer["logged"] == answer["counted"] and answer["unreadable"] == 0
    # Those who left may have been answered.
    assert delivered <= answer["logged"]["requests"] <= delivered + 6
    rows = json.loads(run("usage", "deliveries", "--from", days()[0], "--to", days()[1], "--contents", "--format",
                          "json", "--data", data, "--python", python).stdout)
    assert {row["source"] for row in rows} == {"/nodes/edge-a/deliveries"}
    assert {row["content_id"] for row in rows} == {f"original://{identifier}" for identifier in identifiers}
    assert {(row["action"], row["status"]) for row in rows} == {("delivered", 200), ("delivered", 206),
                                                                ("revalidated", 304)}
    # A log that has lost one line, or has one twice, is found out.
    lines = log.read_text().splitlines()
    index = next(i for i, line in enumerate(lines) if "/img/unsafe/w:40" in line and "HEAD" in line)
    short = tmp_path / "short.log"
    short.write_text("\n".join(lines[:index] + lines[index + 1:]) + "\n")
    done, answer = reconcile(data, python, short, check=False)
    assert done.returncode == 1 and not answer["equal"] and "+1 requests" in done.stderr, done.stderr
    with open(log, encoding="utf-8") as piped:
        table = run("usage", "reconcile", "--from", days()[0], "--to", days()[1], "--data", data, "--python", python,
                    "-", stdin=piped)
    assert table.stdout.rstrip().endswith("equal")
    kept = json.loads((data / "usage/warehouse/reconciliation.json").read_text())
    assert kept and all(day["difference"] == 0 and day["log"] == day["counted"] > 0 for day in kept)


def figure(server, name):
    """A figure with or without labels from the admin listener."""
    text = urllib.request.urlopen(server.admin + "/metrics", timeout=10).read().decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
               if line.startswith((name + " ", name + "{")))


def deliveries(server):
    """The lines of delivered pictures in a server's log."""
    found = [entry["metadata"] for entry in list(server.lines) if entry.get("logger") == "vitrine.http"]
    return [line for line in found if line["path"].startswith("/img/") and line["status"] in ("200", "206", "304")]


def test_an_edge_elsewhere_loses_nothing_when_its_collector_is_killed(tmp_path, python):
    home = tmp_path / "collector"
    collector = RunningServer(home, "--roles", "collector", unsafe=False)
    address = collector.addresses["public"]
    edge = RunningServer(tmp_path / "edge", "--roles", "origin,edge", "--usage-collector", f"http://{address}",
                         "--usage-delivery-window", "100ms", "--node", "edge-b")
    try:
        identifiers = [upload(edge, "yellow")]
        browse(edge, identifiers, [40])
        eventually(lambda: figure(edge, "vitrine_usage_forwarded_events_total") > 0, "the first events")
        collector.kill()
        browse(edge, identifiers, [41, 42])
        eventually(lambda: figure(edge, "vitrine_usage_forwarding_failures_total") > 0, "a failure")
        eventually(lambda: figure(edge, "vitrine_deliveries_waiting_rows") == 0, "everything on the disk")
        assert figure(edge, "vitrine_usage_forwarding_lag_seconds") > 0
        # Killed with everything on its disk: the next start sends what this one could not.
        counted = figure(edge, "vitrine_deliveries_total")
        edge.kill()
        eventually(lambda: len(deliveries(edge)) == counted, "the log's end")
        before = list(edge.lines)
        edge = RunningServer(tmp_path / "edge", "--roles", "origin,edge", "--usage-collector", f"http://{address}",
                             "--usage-delivery-window", "100ms", "--node", "edge-b")
        collector = RunningServer(home, "--roles", "collector", "--listen", address, unsafe=False)
        browse(edge, identifiers, [43])
    finally:
        assert edge.stop() == 0
        assert collector.stop() == 0
    log = write_log(edge, tmp_path / "second.log")
    first = tmp_path / "first.log"
    first.write_text("".join(json.dumps(entry) + "\n" for entry in before))
    run("usage", "run", "--data", home, "--python", python)
    _, answer = reconcile(home, python, first, log)
    assert answer["equal"] and answer["counted"]["requests"] > 60


def test_without_a_collector_nothing_is_counted(tmp_path):
    server = RunningServer(tmp_path / "data", "--roles", "origin,edge")
    try:
        assert ask(server, f"/img/unsafe/w:40/plain/original://{upload(server, 'red')}")[0] == 200
        text = urllib.request.urlopen(server.admin + "/metrics", timeout=10).read().decode()
        assert "vitrine_deliveries_total" not in text
    finally:
        assert server.stop() == 0


def test_an_exposure_that_two_nodes_saw_is_one(tmp_path, python):
    home = tmp_path / "north"
    units = [f"u{number}" for number in range(40)]
    arms = {}
    with settings_node(home, "--node", "north") as north:
        address = north.addresses["public"]
        with settings_node(tmp_path / "south", "--roles", "origin,edge", "--usage-collector", f"http://{address}",
                           "--node", "south") as south:
            for node, seen in ((north, units[:30]), (south, units[10:])):
                node.publish("shop", features(experiment("trial")))
                for unit in seen:
                    arms[unit] = node.settings("shop", {"id": unit})["color"]
            assert south.stop() == 0
        assert north.stop() == 0
    run("usage", "run", "--data", home, "--python", python)
    rows = json.loads(run("usage", "exposures", "--from", days()[0], "--to", days()[1], "--format", "json", "--data",
                          home, "--python", python).stdout)
    assert {(row["source"], row["experiment"]) for row in rows} == {("/apps/shop/experiments", "trial")}
    assert sorted(row["exposures"] for row in rows) == sorted(collections.Counter(arms.values()).values())
    assert sum(row["exposures"] for row in rows) == len(units)
    assert run("usage", "quarantine", "--data", home, "--python", python).stdout.count("\n") == 1
