"""Finds what more than one line of a day has: identities, and pairs of user and content.

Most lines are the only one with theirs, so the models compare in full only those whose number stands here: half of the
identity, or a hash of the pair. Another line may have the same number by chance; then it is compared in vain. Numbers
of a large day are sorted, which takes a fraction of the time of grouping them. Each day's rows are found again whenever
the day is built, so they always say what the landed files do.
"""

from __future__ import annotations

import duckdb
import numpy
import pyarrow

from . import numbers
from .engine import Limits, text
from .lines import USAGE

# Table: (column, its type, what it is of a line, which lines). The pair is that of macros/engines.sql.
TABLES = {
    "repeated_ids": ("id_high", "bigint", "id_high", "true"),
    "repeated_pairs": ("pair", "ubigint", "hash(user_id, content_id)", f"type = {text(USAGE)}"),
}
# What a number takes, and the part of the memory that may be taken.
BYTES_PER_NUMBER = 8
MEMORY_SHARE = 3
# Below this the engine groups faster than it starts a query for each day.
SORTED_MIN = 200_000


def find(connection: duckdb.DuckDBPyConnection, batches: list[tuple[str, str]], lines: dict[str, int],
         limits: Limits) -> None:
    """Replaces the rows of these ranges of days, each in one transaction."""
    for table, (column, kind, _, _) in TABLES.items():
        connection.execute(f"create table if not exists landing.{table} (day date, {column} {kind})")
    for first, last in batches:
        connection.execute("begin")
        for table in TABLES:
            connection.execute(f"delete from landing.{table} where day between {text(first)} and {text(last)}")
            if first == last and lines.get(first, 0) >= SORTED_MIN:
                by_sorting(connection, table, first, lines[first], limits)
            else:
                by_grouping(connection, table, first, last)
        connection.execute("commit")


def by_grouping(connection: duckdb.DuckDBPyConnection, table: str, first: str, last: str) -> None:
    column, _, number, which = TABLES[table]
    connection.execute(f"""
        insert into landing.{table} select occurred_day, {number} as {column} from landing.events
        where occurred_day between {text(first)} and {text(last)} and {which} group by all having count(*) > 1""")


def by_sorting(connection: duckdb.DuckDBPyConnection, table: str, day: str, lines: int, limits: Limits) -> None:
    """In parts by the number's remainder, where all numbers do not fit into memory at once."""
    _, kind, number, which = TABLES[table]
    kind_here = numpy.int64 if kind == "bigint" else numpy.uint64
    parts = -(-lines * BYTES_PER_NUMBER * MEMORY_SHARE // limits.memory_bytes)
    for part in range(parts):
        only = f"and ({number}) & 65535 between {part * 65536 // parts} and {(part + 1) * 65536 // parts - 1}"
        found = numbers.in_order(connection, f"""
            select {number} from landing.events
            where occurred_day = {text(day)} and {which} {only if parts > 1 else ''}""", lines // parts, kind_here)
        again = numbers.joined([one[one == after] for one, after in numbers.neighbours(found)], kind_here)
        del found
        connection.register("found", pyarrow.table({"number": again}))
        connection.execute(f"insert into landing.{table} select {text(day)}::date, number from found")
        connection.unregister("found")
