"""`vitrine usage …` around the project: fetching, refusing, progress, signals. The counting is a stand-in."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from running_server import BINARY, clean_environment, run
from usage_shelf import Shelf, line, stand_in


@pytest.fixture
def shelf(tmp_path):
    """A store with three segments of two nodes."""
    shelf = Shelf(tmp_path / "data")
    shelf.ship("a", 1, [line("1"), line("2")])
    shelf.ship("a", 2, [line("3")])
    shelf.ship("b", 1, [line("4", creator="bob")])
    return shelf


@pytest.fixture
def usage(tmp_path, shelf):
    """Runs a command on the shelf with the stand-in."""
    project = stand_in(tmp_path / "project")

    def call(*arguments, mood="", check=True, **variables):
        return run("usage", *arguments, *flags(shelf, project), check=check,
                   env=clean_environment(MOOD=mood, **variables))
    call.project = project
    return call


def flags(shelf, project):
    return ["--data", shelf.data, "--warehouse", project, "--python", sys.executable]


def start(shelf, project, *arguments, **variables):
    return subprocess.Popen([BINARY, "usage", *arguments, *map(str, flags(shelf, project))], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(**variables))


def test_a_run_fetches_every_segment_and_counts(usage, shelf):
    done = usage("run")
    assert [name.split("-")[0] for name in shelf.fetched()] == [f"a/{1:020}", f"a/{2:020}", f"b/{1:020}"]
    assert "succeeded" in done.stdout and "12,345" in done.stdout and "fetch" in done.stderr
    called = json.loads((shelf.data / "usage/warehouse/called").read_text())
    assert called[:1] == ["run"] and called[-2:] == ["--engine", "duckdb"]
    assert called[called.index("--root") + 1] == str(shelf.data / "usage/warehouse")


def test_flags_reach_the_project(usage, shelf):
    usage("run", "--from", "2026-01-01", "--to", "2026-01-31", "--full", "--memory", "1GB", "--engine", "spark")
    called = json.loads((shelf.data / "usage/warehouse/called").read_text())
    assert called[called.index("--engine"):] == ["--engine", "spark", "--memory", "1GB", "--from", "2026-01-01",
                                                 "--to", "2026-01-31", "--full"]


def test_json_is_one_object_a_line(usage):
    lines = [json.loads(text) for text in usage("run", "--json").stdout.splitlines()]
    stages = [entry["stage"] for entry in lines]
    assert stages == ["seal", "fetch", "fetch", "fetch", "fetch", "land", "land", "done"]
    assert lines[-1]["run"] == 1 and lines[4]["done"] == lines[4]["of"] == 3


def test_a_dry_run_changes_nothing(usage, shelf):
    done = usage("run", "--dry-run")
    assert "3 to count, 4 lines" in done.stdout
    assert not (shelf.data / "usage").exists()


@pytest.mark.parametrize("harm, named", [
    (lambda shelf: shelf.manifest("a", 1).unlink(), "segment 1 of node a is missing"),
    (lambda shelf: shelf.object("b", 1).unlink(), "segment 1 of node b is missing"),
    (lambda shelf: shelf.object("a", 2).write_bytes(shelf.object("a", 2).read_bytes()[:-1] + b"x"),
     "segment 2 of node a is damaged"),
    (lambda shelf: shelf.manifest("a", 2).write_text("{"), "is damaged"),
])
def test_a_segment_that_cannot_be_trusted_is_named_before_anything_is_counted(usage, shelf, harm, named):
    harm(shelf)
    done = usage("run", check=False)
    assert done.returncode == 1 and named in done.stderr and "nothing was counted" in done.stderr, done.stderr
    assert not (shelf.data / "usage/warehouse/called").exists()
    last = json.loads(usage("run", "--json", check=False).stdout.splitlines()[-1])
    assert named in last["error"] and "run again" in last["remedy"]


def test_the_projects_own_reason_is_told_with_its_remedy(usage):
    done = usage("run", mood="fault", check=False)
    assert done.returncode == 1
    assert "rates.csv has no rate for picture" in done.stderr and "→ add one to config/rates.csv" in done.stderr
    crashed = usage("run", mood="crash", check=False)
    assert crashed.returncode == 1 and "RuntimeError: a bug" in crashed.stderr


def test_a_python_without_the_packages_is_told(usage, shelf, tmp_path):
    empty = stand_in(tmp_path / "empty")
    (empty / "vitrine_warehouse/__main__.py").write_text("import no_such_package\n")
    done = run("usage", "run", *flags(shelf, empty), check=False)
    assert done.returncode == 1 and "no_such_package" in done.stderr and "--python" in done.stderr


def test_one_run_at_a_time(usage, shelf):
    (shelf.data / "usage").mkdir()
    with open(shelf.data / "usage/run.lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = usage("run", check=False)
        assert done.returncode == 75 and "another run is at work" in done.stderr
        assert json.loads(usage("status", "--json").stdout)["running"] is True
    assert usage("run").returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_passed_on_and_told_in_the_exit_code(usage, shelf, number):
    process = start(shelf, usage.project, "run", "--json", MOOD="slow")
    while json.loads(process.stdout.readline())["stage"] != "model":
        pass
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode in (0, 128 + number), errors
    assert (shelf.data / "usage/warehouse/left").read_text() == "in good order"


def test_a_killed_run_leaves_nothing_behind_that_runs(usage, shelf):
    process = start(shelf, usage.project, "run", "--json", MOOD="slow")
    while json.loads(process.stdout.readline())["stage"] != "model":
        pass
    children = [int(text) for text in
                open(f"/proc/{process.pid}/task/{process.pid}/children").read().split()] or descendants(process.pid)
    process.kill()
    process.wait(30)
    end = time.monotonic() + 30
    while any(os.path.exists(f"/proc/{child}") for child in children) and time.monotonic() < end:
        time.sleep(0.02)
    assert children and not any(os.path.exists(f"/proc/{child}") for child in children)
    assert usage("run").returncode == 0


def descendants(parent):
    """Process ids of the children, whichever thread started them."""
    found = []
    for task in os.listdir(f"/proc/{parent}/task"):
        found += map(int, open(f"/proc/{parent}/task/{task}/children").read().split())
    return found


def test_a_beat_counts_what_came_meanwhile_and_outlives_a_failure(usage, shelf):
    process = start(shelf, usage.project, "run", "--every", "5s", "--json")
    lines = (json.loads(text) for text in process.stdout)
    assert next(entry for entry in lines if entry["stage"] == "done")["run"] == 1
    harmed = shelf.manifest("a", 2)
    kept = harmed.read_bytes()
    harmed.write_text("{")
    assert "is damaged" in next(entry["error"] for entry in lines if "error" in entry)
    harmed.write_bytes(kept)
    shelf.ship("b", 2, [line("5"), line("6")])
    fetched = next(entry for entry in lines if entry.get("stage") == "fetch" and entry.get("of"))
    assert fetched["of"] == 4  # The stand-in lands nothing.
    assert next(entry for entry in lines if entry.get("stage") == "done")["run"] == 1
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, errors
    assert "is damaged" in errors


def test_data_is_passed_on_as_it_is(usage):
    usage("run")
    text = usage("daily", "--from", "2026-01-01", ROWS="50000").stdout
    assert text == "day,creator_id,content_type,uses\n" + "".join(
        f"2026-01-01,creator {number},picture,{number}\n" for number in range(50000))
    failed = usage("daily", "--from", "2026-01-01", mood="fault", check=False)
    assert failed.returncode == 1 and "error" not in failed.stdout and "the day is not counted" in failed.stderr
    verb = json.loads(usage("explain", "ada", "2026-01-01").stdout)
    assert verb[0] == "explain" and verb[-5:] == ["--format", "csv", "--", "ada", "2026-01-01"]


def test_a_reader_that_leaves_is_no_failure(usage, shelf):
    usage("run")
    process = start(shelf, usage.project, "daily", "--from", "2026-01-01", ROWS="3000000")
    assert process.stdout.readline().startswith("day,")
    process.stdout.close()
    assert process.wait(60) in (0, -signal.SIGPIPE)


def test_nothing_is_asked_before_the_first_run(usage):
    done = usage("payouts", check=False)
    assert done.returncode == 1 and "nothing was counted yet" in done.stderr and "vitrine usage run" in done.stderr


@pytest.mark.parametrize("arguments", [
    ["run", "--from", "2026-02-30"], ["run", "--to", "2026-01-01"], ["run", "--engine", "abacus"], ["run", "extra"],
    ["run", "--from", "2026-02-02", "--to", "2026-02-01"], ["run", "--every", "often"], ["run", "--every", "1s"],
    ["run", "--every", "60s", "--full"], ["run", "--every", "60s", "--dry-run"], ["daily"],
    ["daily", "--from", "today"],
    ["daily", "--from", "2026-01-01", "--format", "xml"], ["explain", "ada"], ["explain", "ada", "yesterday"],
    ["close"], ["close", "2026-13"], ["payouts", "--period", "May"], ["quarantine", "--limit", "0"],
])
def test_wrong_calls_are_told_with_exit_code_64(usage, arguments):
    done = usage(*arguments, check=False)
    assert done.returncode == 64 and done.stderr.startswith("vitrine: "), done.stderr


def test_status_says_what_waits_and_what_was_done(usage):
    before = json.loads(usage("status", "--json").stdout)
    assert before["waiting"] == {"segments": 3, "lines": 4, "bytes": before["waiting"]["bytes"]}
    assert before["last"] is None and before["collector"] == "absent" and before["running"] is False
    usage("run")
    after = json.loads(usage("status", "--json").stdout)
    assert after["last"]["run"] == 1
    assert "succeeded" in usage("status").stdout


def test_every_command_has_help():
    for name in ["run", "status", "daily", "explain", "payouts", "adjustments", "close", "quarantine"]:
        shown = run("usage", name, "--help").stdout
        assert f"Usage: vitrine usage {name}" in shown and "--python" in shown and "--store" in shown
