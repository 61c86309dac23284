#!/usr/bin/env python3
"""Counting uses: landing, dedupe + rule + aggregate, a whole run, one day again; beside a bare engine and PostgreSQL.

    run.py [--events 20000000] [--day-events 34000000] [--json FILE]     two sizes, and one large day
    run.py --quick                                                        a tenth of it
    run.py --billion ROOT [--events 1000000000] [--days 30]               once by hand, day by day; goes on where it was

    landing       sealed segments into Parquet; "small" are segments of ten seconds; the floor is DuckDB's own copy
    count         from landed files to uses by creator and content type; the floor is one query in DuckDB without the
                  rules, the quarantine or bounded memory: first received wins, one use a day, uses by creator
    run           all that `vitrine usage run` does, marts and their tests included; again: one day of it once more
    records       the old way: PostgreSQL, a durable round trip for each record; sets: the same rows at once

Each part runs in a process of its own: CPU seconds and the peak of its memory are the process's. Trust CPU seconds more
than wall time: neighbours do not change them as much. The ratio to the floor is of CPU seconds, that to PostgreSQL of
wall time. PostgreSQL is optional: without it its rows are left out with a notice.
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
POSTGRES = HERE.parents[1] / "scripts" / "postgres"
sys.path.insert(0, str(PROJECT))
DAY = "2026-01-01"
RECORD_SECONDS = 5
DISK_BYTES_PER_EVENT = 60


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


def generate(kind: str, root: Path, events: int, days: int, memory: str, *more: str) -> None:
    subprocess.run([sys.executable, str(HERE / "generate.py"), kind, str(root), "--events", str(events), "--days",
                    str(days), "--memory", memory, *more], stdout=subprocess.DEVNULL, check=True)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def limits(memory: str):
    from vitrine_warehouse.engine import Limits

    return Limits(memory, os.cpu_count() or 1)


def opened(root: Path):
    from vitrine_warehouse.catalog import Catalog
    from vitrine_warehouse.layout import Layout

    layout = Layout(root)
    layout.prepare()
    return layout, Catalog(layout.catalog)


def part_land(root: Path, memory: str) -> dict:
    from vitrine_warehouse import landing
    from vitrine_warehouse.progress import Progress

    layout, catalog = opened(root)
    rows = landing.land(layout, catalog, limits(memory), Progress(sys.stderr))
    lines, held = catalog.one("select sum(lines), sum(bytes) from files")
    return {"rows": rows, "bytes_per_event": round(held / lines, 1)}


def part_land_floor(root: Path, memory: str) -> dict:
    from vitrine_warehouse.dayfiles import COLUMNS
    from vitrine_warehouse.engine import connect, text

    layout, _ = opened(root)
    columns = ", ".join(f"{text(name)}: '{'BIGINT' if str(kind) == 'int64' else 'VARCHAR'}'"
                        for name, kind in COLUMNS.items())
    with connect(layout, limits(memory)) as connection:
        rows = connection.execute(f"""
            copy (select *, date '1970-01-01' + (occurred_us // 86400000000)::integer as occurred_day
                from read_csv({text(layout.segments / '*' / '*.zst')}, columns = {{{columns}}}, auto_detect = false,
                    header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n'))
            to {text(layout.scratch / 'bare')} (format parquet, parquet_version v2, compression zstd,
                compression_level 1, partition_by (occurred_day))""").fetchone()[0]
    return {"rows": rows, "bytes_per_event": round(size(layout.scratch / "bare") / rows, 1)}


def part_guard(root: Path, memory: str) -> dict:
    from vitrine_warehouse.guard import guard
    from vitrine_warehouse.progress import Progress

    layout, catalog = opened(root)
    rows = catalog.one("select sum(lines) from files")[0]
    catalog.connection.execute("update files set guarded = 0")
    return {"rows": rows, "conflicts": guard(layout, catalog, limits(memory), Progress(sys.stderr))}


def part_count(root: Path, memory: str) -> dict:
    """From the landed files to uses per creator and content type, one day after the other."""
    from vitrine_warehouse import repeats
    from vitrine_warehouse.engine import connect

    layout, catalog = opened(root)
    days = catalog.lines_by_day()
    uses = 0
    with connect(layout, limits(memory), layout.database) as connection:
        for day in sorted(days):
            repeats.find(connection, [(day, day)], days, limits(memory))
            uses += connection.execute(f"""
                select coalesce(sum(uses), 0) from (
                    select creator_id, content_type, count(*) filter (counts) as uses
                    from models.counted_usages where occurred_day = date '{day}' group by creator_id, content_type
                )""").fetchone()[0]
    return {"rows": sum(days.values()), "uses": int(uses)}


def part_count_floor(root: Path, memory: str) -> dict:
    from vitrine_warehouse.engine import connect, text

    layout, catalog = opened(root)
    days = catalog.lines_by_day()
    uses = 0
    with connect(layout, limits(memory)) as connection:
        for day in sorted(days):
            uses += connection.execute(f"""
                select sum(uses) from (
                    select creator_id, content_type, count(*) as uses from (
                        select user_id, content_id, min_by(creator_id, first) as creator_id,
                            min_by(content_type, first) as content_type
                        from (
                            select any_value(user_id) as user_id, any_value(content_id) as content_id,
                                any_value(creator_id) as creator_id, any_value(content_type) as content_type,
                                min(received_us) as first
                            from read_parquet({text(layout.parquet / f'occurred_day={day}' / '*.parquet')})
                            group by id_high, id_low)
                        group by user_id, content_id)
                    group by creator_id, content_type)""").fetchone()[0]
    return {"rows": sum(days.values()), "uses": int(uses)}


def part_run(root: Path, memory: str, *more: str) -> dict:
    """A whole run, as `vitrine usage run` starts it."""
    from vitrine_warehouse import run
    from vitrine_warehouse.layout import Layout
    from vitrine_warehouse.progress import Progress

    first = more[0] if more else None
    order = run.Order(PROJECT, limits(memory), first=first, last=first)
    entry = run.run(Layout(root), order, Progress(sys.stderr))
    return {"rows": entry["rows"], "marts": entry["marts"], "counts": entry["counts"]}


def part_postgres(root: Path, memory: str) -> dict:
    """In the environment of scripts/postgres: records one at a time for some seconds, then a day's rows as sets."""
    import duckdb

    address = os.environ.get("VITRINE_TEST_POSTGRES")
    if not address:
        return {}
    names = ["id_high", "id_low", "received_us", "user_id", "content_id", "creator_id", "content_type"]
    rows = root / "rows.csv"
    with duckdb.connect() as connection:
        count = connection.execute(f"copy (select {', '.join(names)} from '{root}/parquet/*/*.parquet') to '{rows}' "
                                   f"(format csv, header false)").fetchone()[0]

    def ask(*arguments: str, **more) -> float:
        began = time.monotonic()
        subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", *arguments, address], check=True,
                       stdout=subprocess.DEVNULL, **more)
        return time.monotonic() - began

    columns = ("id_high bigint, id_low bigint, received_us bigint, user_id text, content_id text, creator_id text, "
               "content_type text")
    ask("-c", f"create table events ({columns}, primary key (id_high, id_low))",
        "-c", "create table counters (creator_id text primary key, uses bigint not null)",
        "-c", f"create unlogged table staging ({columns})")

    def statements(first: int, last: int) -> str:
        with open(rows, encoding="utf-8") as file:
            found = [line.rstrip("\n").split(",") for index, line in zip(range(last), file) if index >= first]
        return "\n".join(
            f"with new as (insert into events values ({a}, {b}, {at}, '{user}', '{content}', '{creator}', '{kind}') on "
            f"conflict do nothing returning creator_id) insert into counters select creator_id, 1 from new on conflict "
            f"(creator_id) do update set uses = counters.uses + 1;" for a, b, at, user, content, creator, kind in found)

    done, began = 0, time.monotonic()
    while time.monotonic() - began < RECORD_SECONDS:
        ask(input=statements(done, done + 200).encode())
        done += 200
    each = time.monotonic() - began
    sets = ask("-c", "truncate events",
               "-c", f"\\copy staging from '{rows}' (format csv)",
               "-c", "insert into events select * from staging on conflict do nothing",
               "-c", "create table daily as select creator_id, content_type, count(*) from (select distinct on "
                     "(user_id, content_id) * from events order by user_id, content_id, received_us) as firsts "
                     "group by creator_id, content_type")
    return {"records": {"rows": done, "seconds": round(each, 2)}, "sets": {"rows": count, "seconds": round(sets, 2)}}


def postgres(root: Path, memory: str) -> dict:
    done = subprocess.run([sys.executable, str(POSTGRES), "run", sys.executable, str(HERE / "run.py"), "part_postgres",
                           str(root), memory], stdout=subprocess.PIPE, text=True, check=True)
    return {name: found for name, found in json.loads(done.stdout.splitlines()[-1]).items() if isinstance(found, dict)}


def table(folder: Path, chosen: argparse.Namespace) -> dict[str, dict[str, dict]]:
    """Job: who did it: figures."""
    memory = chosen.memory
    jobs: dict[str, dict[str, dict]] = {}

    def part(job: str, name: str, root: Path, *more: str, who: str = "vitrine") -> dict:
        print(f"{job}, {who}", file=sys.stderr)
        jobs.setdefault(job, {})[who] = child(name, str(root), memory, *more)
        return jobs[job][who]

    for job, lines in (("usage landing", 340_000), ("usage landing small", 4_000)):
        root = folder / "landing"
        generate("segments", root, chosen.events // 5, 1, memory, "--lines", str(lines))
        part(job, "part_land", root)
        part(job, "part_land_floor", root, who="floor")
        shutil.rmtree(root)
    small, large = folder / "small", folder / "large"
    generate("parquet", small, chosen.events // 4, 1, memory)
    generate("parquet", large, chosen.events, 4, memory)
    part("usage run small", "part_run", small)
    run = part("usage run", "part_run", large)
    part("usage guard", "part_guard", large)
    counted = part("usage count", "part_count", large)
    bare = part("usage count", "part_count_floor", large, who="floor")
    assert counted["uses"] == bare["uses"], "the floor counts something else"
    again = part("usage again", "part_run", large, DAY)
    assert again["marts"] == run["marts"], "a day that is run again has another result"
    try:
        for name, found in postgres(small, memory).items():
            jobs[f"usage {name}"] = {"postgres": found, "vitrine": run}
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"postgres: skipped: {error}", file=sys.stderr)
    shutil.rmtree(small)
    shutil.rmtree(large)
    if chosen.day_events:
        root = folder / "day"
        generate("parquet", root, chosen.day_events, 1, memory)
        first = part("usage day", "part_run", root)
        part("usage day count", "part_count", root)
        part("usage day count", "part_count_floor", root, who="floor")
        assert part("usage day again", "part_run", root, DAY)["marts"] == first["marts"]
        shutil.rmtree(root)
    return jobs


def ratios(jobs: dict[str, dict[str, dict]]) -> None:
    for figures in jobs.values():
        for one in figures.values():
            one["rows_per_second"] = round(one["rows"] / one["seconds"])
            if "cpu" in one:
                one["cpu_per_billion"] = round(one["cpu"] / one["rows"] * 1e9)
        own = figures["vitrine"]
        if "floor" in figures:
            own["of_floor"] = own["cpu_per_billion"] / figures["floor"]["cpu_per_billion"]
        if "postgres" in figures:
            figures["vitrine"] = {**own, "of_postgres": own["rows_per_second"] / figures["postgres"]["rows_per_second"]}
    # Starting takes the same for any number of events: what a billion more take is what two sizes differ by.
    sizes = [jobs[name]["vitrine"] for name in ("usage run small", "usage run") if name in jobs]
    if len(sizes) == 2:
        sizes[1]["cpu_per_further_billion"] = round(
            (sizes[1]["cpu"] - sizes[0]["cpu"]) / (sizes[1]["rows"] - sizes[0]["rows"]) * 1e9)


def show(jobs: dict[str, dict[str, dict]]) -> None:
    heads = ["usage", "by", "rows", "rows/s", "CPU-s per billion", "memory MB", "bytes/event", "of the floor",
             "of PostgreSQL"]
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    for job, figures in jobs.items():
        for who, one in figures.items():
            keys = [("rows", ",.0f"), ("rows_per_second", ",.0f"), ("cpu_per_billion", ",.0f"), ("memory_mb", ",.0f"),
                    ("bytes_per_event", ".1f"), ("of_floor", ".2f"), ("of_postgres", ",.0f")]
            cells = [format(one[key], form) if key in one else "–" for key, form in keys]
            print(f"| {job.removeprefix('usage ')} | {who} | " + " | ".join(cells) + " |")
    if "usage run" in jobs and "cpu_per_further_billion" in jobs["usage run"]["vitrine"]:
        print(f"\nA further billion events take {jobs['usage run']['vitrine']['cpu_per_further_billion']:,} CPU-s.")


def billion(root: Path, chosen: argparse.Namespace) -> None:
    """Day by day: segments, landing, and the segments are removed; then one run. Goes on where it was stopped."""
    root.mkdir(parents=True, exist_ok=True)
    state_file = root / "billion.json"
    state = {"events": chosen.events, "days": chosen.days, "next": 0, "landing": {"cpu": 0, "seconds": 0, "rows": 0}}
    if state_file.exists():
        state = json.loads(state_file.read_text())
    left = state["events"] * (state["days"] - state["next"]) // state["days"] * DISK_BYTES_PER_EVENT
    if shutil.disk_usage(root).free < left:
        sys.exit(f"{root}: {left // 10**9} GB of free disk are needed for what is left")
    for day in range(state["next"], state["days"]):
        shutil.rmtree(root / "segments", ignore_errors=True)
        generate("segments", root, state["events"] // state["days"], 1, chosen.memory, "--first", str(day))
        landed = child("part_land", str(root), chosen.memory)
        for key in ("cpu", "seconds", "rows"):
            state["landing"][key] = round(state["landing"][key] + landed[key], 2)
        state["landing"]["bytes_per_event"] = landed["bytes_per_event"]
        state["landing"]["memory_mb"] = max(landed["memory_mb"], state["landing"].get("memory_mb", 0))
        state["next"] = day + 1
        state_file.write_text(json.dumps(state))
        print(f"day {day + 1} of {state['days']} is landed: {state['landing']}", flush=True)
    shutil.rmtree(root / "segments", ignore_errors=True)
    jobs = {"usage billion landing": {"vitrine": state["landing"]},
            "usage billion": {"vitrine": child("part_run", str(root), chosen.memory)}}
    jobs["usage billion"]["vitrine"]["disk_bytes_per_event"] = round(size(root) / state["landing"]["rows"], 1)
    jobs["usage billion count"] = {"vitrine": child("part_count", str(root), chosen.memory)}
    finish(jobs, chosen)


def finish(jobs: dict[str, dict[str, dict]], chosen: argparse.Namespace) -> None:
    ratios(jobs)
    show(jobs)
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(jobs, indent=1) + "\n")


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1].startswith("part_"):
        measured(lambda: globals()[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int)
    parser.add_argument("--days", type=int, default=30, help="of the billion")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--day-events", type=int, default=34_000_000, help="one such day, and again; 0: not")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--billion", type=Path, metavar="ROOT")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    if chosen.billion:
        chosen.events = chosen.events or 1_000_000_000
        billion(chosen.billion.resolve(), chosen)
        return
    chosen.events = chosen.events or (2_000_000 if chosen.quick else 20_000_000)
    if chosen.quick:
        chosen.day_events = 0
    folder = Path(tempfile.mkdtemp(prefix="vitrine-usage-", dir=chosen.folder))
    try:
        jobs = table(folder, chosen)
    finally:
        shutil.rmtree(folder)
    finish(jobs, chosen)


if __name__ == "__main__":
    main()
