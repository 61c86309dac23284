"""Runs the dbt project."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path

from . import spark
from .engine import Limits
from .faults import Fault
from .layout import Layout
from .progress import Progress

SUFFIXES = {".sql", ".yml"}


def project_digest(project: Path) -> str:
    """Changes when a model, a macro or the project's settings do: then everything is built again."""
    digest = hashlib.sha256()
    for path in sorted(path for part in ("models", "macros") for path in (project / part).rglob("*")):
        if path.suffix in SUFFIXES:
            digest.update(str(path.relative_to(project)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def build(project: Path, layout: Layout, limits: Limits, progress: Progress, engine: str, anew: bool,
          deep: bool) -> int:
    """Builds the models and runs their tests. Returns the number of tests that passed.

    DuckDB builds and tests in the order of what needs what. Spark builds the tables; the views and the tests are
    DuckDB's there too, which then reads what Spark wrote.

    Raises a `Fault` that names what failed. Nothing is sent anywhere.
    """
    os.environ.update({
        "VITRINE_DATABASE": str(layout.database), "VITRINE_MEMORY": limits.memory,
        "VITRINE_THREADS": str(limits.threads), "VITRINE_SPILL": str(layout.scratch / "spill"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1",
    })
    arguments = ["--full-refresh"] if anew else []
    untested = [] if deep else ["--exclude", "tag:deep"]
    if engine == "duckdb":
        return invoke(project, layout, progress, engine, ["build", *untested, *arguments])
    tables = ["--select", "+config.materialized:by_days", "+config.materialized:table"]
    invoke(project, layout, progress, engine, ["run", *tables, *arguments])
    spark.publish(layout)
    spark.release()
    # Nothing was sorted here for the views, so they group.
    rest = ["--vars", "{repeats: grouped}", "--select", "config.materialized:view", "resource_type:test"]
    return invoke(project, layout, progress, "duckdb", ["build", *rest, *untested])


def invoke(project: Path, layout: Layout, progress: Progress, target: str, command: list[str]) -> int:
    """One call of dbt, in this process. Returns the number of tests that passed."""
    arguments = [
        "--no-send-anonymous-usage-stats", "--no-version-check", "--no-write-json", "--no-use-colors", "--no-print",
        "--quiet",
        "--log-level", "none", "--log-path", str(layout.root / "dbt"), "--log-level-file", "info",
        *command, "--project-dir", str(project), "--profiles-dir", str(project), "--target", target,
        "--target-path", str(layout.root / "dbt" / target), "--threads", "1",
    ]
    # Imported here: it takes a second, which commands that run no models need not wait for.
    with contextlib.redirect_stdout(sys.stderr):
        from dbt.cli.main import dbtRunner

        watch = Watch(progress)
        try:
            result = dbtRunner(callbacks=[watch.see]).invoke(arguments)
        finally:
            release(target)
    if result.exception is not None:
        raise Fault(f"the models could not be run: {result.exception}", f"see {layout.root / 'dbt' / 'dbt.log'}")
    failed = [one for one in result.result if one.status in ("error", "fail", "runtime error")]
    if failed or not result.success:
        names = "; ".join(f"{one.node.name}: {' '.join((one.message or '').split())[:300]}" for one in failed)
        raise Fault(f"models or their tests failed: {names}",
                    f"nothing was exported; see {layout.root / 'dbt' / 'dbt.log'}, then run again")
    return sum(1 for one in result.result if one.status == "pass")


def release(engine: str) -> None:
    """Lets go of the database, so that it can be opened again, also by another process."""
    if engine == "duckdb":
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        with contextlib.suppress(AttributeError):  # The manager has no environment when nothing was opened.
            DuckDBConnectionManager.close_all_connections()


class Watch:
    """Turns dbt's events into progress."""

    def __init__(self, progress: Progress):
        self.progress = progress
        self.done = 0
        self.of = 0

    def see(self, event) -> None:
        if event.info.name in ("LogModelResult", "LogTestResult"):
            model = event.info.name == "LogModelResult"
            self.done, self.of = event.data.index, event.data.total if model else event.data.num_models
            stage = "model" if model else "test"
            node = getattr(event.data, "node_info", None)
            self.progress.say(stage, self.done, self.of, name=node.node_name if node else "")
