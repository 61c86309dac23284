"""Finds identities whose copies lie in different days.

Within a day the models find copies that disagree. Copies that disagree about the time may lie in different days, which
no query over one day sees; counted day by day, such an identity would be counted twice. The guard compares the new
files with everything before, so a run over few new events costs one scan of one column of the history (8 bytes an
event). Where much is new, it sorts instead: the upper bits of the identity with the day's number in the lower ones, in
buckets that fit into memory; neighbours that share the identity but not the day are candidates, and those few are then
compared in full. Neither way can miss one: a shortened key only ever adds candidates.

Once found, an identity stays in the catalog's `conflicts`: segments are never taken back.
"""

from __future__ import annotations

import duckdb
import numpy

from . import numbers
from .catalog import Catalog
from .engine import Limits, connect, files_list
from .layout import Layout
from .progress import Progress

# 2^15 days from 2000-01-01 end in 2089; intake and landing end in 2080.
DAY_BITS = 15
PREFIX = -(1 << DAY_BITS)
# More new lines than this are sorted with everything instead of joined with it.
JOIN_MAX = 2_000_000
BYTES_PER_KEY = 8
BUCKET_BYTES_MAX = 1 << 30


def guard(layout: Layout, catalog: Catalog, limits: Limits, progress: Progress) -> int:
    """Guards the files that are new. Returns how many identities it found; their days' marts are stale then."""
    fresh = [layout.parquet / row[0] for row in catalog.all("select name from files where guarded = 0 order by name")]
    old = [layout.parquet / row[0] for row in catalog.all("select name from files where guarded = 1 order by name")]
    lines = catalog.one("select coalesce(sum(lines), 0) from files where guarded = 0")[0]
    progress.say("guard", 0, 1, lines)
    if not fresh:
        progress.say("guard", 1, 1, 0)
        return 0
    with connect(layout, limits) as connection:
        if lines <= JOIN_MAX:
            join_candidates(connection, fresh, old)
        else:
            total = catalog.one("select sum(lines) from files")[0]
            sort_candidates(connection, fresh + old, total, limits)
        found = connection.execute("select id_high, id_low from conflicting").fetchall()
        known = set(catalog.all("select id_high, id_low from conflicts"))
        new = [identity for identity in found if identity not in known]
        days = days_of(connection, new, fresh + old)
    with catalog.transaction() as change:
        change.executemany("insert into conflicts values (?, ?)", new)
        catalog.touch(days)
        change.execute("update files set guarded = 1 where guarded = 0")
    progress.say("guard", 1, 1, lines)
    return len(new)


def scan(files: list) -> str:
    return f"read_parquet({files_list(files)}, hive_partitioning = true, hive_types = {{'occurred_day': DATE}})"


def join_candidates(connection: duckdb.DuckDBPyConnection, fresh: list, old: list) -> None:
    connection.execute(f"""
        create temp table fresh as select distinct id_high, id_low, occurred_day from {scan(fresh)};
        create temp table conflicting as
            select id_high, id_low from fresh group by id_high, id_low having count(*) > 1;""")
    if old:
        connection.execute(f"""
            insert into conflicting
                select distinct o.id_high, o.id_low from {scan(old)} o
                join fresh f on f.id_high = o.id_high and f.id_low = o.id_low
                where f.occurred_day <> o.occurred_day
                except select id_high, id_low from conflicting""")


def sort_candidates(connection: duckdb.DuckDBPyConnection, files: list, total: int, limits: Limits) -> None:
    """Takes at most a third of the memory for a bucket's keys."""
    buckets = -(-total * BYTES_PER_KEY // max(1, min(limits.memory_bytes // 3, BUCKET_BYTES_MAX)))
    width = (1 << 64) // buckets + 1
    connection.execute("create temp table candidates (prefix bigint)")
    for bucket in range(buckets):
        low = -(1 << 63) + bucket * width
        high = min(low + width, 1 << 63) - 1
        keys = numbers.in_order(connection, f"""
            select (id_high & {PREFIX}) | (occurred_day - date '2000-01-01') from {scan(files)}
            where id_high between {low} and {high}""", total // buckets, numpy.int64)
        differ = [one[(one != after) & ((one ^ after) & PREFIX == 0)] & PREFIX
                  for one, after in numbers.neighbours(keys)]
        # A bucket's first and last prefix may go on in its neighbour.
        edges = [keys[[0, -1]] & PREFIX] if len(keys) and buckets > 1 else []
        found = numbers.joined(differ + edges, numpy.int64).tolist()
        del keys
        for start in range(0, len(found), 10_000):
            values = ", ".join(f"({value})" for value in found[start:start + 10_000])
            connection.execute(f"insert into candidates values {values}")
    connection.execute(f"""
        create temp table conflicting as
            select id_high, id_low from {scan(files)}
            where (id_high & {PREFIX}) in (select distinct prefix from candidates)
            group by id_high, id_low having min(occurred_day) <> max(occurred_day)""")


def days_of(connection: duckdb.DuckDBPyConnection, identities: list[tuple[int, int]], files: list) -> set[str]:
    """The days in which any of the identities has a copy."""
    if not identities:
        return set()
    connection.execute("create temp table wanted (id_high bigint, id_low bigint)")
    for start in range(0, len(identities), 10_000):
        values = ", ".join(f"({high}, {low})" for high, low in identities[start:start + 10_000])
        connection.execute(f"insert into wanted values {values}")
    rows = connection.execute(f"""
        select distinct e.occurred_day::varchar from {scan(files)} e
        join wanted w on w.id_high = e.id_high and w.id_low = e.id_low""").fetchall()
    return {row[0] for row in rows}
