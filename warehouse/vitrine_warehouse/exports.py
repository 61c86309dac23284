"""What changed in the marts since the last export, as files for the service database.

An export is a folder that appears by one rename. What was exported so far is kept in the database's schema `exported`,
brought forward by applying the very files that were written, so after a stop at any instant the two agree again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import duckdb

from .catalog import Catalog
from .engine import text
from .layout import Layout, flush

# Table: (key columns, value columns, types of all of them).
TABLES = {
    "creator_daily": (["day", "creator_id", "content_type"], ["uses", "amount"],
                      ["date", "varchar", "varchar", "bigint", "decimal(38, 9)"]),
    "payouts": (["period", "creator_id"], ["uses", "amount", "status"],
                ["varchar", "varchar", "bigint", "decimal(38, 2)", "varchar"]),
}
ROWS_PER_PART = 500_000
# After so many exports, one with all rows follows: where a new service database begins. Those before the last but one
# such export go.
BASELINE_EVERY = 1000


def export(connection: duckdb.DuckDBPyConnection, layout: Layout, catalog: Catalog, run: int) -> int | None:
    """Writes the next export if anything changed. Returns its number, or `None`."""
    prune(layout, catalog)
    recover(connection, layout)
    days = [row[0] for row in catalog.all("select day from days where exported < built order by day")]
    versions = catalog.all("select day, built from days where exported < built")
    # Numbers never come again, whatever was removed in between.
    number = max(last(connection), int(catalog.fact("exports") or "0")) + 1
    folder = layout.scratch / f"export-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    parts = []
    for table in TABLES:
        connection.execute(f"create or replace temp table changed as {changes(table, days)}")
        parts += write_parts(connection, table, folder)
    if parts:
        publish(folder, {"version": 1, "number": number, "run": run, "parts": parts}, layout)
        recover(connection, layout)
    with catalog.transaction() as change:
        change.executemany("update days set exported = ? where day = ?", [(built, day) for day, built in versions])
        if parts:
            catalog.remember("exports", str(number))
    if parts and number - baselines(catalog)[-1] >= BASELINE_EVERY:
        return baseline(connection, layout, catalog, number + 1, run)
    return number if parts else None


def publish(folder: Path, manifest: dict, layout: Layout) -> None:
    """Makes the folder an export, by one rename."""
    (folder / "manifest.json").write_bytes(json.dumps(manifest, separators=(",", ":")).encode())
    for path in folder.iterdir():
        flush(path)
    flush(folder)
    os.rename(folder, layout.exports / f"{manifest['number']:020}")
    flush(layout.exports)


def baseline(connection: duckdb.DuckDBPyConnection, layout: Layout, catalog: Catalog, number: int, run: int) -> int:
    """Writes everything that was exported so far as one export, and removes those that nobody needs any more."""
    folder = layout.scratch / f"export-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    parts = []
    for table in TABLES:
        connection.execute(f"create or replace temp table changed as select *, 0 as deleted from exported.{table}")
        parts += write_parts(connection, table, folder)
    publish(folder, {"version": 1, "number": number, "run": run, "baseline": True, "parts": parts}, layout)
    recover(connection, layout)
    with catalog.transaction():
        catalog.remember("exports", str(number))
        catalog.remember("baselines", json.dumps([baselines(catalog)[-1], number]))
    prune(layout, catalog)
    return number


def baselines(catalog: Catalog) -> list[int]:
    """The numbers of the last two baselines; 0 stands for the beginning."""
    return json.loads(catalog.fact("baselines") or "[0, 0]")


def prune(layout: Layout, catalog: Catalog) -> None:
    """Removes the exports before the last but one baseline, the oldest first: what stays is in a row, whatever
    happens on the way."""
    first = baselines(catalog)[0]
    old = sorted(int(path.name) for path in layout.exports.iterdir() if path.name.isdigit() and int(path.name) < first)
    for number in old:
        doomed = layout.exports / f"doomed-{number}"
        os.rename(layout.exports / f"{number:020}", doomed)
    for path in layout.exports.glob("doomed-*"):
        shutil.rmtree(path)


def last(connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute("select coalesce(max(number), 0) from exported.applied").fetchone()[0]


def changes(table: str, days: list[str]) -> str:
    """Rows that are new or different, and keys that are gone; of stale days only, where the table has days."""
    keys, values, _ = TABLES[table]
    only = "true"
    if "day" in keys:
        only = f"day in (select unnest([{', '.join(text(day) for day in days)}]::date[]))"
    same = " and ".join(f"now.{name} = before.{name}" for name in keys)
    differs = " or ".join(f"now.{name} is distinct from before.{name}" for name in values)
    columns = [f"coalesce(now.{name}, before.{name}) as {name}" for name in keys]
    columns += [f"coalesce(now.{name}, before.{name}) as {name}" for name in values]
    return f"""
        select {', '.join(columns)}, case when now.{keys[0]} is null then 1 else 0 end as deleted
        from (select * from marts.{table} where {only}) as now
        full outer join (select * from exported.{table} where {only}) as before on {same}
        where now.{keys[0]} is null or before.{keys[0]} is null or {differs}"""


def write_parts(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> list[dict]:
    keys, values, _ = TABLES[table]
    columns = ", ".join(keys + values + ["deleted"])
    rows = connection.execute("select count(*) from changed").fetchone()[0]
    if rows > 0:
        connection.execute(f"""create or replace temp table numbered as
            select *, row_number() over (order by {', '.join(keys)}) - 1 as place from changed""")
    parts = []
    for start in range(0, rows, ROWS_PER_PART):
        path = folder / f"{table}-{start // ROWS_PER_PART + 1:04}.csv"
        connection.execute(f"""
            copy (select {columns} from numbered where place >= {start} and place < {start + ROWS_PER_PART}
                order by place) to {text(path)} (format csv, header true)""")
        data = path.read_bytes()
        parts.append({"table": table, "file": path.name, "rows": min(ROWS_PER_PART, rows - start),
                      "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    return parts


def recover(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Applies the exports that were written but not remembered, as every reader of them does: in order, upserting."""
    connection.execute("create schema if not exists exported")
    connection.execute("create table if not exists exported.applied (number bigint)")
    for table, (keys, values, types) in TABLES.items():
        columns = ", ".join(f"{name} {kind}" for name, kind in zip(keys + values, types))
        connection.execute(f"create table if not exists exported.{table} ({columns})")
    done = last(connection)
    folders = sorted((int(path.name), path) for path in layout.exports.iterdir() if path.name.isdigit())
    for number, folder in folders:
        if number <= done:
            continue
        manifest = json.loads((folder / "manifest.json").read_bytes())
        whole = manifest.get("baseline", False)
        if done == 0 and number > 1 and not whole:
            continue
        connection.execute("begin")
        # A baseline after another export has nothing new.
        for part in manifest["parts"] if done == 0 or not whole else []:
            apply(connection, folder / part["file"], part["table"])
        connection.execute(f"insert into exported.applied values ({number})")
        connection.execute("commit")
        done = number


def apply(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> None:
    keys, values, types = TABLES[table]
    names = keys + values
    columns = ", ".join(f"{text(name)}: {text(kind)}" for name, kind in zip(names + ["deleted"], types + ["integer"]))
    connection.execute(f"""create or replace temp table part as select * from read_csv({text(path)}, header = true,
        auto_detect = false, columns = {{{columns}}}, delim = ',', quote = '"', escape = '"', nullstr = '',
        allow_quoted_nulls = false)""")
    same = " and ".join(f"p.{name} = e.{name}" for name in keys)
    connection.execute(f"delete from exported.{table} as e where exists (select 1 from part as p where {same})")
    connection.execute(f"insert into exported.{table} select {', '.join(names)} from part where deleted = 0")
