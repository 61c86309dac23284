#!/usr/bin/env python3
"""Measures counting: landing, the guard, dedupe + rule + aggregate day by day, the marts as they are, one day again.

    run.py [--events 10000000] [--days 3] [--memory 2GB] [--day-events 34000000] [--json FILE]

Each part runs in a process of its own; CPU seconds and the peak of its memory are the process's. Trust CPU seconds
more than wall time: neighbours do not change them much.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1] / "warehouse"
sys.path.insert(0, str(PROJECT))
LANDING_EVENTS = 4_000_000


def child(*arguments: str) -> dict:
    """Runs a part of this file in a process of its own. Returns what it printed, with its CPU seconds and memory."""
    done = subprocess.run([sys.executable, str(HERE / "run.py"), *arguments], stdout=subprocess.PIPE, text=True,
                          check=True)
    return json.loads(done.stdout.splitlines()[-1])


def measured(action) -> None:
    began = time.monotonic()
    answer = action() or {}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    answer.update(seconds=round(time.monotonic() - began, 2), cpu=round(usage.ru_utime + usage.ru_stime, 2),
                  memory_mb=usage.ru_maxrss // 1024)
    print(json.dumps(answer))


def generate(kind: str, root: Path, events: int, days: int, memory: str) -> None:
    subprocess.run([sys.executable, str(HERE / "generate.py"), kind, str(root), "--events", str(events), "--days",
                    str(days), "--memory", memory], stdout=subprocess.DEVNULL, check=True)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def part_land(root: Path, memory: str) -> dict:
    from vitrine_warehouse import landing
    from vitrine_warehouse.catalog import Catalog
    from vitrine_warehouse.engine import Limits
    from vitrine_warehouse.layout import Layout
    from vitrine_warehouse.progress import Progress

    layout = Layout(root)
    layout.prepare()
    rows = landing.land(layout, Catalog(layout.catalog), Limits(memory, os.cpu_count() or 1), Progress(sys.stderr))
    return {"rows": rows, "bytes_per_event": round(size(layout.parquet) / rows, 1)}


def part_guard(root: Path, memory: str) -> dict:
    from vitrine_warehouse.catalog import Catalog
    from vitrine_warehouse.engine import Limits
    from vitrine_warehouse.guard import guard
    from vitrine_warehouse.layout import Layout
    from vitrine_warehouse.progress import Progress

    layout = Layout(root)
    catalog = Catalog(layout.catalog)
    rows = catalog.one("select sum(lines) from files")[0]
    catalog.connection.execute("update files set guarded = 0")
    found = guard(layout, catalog, Limits(memory, os.cpu_count() or 1), Progress(sys.stderr))
    return {"rows": rows, "conflicts": found}


def part_core(root: Path, memory: str) -> dict:
    """The models' views from the landed files to uses per creator and content type, one day after the other."""
    from vitrine_warehouse.catalog import Catalog
    from vitrine_warehouse.engine import Limits, connect
    from vitrine_warehouse.layout import Layout

    layout = Layout(root)
    days = Catalog(layout.catalog).lines_by_day()
    uses = 0
    with connect(layout, Limits(memory, os.cpu_count() or 1), layout.database, read_only=True) as connection:
        for day in sorted(days):
            uses += connection.execute(f"""
                select sum(uses) from (
                    select creator_id, content_type, count(*) filter (counts) as uses
                    from models.counted_usages where occurred_day = date '{day}' group by creator_id, content_type
                )""").fetchone()[0]
    return {"rows": sum(days.values()), "uses": int(uses)}


def part_run(root: Path, memory: str, *more: str) -> dict:
    """A whole run, as `vitrine usage run` starts it."""
    from vitrine_warehouse import run
    from vitrine_warehouse.engine import Limits
    from vitrine_warehouse.layout import Layout
    from vitrine_warehouse.progress import Progress

    first = more[0] if more else None
    order = run.Order(PROJECT, Limits(memory, os.cpu_count() or 1), first=first, last=first)
    entry = run.run(Layout(root), order, Progress(sys.stderr))
    return {"rows": entry["rows"], "marts": entry["marts"]}


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1].startswith("part_"):
        measured(lambda: globals()[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:]))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--day-events", type=int, default=0, help="34000000: run one such day again")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="usage-", dir=chosen.folder))
    results: dict[str, dict] = {}
    try:
        landing = folder / "landing"
        generate("segments", landing, LANDING_EVENTS, 1, chosen.memory)
        results["landing"] = {**child("part_land", str(landing), chosen.memory),
                              "segment_bytes_per_event": round(size(landing / "segments") / LANDING_EVENTS, 1)}
        shutil.rmtree(landing)
        many = folder / "many"
        generate("parquet", many, chosen.events, chosen.days, chosen.memory)
        results["guard"] = child("part_guard", str(many), chosen.memory)
        results["run"] = child("part_run", str(many), chosen.memory)
        results["count"] = child("part_core", str(many), chosen.memory)
        results["again"] = child("part_run", str(many), chosen.memory, "2026-01-02")
        assert results["again"]["marts"] == results["run"]["marts"]
        shutil.rmtree(many)
        if chosen.day_events:
            one = folder / "day"
            generate("parquet", one, chosen.day_events, 1, chosen.memory)
            results["day"] = child("part_run", str(one), chosen.memory)
            results["day_again"] = child("part_run", str(one), chosen.memory, "2026-01-01")
    finally:
        shutil.rmtree(folder)
    for name, result in results.items():
        rows = result["rows"]
        print(f"{name:10} {rows:>12,} rows  {result['seconds']:>8} s  {result['cpu']:>8} CPU-s "
              f"({result['cpu'] / rows * 1e9:,.0f} per billion)  {rows / result['seconds']:>11,.0f} rows/s  "
              f"{result['memory_mb']:,} MB")
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
