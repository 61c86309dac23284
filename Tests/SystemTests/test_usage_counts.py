"""`vitrine usage run` for real: its own Python, the project that the binary carries, segments and events over HTTP."""

import json
import os
import pathlib
import signal
import subprocess
import urllib.request

import pytest

from running_server import BINARY, RunningServer, clean_environment, run
from usage_shelf import Shelf, line

DAY = "2026-01-01"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder whose first run was killed while it installed, and whose second one counted."""
    shelf = Shelf(tmp_path_factory.mktemp("usage") / "data")
    shelf.ship("a", 1, [line("1"), line("2", user="u2"), line("1")])
    shelf.ship("b", 1, [line("3", creator="bob", content="c2"), line("1")])
    first = subprocess.Popen([BINARY, "usage", "run", "--json", "--data", str(shelf.data)], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean_environment())
    for text in first.stdout:
        if json.loads(text).get("detail", "").startswith("collecting"):
            break
    first.send_signal(signal.SIGKILL)
    first.wait(30)
    assert not list((shelf.data / "usage").glob("python-*/vitrine.json"))
    shelf.lines = progress(run("usage", "run", "--json", "--data", shelf.data))
    return shelf


def progress(done):
    return [json.loads(text) for text in done.stdout.splitlines()]


def python(shelf):
    return next((shelf.data / "usage").glob("python-*/bin/python"))


def test_a_half_environment_is_made_anew_and_said_so(made):
    told = [entry["detail"] for entry in made.lines if entry["stage"] == "python"]
    assert told[0].startswith("making the Python environment anew") and told[-1] == "the Python environment is ready"
    assert any(text.startswith("installing") for text in told)
    assert [entry["stage"] for entry in made.lines][-1] == "done"


def test_the_environment_is_made_once(made):
    again = progress(run("usage", "run", "--json", "--data", made.data))
    assert not [entry for entry in again if entry["stage"] == "python"]
    assert again[-1]["marts"] == made.lines[-1]["marts"], "the same events give the same numbers"


def test_counts_are_exact_and_payouts_follow(made):
    daily = run("usage", "daily", "--from", DAY, "--to", DAY, "--data", made.data).stdout
    assert daily == f"day,creator_id,content_type,uses\n{DAY},ada,picture,2\n{DAY},bob,picture,1\n"
    rows = json.loads(run("usage", "payouts", "--format", "json", "--data", made.data).stdout)
    assert [(row["creator_id"], row["uses"]) for row in rows] == [("ada", 2), ("bob", 1)]
    behind = json.loads(run("usage", "explain", "ada", DAY, "--format", "json", "--data", made.data).stdout)
    assert [row["became"] for row in behind] == ["use", "use", "duplicate", "duplicate"]
    assert run("usage", "quarantine", "--data", made.data).stdout.count("\n") == 1


def test_everything_again_from_the_segments_gives_the_same(made):
    assert progress(run("usage", "run", "--full", "--json", "--data", made.data))[-1]["marts"] == \
        made.lines[-1]["marts"]


def test_a_lost_segment_stops_a_full_run_and_changes_nothing(made):
    lost = made.object("a", 1)
    kept = lost.read_bytes()
    lost.unlink()
    try:
        done = run("usage", "run", "--full", "--data", made.data, check=False)
        # The copy of the earlier fetch is as good, and says so by its hash.
        assert done.returncode == 0
        made.manifest("a", 1).rename(made.data / "away")
        done = run("usage", "run", "--full", "--data", made.data, check=False)
        assert done.returncode == 1 and "segment 1 of node a" in done.stderr
    finally:
        lost.write_bytes(kept)
        if (made.data / "away").exists():
            (made.data / "away").rename(made.manifest("a", 1))
    daily = run("usage", "daily", "--from", DAY, "--data", made.data).stdout
    assert f"{DAY},ada,picture,2\n" in daily


def test_without_a_way_to_the_index_the_remedy_is_told(tmp_path):
    Shelf(tmp_path / "data").ship("a", 1, [line("1")])
    # Nobody listens on the port of "discard".
    away = clean_environment(PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_NO_CACHE_DIR="1")
    done = run("usage", "run", "--data", tmp_path / "data", check=False, env=away)
    assert done.returncode == 1 and "does not answer" in done.stderr and "PIP_INDEX_URL" in done.stderr, done.stderr
    assert not (tmp_path / "data/usage/warehouse/segments").exists()


def test_without_python_the_remedy_is_told(tmp_path):
    Shelf(tmp_path / "data").ship("a", 1, [line("1")])
    done = run("usage", "run", "--data", tmp_path / "data", check=False, env=clean_environment(PATH=str(tmp_path)))
    assert done.returncode == 1 and "no python3" in done.stderr and "apt-get install python3" in done.stderr


def send(server, event, **data):
    body = {"specversion": "1.0", "id": event, "source": "/tests", "type": "com.vitrine.usage.v1",
            "time": f"{DAY}T10:00:00Z",
            "data": {"content_id": "c1", "content_type": "picture", "creator_id": "ada", "user_id": "u1",
                     "action": "export", **data}}
    request = urllib.request.Request(server.url + "/v1/events", json.dumps(body).encode(),
                                     {"Content-Type": "application/cloudevents+json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 202


def test_acknowledged_events_are_counted_beside_the_node_and_after_its_kill(made, tmp_path):
    data = tmp_path / "data"
    flags = ["--data", data, "--python", python(made)]
    server = RunningServer(data, "--roles", "collector")
    try:
        send(server, "1")
        send(server, "1")
        send(server, "2", user_id="u2")
        lines = progress(run("usage", "run", "--json", *flags))
        assert next(entry for entry in lines if entry["stage"] == "seal")["detail"].startswith("the running collector")
        assert f"{DAY},ada,picture,2\n" in run("usage", "daily", "--from", DAY, *flags).stdout
        send(server, "3", user_id="u3")
    finally:
        server.kill()
    lines = progress(run("usage", "run", "--json", *flags))
    assert next(entry for entry in lines if entry["stage"] == "seal")["detail"] == "sealed and shipped"
    assert f"{DAY},ada,picture,3\n" in run("usage", "daily", "--from", DAY, *flags).stdout


def test_the_doctor_knows_the_python(tmp_path):
    found = json.loads(run("doctor", "--json", "--data", tmp_path, check=False).stdout)
    usage = next(entry for entry in found if entry["name"] == "usage python")
    assert usage["ok"] and os.path.basename(usage["detail"].split(" ")[0]).startswith("python3")
    assert pathlib.Path(usage["detail"].split(" ")[0]).exists()
