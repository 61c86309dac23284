"""A run that dies at any instant leaves what the next run turns into the same marts and exports."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT
from world import USAGE, World

DEATHS = (-signal.SIGKILL, -signal.SIGALRM)


class Crasher:
    """Runs that die where they are told to (crasher.py)."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("crasher.py")), str(PROJECT)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.kills = 0

    def run(self, bench, *verb: str, **when) -> dict:
        arguments = [*verb, "--root", str(bench.layout.root), "--memory", "1GB"]
        self.process.stdin.write(json.dumps({"arguments": arguments, **when}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.kills += answer["status"] in DEATHS
        return answer

    def run_through(self, bench, chance: random.Random, stride: int, *verb: str) -> dict:
        """Kills run after run, each a few steps later than the one before, until one ends by itself."""
        at = 1
        while True:
            answer = self.run(bench, *verb, at=at)
            if answer["status"] not in DEATHS:
                return answer
            at += chance.randint(1, stride)


@pytest.fixture
def crasher():
    made = Crasher()
    yield made
    made.process.stdin.close()
    made.process.wait()
    made.process.stdout.close()


def test_runs_and_closings_killed_anywhere_and_repeated_count_the_same(bench, crasher, deep):
    made = World(8, "2024-01-20", days=25, events=1_200, segments=9, nodes=1)
    chance = random.Random(5)
    bench.configure()
    bench.receive(made.segments[:3])
    bench.run()
    stride = 1 if deep else 7
    bench.receive(made.segments[3:6])
    assert crasher.run_through(bench, chance, stride, "run")["status"] == 0
    bench.check()
    answer = crasher.run_through(bench, chance, stride, "close", "2024-01", "--today", "2099-01-01")
    # A closing that died after its statement was frozen need not be repeated; a run does the rest.
    assert answer["status"] == 0 or "closed already" in answer["said"][-1], answer
    bench.books.close("2024-01", bench.answer())
    bench.receive(made.segments[6:])
    # Now also within steps, at times nobody chose.
    for _ in range(30 if deep else 5):
        crasher.run(bench, "run", after=chance.uniform(0.05, 4))
    assert crasher.run_through(bench, chance, 25, "run")["status"] == 0
    assert crasher.kills > (100 if deep else 20)
    bench.check()
    statuses = [json.loads(path.read_bytes())["status"] for path in bench.layout.runs.iterdir()]
    assert 0 < statuses.count("interrupted") <= crasher.kills and "running" not in statuses
    marts = bench.run()["marts"]
    assert bench.run(full=True)["marts"] == marts
    bench.check()


def test_the_command_line_says_what_it_counted(bench):
    made = World(9, "2024-01-01", days=3, events=200, segments=2, nodes=1)
    bench.configure()
    bench.receive(made.segments)

    def command(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-m", "vitrine_warehouse", *arguments, "--root", str(bench.layout.root)],
                              cwd=PROJECT, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, "PYTHONPATH": str(PROJECT)})

    early = command("daily", "--from", "2024-01-01", "--to", "2024-01-02")
    assert early.returncode == 1 and json.loads(early.stdout)["remedy"] == "vitrine usage run"
    done = command("run")
    assert done.returncode == 0, done.stderr
    stages = [json.loads(line) for line in done.stdout.splitlines()]
    order = list(dict.fromkeys(line["stage"] for line in stages))
    assert order[:2] + sorted(order[2:4]) + order[4:] == ["land", "guard", "model", "test", "export", "done"]
    assert all({"done", "of", "rows", "seconds"} <= set(line) for line in stages)
    answer = bench.check()

    daily = command("daily", "--from", "2024-01-01", "--to", "2024-01-02").stdout.splitlines()
    expected = sorted((key for key in answer.creator_daily if "2024-01-01" <= key[0] <= "2024-01-02"),
                      key=lambda key: [part.encode() for part in key])
    assert daily[0] == "day,creator_id,content_type,uses" and len(daily) == len(expected) + 1
    as_json = json.loads(command("daily", "--from", "2024-01-01", "--to", "2024-01-02", "--format", "json").stdout)
    assert [(row["day"], row["creator_id"], row["content_type"]) for row in as_json] == expected

    explained = json.loads(command("explain", "ann", "2024-01-02", "--format", "json").stdout)
    uses = sum(uses for (day, creator, _), (uses, _) in answer.creator_daily.items()
               if (day, creator) == ("2024-01-02", "ann"))
    assert uses > 0 and sum(row["became"] == "use" for row in explained) == uses
    events = [line.event for segment in made.segments for line in segment.lines]
    lines = [e for e in events if (e.creator_id, e.day, e.type) == ("ann", "2024-01-02", USAGE)]
    assert len(explained) == len(lines)

    assert json.loads(command("status").stdout)["last"]["status"] == "succeeded"
    assert command("payouts").stdout.startswith("period,creator_id,uses,amount")
    assert len(command("quarantine").stdout.splitlines()) == len(answer.quarantine) + 1
    assert json.loads(command("close", "2023-99").stdout.splitlines()[-1])["error"] == "'2023-99' is no period"


def test_the_projects_folder_is_only_read(bench):
    def files() -> dict[Path, float]:
        return {path: path.stat().st_mtime_ns for path in PROJECT.rglob("*")
                if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts}

    before = files()
    bench.receive(World(1, "2024-01-01", 2, 50, 1).segments)
    bench.run()
    assert files() == before
