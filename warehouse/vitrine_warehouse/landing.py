"""Segments into Parquet, partitioned by the UTC day of occurrence.

Each segment is checked against its SHA-256, read once, and written as one Parquet file for each day it has events of.
A batch of segments becomes visible in one transaction of the catalog.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from .catalog import Catalog
from .engine import Limits, connect, text
from .faults import Fault
from .layout import Layout, flush, replace
from .progress import Progress
from .segments import LINES_MAX, Segment, pending, present

COLUMNS = {
    "id_high": "BIGINT", "id_low": "BIGINT", "content_hash": "BIGINT", "source": "VARCHAR", "id": "VARCHAR",
    "type": "VARCHAR", "occurred_us": "BIGINT", "received_us": "BIGINT", "content_id": "VARCHAR",
    "content_type": "VARCHAR", "creator_id": "VARCHAR", "user_id": "VARCHAR", "action": "VARCHAR",
    "brand_id": "VARCHAR", "template_id": "VARCHAR", "country": "VARCHAR", "plan": "VARCHAR", "trace_id": "VARCHAR",
    "extra": "VARCHAR",
}
# What landing adds: where the line stood.
PLACE = {"node": "VARCHAR", "segment": "BIGINT", "line": "BIGINT"}
USAGE = "com.vitrine.usage.v1"
LATE_US = 86_400_000_000
DAY_US = 86_400_000_000
# 2000-01-01 and 2080-01-01, in days since 1970: what intake admits, and what the guard's keys have room for.
FIRST_DAY, LAST_DAY = 10957, 40177
EPOCH = datetime.date(1970, 1, 1)
BATCH_BYTES = 1 << 30
DAYS_AT_ONCE = 16
BATCH_SEGMENTS = 512
PARQUET = "format parquet, parquet_version v2, compression zstd, compression_level 1, row_group_size 122880"


@dataclass
class Landed:
    """What became of one segment: its files in the scratch folder and what they hold."""

    segment: Segment
    bytes: int
    lines: int = 0
    files: list[tuple[Path, str, int]] = field(default_factory=list)
    counts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)


def sweep(layout: Layout, catalog: Catalog) -> None:
    """Removes files the catalog does not know, and raises a `Fault` for one it knows that is not there."""
    known = dict(catalog.all("select name, bytes from files"))
    for folder in layout.parquet.glob("occurred_day=*"):
        for path in folder.iterdir():
            name = f"{folder.name}/{path.name}"
            if name not in known and path.name != "none.parquet":
                path.unlink()
    for name, size in known.items():
        try:
            actual = os.stat(layout.parquet / name).st_size
        except FileNotFoundError:
            actual = -1
        if actual != size:
            raise Fault(f"landed file {layout.parquet / name} is {'missing' if actual < 0 else 'damaged'}",
                        "run again with --full while every segment is in the segments folder")


def schema_file(layout: Layout) -> None:
    """A file without rows, so that the events can be read before the first one is landed."""
    path = layout.parquet / "occurred_day=2000-01-01" / "none.parquet"
    if path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    temporary = layout.scratch / "none.parquet"
    columns = ", ".join(f"null::{kind} as {name}" for name, kind in (COLUMNS | PLACE).items())
    with duckdb.connect() as connection:
        connection.execute(f"copy (select {columns} limit 0) to {text(temporary)} ({PARQUET})")
    os.replace(temporary, path)


def land(layout: Layout, catalog: Catalog, limits: Limits, progress: Progress) -> int:
    """Lands every segment that waits. Returns the number of lines landed."""
    announce(layout, catalog)
    sweep(layout, catalog)
    schema_file(layout)
    waiting = pending(present(layout), catalog)
    done = rows = 0
    progress.say("land", 0, len(waiting))
    while done < len(waiting):
        batch: list[Segment] = []
        size = 0
        for segment in waiting[done:]:
            if batch and (size >= BATCH_BYTES or len(batch) >= BATCH_SEGMENTS):
                break
            batch.append(segment)
            size += segment.path.stat().st_size
        rows += land_batch(batch, layout, catalog, limits)
        done += len(batch)
        progress.say("land", done, len(waiting), rows)
    return rows


def land_batch(batch: list[Segment], layout: Layout, catalog: Catalog, limits: Limits) -> int:
    folder = layout.scratch / "land"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with connect(layout, limits, ordered=True) as connection:
        with ThreadPoolExecutor(limits.threads) as pool:
            landed = list(pool.map(lambda item: convert(item[1], folder / str(item[0]), connection), enumerate(batch)))
    publish(landed, layout, catalog)
    announce(layout, catalog)
    shutil.rmtree(folder)
    return sum(one.lines for one in landed)


def convert(segment: Segment, folder: Path, shared: duckdb.DuckDBPyConnection) -> Landed:
    """Checks one segment and writes its Parquet files into `folder`. Raises a `Fault` that names the segment."""
    landed = Landed(segment, segment.verified())
    columns = ", ".join(f"{text(name)}: {text(kind)}" for name, kind in COLUMNS.items())
    folder.mkdir()
    connection = shared.cursor()
    try:
        connection.execute(f"""
            create temp table lines as
                select *, row_number() over () as line
                from read_csv({text(segment.path)}, columns = {{{columns}}}, auto_detect = false, header = false,
                    delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '',
                    allow_quoted_nulls = false, compression = 'zstd', max_line_size = 1048576, strict_mode = true)""")
        measure(landed, connection)
        write_days(landed, folder, connection)
    except duckdb.OutOfMemoryException as error:
        raise Fault(f"segment {segment.name} does not fit into memory", "run again with a larger --memory") from error
    except duckdb.Error as error:
        raise Fault(f"segment {segment.name} cannot be read: {str(error).splitlines()[0]}",
                    f"its bytes are as they were sealed, so its collector wrote what this version does not read; "
                    f"keep {segment.path} and run with a version of the warehouse that fits") from error
    finally:
        connection.close()
    for path, _, _ in landed.files:
        flush(path)
    return landed


def measure(landed: Landed, connection: duckdb.DuckDBPyConnection) -> None:
    """Counts the lines by day and type, and checks what every line must have."""
    required = ["id_high", "id_low", "content_hash", "source", "id", "type", "occurred_us", "received_us"]
    usage = ["content_id", "content_type", "creator_id", "user_id", "action"]
    broken = " or ".join(f"{name} is null" for name in required)
    broken += f" or (type = {text(USAGE)} and (" + " or ".join(f"{name} is null" for name in usage) + "))"
    rows = connection.execute(f"""
        select occurred_us // {DAY_US}, type, count(*),
            count(*) filter (where received_us - occurred_us >= {LATE_US}), min(line) filter (where {broken})
        from lines group by all""").fetchall()
    if not rows:
        raise duckdb.InvalidInputException("it has no lines")
    for number, kind, lines, late, first_broken in rows:
        if first_broken is not None:
            raise duckdb.InvalidInputException(f"line {first_broken} lacks a value that every event has")
        if not FIRST_DAY <= number < LAST_DAY:
            raise duckdb.InvalidInputException("a line has no time between the years 2000 and 2080")
        day = (EPOCH + datetime.timedelta(days=number)).isoformat()
        landed.counts[day, kind] = (lines, late)
        landed.lines += lines
    if landed.lines > LINES_MAX:
        raise duckdb.InvalidInputException(f"it has more than {LINES_MAX} lines")


def write_days(landed: Landed, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """One file a day, few days at a time: the engine keeps buffers for every day it writes at once."""
    days = days_of(landed)
    names = sorted(days)
    place = f"{text(landed.segment.node)} as node, {landed.segment.number}::bigint as segment"
    columns = f"{', '.join(COLUMNS)}, {place}, line"
    written = 0
    for start in range(0, len(names), DAYS_AT_ONCE):
        group = names[start:start + DAYS_AT_ONCE]
        low, high = (start_of(day) for day in (group[0], group[-1]))
        within = f"occurred_us >= {low} and occurred_us < {high + DAY_US}"
        if len(group) == 1:
            target = folder / f"occurred_day={group[0]}"
            target.mkdir()
            written += connection.execute(f"copy (select {columns} from lines where {within}) "
                                          f"to {text(target / 'data.parquet')} ({PARQUET})").fetchone()[0]
        else:
            written += connection.execute(f"""
                copy (select {columns}, date '1970-01-01' + cast(occurred_us // {DAY_US} as integer) as occurred_day
                    from lines where {within})
                to {text(folder)} ({PARQUET}, partition_by (occurred_day), overwrite_or_ignore)""").fetchone()[0]
    if written != landed.lines:
        raise duckdb.InvalidInputException(f"{written} of its {landed.lines} lines were written")
    for day in names:
        for path in sorted((folder / f"occurred_day={day}").iterdir()):
            landed.files.append((path, path.parent.name, lines_in(path, connection)))
    if sum(lines for _, _, lines in landed.files) != landed.lines:
        raise duckdb.InvalidInputException("its files do not hold all of its lines")


def lines_in(path: Path, connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute(f"select num_rows from parquet_file_metadata({text(path)})").fetchone()[0]


def start_of(day: str) -> int:
    return (datetime.date.fromisoformat(day) - EPOCH).days * DAY_US


def publish(landed: list[Landed], layout: Layout, catalog: Catalog) -> None:
    """Moves the files to their days, and makes them count in one transaction."""
    entries, folders = [], set()
    for one in landed:
        for index, (path, day_folder, lines) in enumerate(one.files):
            target = layout.parquet / day_folder
            target.mkdir(exist_ok=True)
            name = f"s{one.segment.number:010}-{one.segment.sha[:24]}-{index}-{one.segment.node}.parquet"
            os.replace(path, target / name)
            folders.add(target)
            entries.append((f"{day_folder}/{name}", day_folder.removeprefix("occurred_day="), lines,
                            os.stat(target / name).st_size))
    for folder in sorted(folders) + [layout.parquet]:
        flush(folder)
    with catalog.transaction() as change:
        change.executemany("insert into files (name, day, lines, bytes) values (?, ?, ?, ?)", entries)
        for one in landed:
            change.execute("insert into segments values (?, ?, ?, ?, ?)",
                           (one.segment.node, one.segment.number, one.segment.sha, one.lines, one.bytes))
            change.executemany(
                "insert into landed_lines values (?, ?, ?, ?) on conflict do update set "
                "lines = lines + excluded.lines, late = late + excluded.late",
                [(day, kind, lines, late) for (day, kind), (lines, late) in one.counts.items()])
        catalog.touch({entry[1] for entry in entries})
        catalog.remember("announcing", json.dumps([
            {"version": 1, "node": one.segment.node, "number": one.segment.number, "sha256": one.segment.sha,
             "lines": one.lines, "bytes": one.bytes, "days": days_of(one)} for one in landed]))


def days_of(landed: Landed) -> dict[str, int]:
    days: dict[str, int] = {}
    for (day, _), (lines, _) in sorted(landed.counts.items()):
        days[day] = days.get(day, 0) + lines
    return days


def announce(layout: Layout, catalog: Catalog) -> None:
    """Writes `landed/{node}/{number}-{sha}.json` for what the last transaction made count: two segments may have the
    same bytes, and each is landed by itself."""
    waiting = json.loads(catalog.fact("announcing") or "[]")
    for entry in waiting:
        path = layout.landed / entry["node"] / f"{entry['number']:020}-{entry['sha256']}.json"
        path.parent.mkdir(exist_ok=True)
        replace(path, json.dumps(entry, separators=(",", ":")).encode())
    if waiting:
        catalog.forget("announcing")
