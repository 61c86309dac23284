"""Apache Spark, a real standalone cluster of a master and two workers on loopback, gives the marts DuckDB gives."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT, Bench
from vitrine_warehouse import marts
from vitrine_warehouse import run as runs
from vitrine_warehouse.engine import Limits
from vitrine_warehouse.progress import Progress
from world import World

GENERATE = PROJECT.parent / "Benchmarks" / "usage" / "generate.py"
EVENTS = 1_050_000
# Short lives: no JVM here runs long enough to earn back its best compiler or many collector threads.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData"

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java: apt-get install openjdk-17-jre-headless"),
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pip install -r requirements-spark.txt"),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The master's address. Ports are the system's choice; only what was started here is ended."""
    import pyspark

    home = Path(pyspark.__file__).parent
    folder = tmp_path_factory.mktemp("cluster")
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1",
                   "SPARK_LOCAL_DIRS": str(folder), "SPARK_DAEMON_MEMORY": "256m", "JDK_JAVA_OPTIONS": JAVA}
    started: list[subprocess.Popen] = []

    def start(name: str, *arguments: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1", "--port", "0",
             "--webui-port", "0", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=environment, stdin=subprocess.DEVNULL, cwd=folder)
        started.append(process)
        return process

    def ready(process: subprocess.Popen) -> str:
        """Reads a daemon's log up to the line that says where it is, or that it has found its master."""
        log = ""
        for line in process.stderr:
            log += line
            if match := re.search(r"Starting Spark master at (spark://\S+)|Successfully registered with master", line):
                # What it says later is read too, so that it never waits for a reader.
                threading.Thread(target=process.stderr.read, daemon=True).start()
                return match[1] or ""
        raise AssertionError(f"a daemon ended: {log}")

    try:
        address = ready(start("master.Master"))
        workers = [start("worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir", str(folder / "work"), address)
                   for _ in range(2)]
        for worker in workers:
            ready(worker)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def on_spark(layout, address: str, **more) -> dict:
    """A run on the cluster, in a process of its own as always."""
    code = ("import sys; sys.path.insert(0, sys.argv[1]); from vitrine_warehouse.__main__ import main; "
            "sys.exit(main(sys.argv[2:]))")
    done = subprocess.run(
        [sys.executable, "-c", code, str(PROJECT), "run", "--engine", "spark", "--root", str(layout.root), "--memory",
         "1GB", *(f"--{name}" for name in more)],
        env={**os.environ, "VITRINE_SPARK_MASTER": address, "VITRINE_SPARK_MEMORY": "700m",
             "VITRINE_SPARK_PARTITIONS": "2", "JDK_JAVA_OPTIONS": JAVA}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_million_events_count_the_same_on_both_engines(cluster, tmp_path):
    bench = Bench(tmp_path / "warehouse")
    bench.settings.rates = [("", "", "", "", "", "0.003333333"), ("", "", "photo", "pro", "", "0.0125")]
    bench.configure()
    subprocess.run([sys.executable, str(GENERATE), "parquet", str(bench.layout.root), "--events", str(EVENTS), "--days",
                    "3"], check=True, stdout=subprocess.DEVNULL)
    here = runs.run(bench.layout, bench.order(), Progress(io.StringIO()))
    assert here["rows"] >= 1_000_000
    there = on_spark(bench.layout, cluster)
    assert there["marts"] == here["marts"]
    assert there["counts"]["uses"] == here["counts"]["uses"] > 700_000
    assert there["export"] is None


def test_adversarial_days_count_the_same_on_both_engines(cluster, bench):
    made = World(31, "2024-01-20", days=30, events=1_500, segments=6, nodes=2)
    bench.settings.rates = [("", "", "", "", "", "0.003333333"), ("2024-02-01", "", "photo", "pro", "", "0.025")]
    bench.settings.counting = {"font": "every_event"}
    bench.settings.caps = [("user", "", "", 5), ("creator", "2024-01-28", "", 3)]
    bench.receive(made.segments[:3])
    bench.run()
    bench.close("2024-01")
    on_spark(bench.layout, cluster)
    bench.check()
    # The second run replaces the days it touches, and corrects the closed period.
    bench.receive(made.segments[3:])
    there = on_spark(bench.layout, cluster)
    answer = bench.check()
    assert bench.query("select count(*) from marts.adjustments") != [(0,)]
    # Questions are answered from what Spark built: every use of the busiest creator and day is shown.
    uses = Counter()
    for (day, creator, _), (count, _) in answer.creator_daily.items():
        uses[day, creator] += count
    (day, creator), count = uses.most_common(1)[0]
    with duckdb.connect(str(bench.layout.database), read_only=True) as connection:
        _, rows = marts.explain(connection, creator, day, 10_000)
    assert sum(row[0] == "use" for row in rows) == count > 0
    here = runs.run(bench.layout, runs.Order(PROJECT, Limits("1GB", 2)), Progress(io.StringIO()))
    assert here["marts"] == there["marts"]
    bench.check()
