#!/usr/bin/env python3
"""Makes usage events: Zipf content and users, 3 % duplicates, 0.1 % late; the same for the same arguments.

    generate.py parquet ROOT --events 100000000 --days 3 [--seed 1]     landed Parquet, ready for a run
    generate.py segments ROOT --events 10000000 --days 3                sealed .csv.zst segments, ready for landing

Every value is computed from the event's number by one hash, so nothing is kept in memory and any part can be made by
itself. Events are received in requests of a hundred, up to ten seconds after they occurred, by clients whose clocks
count milliseconds. A duplicate is an earlier event of the same day under a new line; a late event is received one to
nine days after it occurred: segments hold it among the lines of a later day, as collectors do. Identities are not
SHA-256 (two hashes stand for it): 128 bits that spread as evenly, made faster.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "warehouse"))

import duckdb  # noqa: E402
import pyarrow  # noqa: E402
from vitrine_warehouse.catalog import Catalog  # noqa: E402
from vitrine_warehouse.dayfiles import COLUMNS, ROW_GROUP, SCHEMA, DayFile  # noqa: E402
from vitrine_warehouse.layout import Layout  # noqa: E402
from vitrine_warehouse.lines import LATE_US, USAGE  # noqa: E402

FIRST_DAY = datetime.date(2026, 1, 1)
DUPLICATES = 0.03
LATE = 0.001
CONTENTS = 2_000_000
USERS = 5_000_000
DAY_US = 86_400_000_000
REQUEST_LINES = 100
DELAY_MS = 10_000
LINES_PER_FILE = 4_000_000


def draw(name: str, salt: int) -> str:
    """A number in [0, 1) from an event's number; another for each salt."""
    return f"((hash({name} * 1000003 + {salt}) >> 11)::double / 9007199254740992.0)"


def zipf(chance: str, count: int) -> str:
    """A rank from 0, nearly Zipf with exponent 1: the inverse of its continuous form."""
    return f"least({count - 1}, floor(exp({chance} * ln({count + 1}.0)) - 1)::bigint)"


def events(day: int, first: int, last: int, lines: int, seed: int, received: bool) -> str:
    """SQL for the lines `first` to `last` of a day that has `lines`: of those `received` that day, else of those that
    occurred that day. The hashes are not in the range of a bigint yet."""
    start = (FIRST_DAY - datetime.date(1970, 1, 1)).days * DAY_US + day * DAY_US
    salt = seed * 1_000_000_007
    arrived = f"({start} + (i // {REQUEST_LINES} * {REQUEST_LINES}::double / {lines} * {DAY_US})::bigint)"
    # A duplicate occurred when its original did.
    occurred = (f"greatest({start}, {start} + (original::double / {lines} * {DAY_US // 1000})::bigint * 1000 "
                f"- (t * {DELAY_MS})::bigint * 1000)")
    lateness = f"case when late < {LATE} then (1 + (late / {LATE} * 8)::bigint) * {DAY_US} else 0 end"
    if received:
        occurred += f" - {lateness}"
    else:
        arrived += f" + {lateness}"
    return f"""
        with lines as (
            select i, case when i > 1000 and {draw('i', salt + 1)} < {DUPLICATES}
                    then (i * {draw('i', salt + 2)})::bigint else i end as original
            from range({first}, {last}) as r(i)
        ),
        drawn as (
            select i, original, {day * 10**10} + original as n, {draw('n', salt + 3)} as c,
                {draw('n', salt + 4)} as u, {draw('n', salt + 5)} as t, {draw('n', salt + 6)} as late
            from lines
        ),
        ranked as (
            select *, {zipf('c', CONTENTS)} as content, {zipf('u', USERS)} as "user" from drawn
        )
        select
            hash(n * 2 + {salt})::hugeint - 9223372036854775808 as high,
            hash(n * 2 + 1 + {salt})::hugeint - 9223372036854775808 as low,
            hash(n * 2 + 7 + {salt})::hugeint - 9223372036854775808 as content_hash,
            'client-' || (n % 64) as source, lpad(n::varchar, 14, '0') as id, '{USAGE}' as type,
            {occurred} as occurred_us, {arrived} as received_us,
            'c' || content as content_id,
            (['photo', 'photo', 'photo', 'template', 'template', 'font', 'video', 'audio'])[1 + content % 8]
                as content_type,
            'm' || (content * 48271 % 100003) as creator_id,
            'u' || "user" as user_id,
            (['view', 'export', 'insert', 'share'])[1 + n % 4] as action,
            'b' || ("user" % 1000) as brand_id,
            case when content % 3 = 0 then 't' || (content % 10007) end as template_id,
            (['AU', 'US', 'IN', 'BR', 'DE', 'JP', 'FR', 'GB', 'ID', 'MX', 'PH', 'ES'])[1 + ("user" * 7919 % 12)]
                as country,
            (['free', 'free', 'free', 'pro', 'team'])[1 + "user" % 5] as plan,
            null::varchar as trace_id, null::varchar as extra, i
        from ranked"""


def columns(extra: str = "") -> str:
    names = ["high::bigint as id_high", "low::bigint as id_low"]
    names += [name for name in COLUMNS if not name.startswith("id_")]
    names = ["content_hash::bigint as content_hash" if name == "content_hash" else name for name in names]
    return ", ".join(names) + extra


def connection(threads: int, memory: str) -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(f"set threads = {threads}; set memory_limit = '{memory}'; set preserve_insertion_order = true")
    return made


def parquet(root: Path, events_total: int, days: int, seed: int, threads: int, memory: str) -> None:
    """Landed files and the catalog that knows them, as if segments of them had been landed."""
    layout = Layout(root)
    layout.prepare()
    catalog = Catalog(layout.catalog)
    made = connection(threads, memory)
    per_day = events_total // days
    number = 0
    for day in range(days):
        name = (FIRST_DAY + datetime.timedelta(days=day)).isoformat()
        folder = layout.parquet / f"occurred_day={name}"
        folder.mkdir(parents=True, exist_ok=True)
        for part, first in enumerate(range(0, per_day, LINES_PER_FILE)):
            last = min(per_day, first + LINES_PER_FILE)
            path = folder / f"g{part:06}.parquet"
            number += 1
            rows = made.execute(f"""
                select {columns()}, 'generator' as node, {number}::bigint as segment, i - {first} + 1 as line
                from ({events(day, first, last, per_day, seed, received=False)}) order by i""")
            file, late = DayFile(path), 0
            for batch in rows.to_arrow_reader(ROW_GROUP):
                table = pyarrow.Table.from_batches([batch]).cast(SCHEMA)
                late += int((table["received_us"].to_numpy() - table["occurred_us"].to_numpy() >= LATE_US).sum())
                file.add(table)
                if (whole := file.take(whole=False)) is not None:
                    file.write(whole)
            if (rest := file.take(whole=True)) is not None:
                file.write(rest)
            file.close()
            with catalog.transaction() as change:
                change.execute("insert into files values (?, ?, ?, ?, 0)",
                               (f"{folder.name}/{path.name}", name, last - first, os.stat(path).st_size))
                change.execute("insert into landed_lines values (?, ?, ?, ?) on conflict do update set "
                               "lines = lines + excluded.lines, late = late + excluded.late",
                               (name, USAGE, last - first, late))
                change.execute("insert or ignore into segments values ('generator', ?, ?, ?, ?)",
                               (number, f"{number:064x}", last - first, os.stat(path).st_size))
                catalog.touch({name})
    catalog.close()


def segments(root: Path, events_total: int, days: int, seed: int, threads: int, memory: str, lines: int,
             first_day: int) -> None:
    """Segments of `lines` lines each, numbered from 1; each day is of a node of its own."""
    made = connection(threads, memory)
    per_day = events_total // days
    for day in range(first_day, first_day + days):
        folder = root / "segments" / f"day-{day:04}"
        folder.mkdir(parents=True, exist_ok=True)
        number = 0
        for first in range(0, per_day, lines):
            last = min(per_day, first + lines)
            number += 1
            temporary = folder / "new"
            made.execute(f"""copy (select {columns()} from ({events(day, first, last, per_day, seed, received=True)}))
                to '{temporary}' (format csv, header false, compression zstd)""")
            digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
            temporary.rename(folder / f"{number:020}-{digest}.csv.zst")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["parquet", "segments"])
    parser.add_argument("root", type=Path)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--first", type=int, default=0, help="the first day of segments, counted from 0")
    parser.add_argument("--lines", type=int, default=400_000, help="of a segment")
    chosen = parser.parse_args()
    began, cpu = time.monotonic(), time.process_time()
    chosen.root.mkdir(parents=True, exist_ok=True)
    if chosen.kind == "parquet":
        parquet(chosen.root, chosen.events, chosen.days, chosen.seed, chosen.threads, chosen.memory)
    else:
        segments(chosen.root, chosen.events, chosen.days, chosen.seed, chosen.threads, chosen.memory, chosen.lines,
                 chosen.first)
    print(json.dumps({"events": chosen.events // chosen.days * chosen.days, "days": chosen.days,
                      "seconds": round(time.monotonic() - began, 1), "cpu": round(time.process_time() - cpu, 1)}))


if __name__ == "__main__":
    main()
