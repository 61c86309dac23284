"""A run that dies at any instant leaves what the next run turns into the same marts and exports."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from conftest import PROJECT
from world import USAGE, World

# The process ends itself, as kill -9 would, before the given one of all calls that make something last.
CRASHER = """
import itertools, os, signal, sys
sys.path.insert(0, sys.argv[1])
count, at = itertools.count(1), int(sys.argv[2])

def dying(call):
    def wrapper(*arguments, **named):
        if next(count) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)
    return wrapper

from vitrine_warehouse import landing, layout, models, exports, compaction, guard, marts, sources, catalog
os.replace, os.rename = dying(os.replace), dying(os.rename)
for module, name in [(landing, "publish"), (sources, "write"), (models, "build"), (marts, "fingerprint"),
                     (exports, "apply"), (exports, "last"), (compaction, "merge"), (guard, "days_of")]:
    setattr(module, name, dying(getattr(module, name)))
begin = catalog.Catalog.transaction
catalog.Catalog.transaction = dying(begin)
see = models.Watch.see
def seen(self, event):
    if event.info.name == "LogModelResult" and next(count) == at:
        os.kill(os.getpid(), signal.SIGKILL)
    see(self, event)
models.Watch.see = seen
from vitrine_warehouse.__main__ import main
code = main(sys.argv[3:])
print("calls", next(count), file=sys.stderr)
sys.exit(code)
"""


def test_a_run_killed_anywhere_and_run_again_counts_the_same(bench, tmp_path):
    made = World(8, "2024-01-20", days=25, events=1_200, segments=12, nodes=1)
    script = tmp_path / "crasher.py"
    script.write_text(CRASHER)
    chance = random.Random(5)
    bench.configure()
    bench.receive(made.segments[:3])
    bench.run()
    kills, at = 0, 2
    for index in range(3, 12, 3):
        bench.receive(made.segments[index:index + 3])
        while True:
            done = subprocess.run(
                [sys.executable, str(script), str(PROJECT), str(at), "run", "--root", str(bench.layout.root),
                 "--memory", "1GB"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
            at += chance.randint(1, 9)
            if done.returncode == 0:
                assert json.loads(done.stdout.splitlines()[-1])["stage"] == "done"
                break
            assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
            kills += 1
            if kills % 4 == 0:
                at = 10**6
        at = 2 + index
    assert kills >= 8
    bench.check()
    statuses = [json.loads(path.read_bytes())["status"] for path in bench.layout.runs.iterdir()]
    assert statuses.count("interrupted") == kills
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
