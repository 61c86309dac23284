"""The last runs: `runs/{number}.json`, each replaced as a whole when the run ends."""

from __future__ import annotations

import json
import time

from .layout import Layout, replace

# A run a minute makes so many in three days.
RUNS_MAX = 4320


def numbers(layout: Layout) -> list[int]:
    return sorted(int(path.stem) for path in layout.runs.glob("*.json") if path.stem.isdigit())


def load(layout: Layout, number: int) -> dict:
    return json.loads((layout.runs / f"{number}.json").read_bytes())


def save(layout: Layout, entry: dict) -> None:
    replace(layout.runs / f"{entry['run']}.json", json.dumps(entry, separators=(",", ":"), ensure_ascii=False).encode())


def begin(layout: Layout, what: str, engine: str) -> dict:
    """Starts an entry; one that never ended was interrupted. Only under the lock."""
    known = numbers(layout)
    if known:
        before = load(layout, known[-1])
        if before["status"] == "running":
            save(layout, {**before, "status": "interrupted"})
    for number in known[:max(len(known) - RUNS_MAX + 1, 0)]:
        (layout.runs / f"{number}.json").unlink()
    entry = {"run": (known[-1] if known else 0) + 1, "what": what, "engine": engine, "status": "running",
             "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    save(layout, entry)
    return entry
