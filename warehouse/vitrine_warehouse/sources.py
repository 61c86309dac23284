"""What the models read: the schema `landing` of the warehouse's database."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from .catalog import Catalog
from .configuration import Configuration
from .engine import text
from .layout import Layout
from .statements import Statements, next_period

TABLES = {
    "nodes": "node varchar, node_rank bigint",
    "conflicts": "id_high bigint, id_low bigint",
    "landed_lines": "day date, type varchar, lines bigint, late bigint",
    "rates": "from_day date, to_day date, content_type varchar, plan varchar, country varchar, rate decimal(18, 9), "
             "preference bigint",
    "counting": "content_type varchar, rule varchar",
    "caps": "scope varchar, from_day date, to_day date, uses_max bigint",
    "closed_periods": "period varchar, next_period varchar",
    "settled": "period varchar, for_period varchar, creator_id varchar, uses bigint, amount decimal(38, 9)",
    "settled_payouts": "period varchar, creator_id varchar, uses bigint, amount decimal(38, 2), "
                       "remainder decimal(38, 9), adjusted_uses bigint, adjusted_amount decimal(38, 9)",
    "batches": "from_day varchar, to_day varchar",
    "touched_days": "day date",
}


@dataclass(frozen=True)
class Work:
    """Which days are built in this run: ranges that fit into memory each, and the days themselves."""

    batches: list[tuple[str, str]]
    days: list[str]


def plan(stale: list[str], lines: dict[str, int], lines_max: int) -> Work:
    """Ranges of days with at most `lines_max` lines each, a single day excepted. Days between two stale ones are built
    along when they fit: they come out as they were."""
    known = sorted(lines)
    position = {day: index for index, day in enumerate(known)}
    sums = [0]
    for day in known:
        sums.append(sums[-1] + lines[day])
    batches: list[tuple[str, str]] = []
    for day in stale:
        if day not in position:
            batches.append((day, day))
            continue
        if batches and batches[-1][0] in position:
            first = batches[-1][0]
            if sums[position[day] + 1] - sums[position[first]] <= lines_max:
                batches[-1] = (first, day)
                continue
        batches.append((day, day))
    return Work(batches, stale)


def write(connection: duckdb.DuckDBPyConnection, layout: Layout, catalog: Catalog, configuration: Configuration,
          statements: Statements, work: Work) -> None:
    """Puts the sources into the database, in one transaction."""
    names = sorted(row[0] for row in catalog.all("select distinct node from segments"))
    contents = {
        "nodes": [(name, rank) for rank, name in enumerate(names)],
        "conflicts": catalog.all("select id_high, id_low from conflicts order by id_high, id_low"),
        "landed_lines": catalog.all("select day, type, lines, late from landed_lines order by day, type"),
        "rates": configuration.rates,
        "counting": configuration.counting,
        "caps": configuration.caps,
        "closed_periods": [(period, next_period(period)) for period in statements.periods],
        "settled": statements.rows,
        "settled_payouts": statements.payouts,
        "batches": work.batches,
        "touched_days": [(day,) for day in work.days],
    }
    connection.execute("begin")
    connection.execute("create schema if not exists landing")
    for name, columns in TABLES.items():
        connection.execute(f"create or replace table landing.{name} ({columns})")
        insert(connection, f"landing.{name}", contents[name])
    files = text(layout.parquet / "*" / "*.parquet")
    connection.execute(f"""
        create or replace view landing.events as
            select * from read_parquet({files}, hive_partitioning = true, hive_types = {{'occurred_day': DATE}})""")
    connection.execute("commit")


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list) -> None:
    """Literals in a few statements: one row at a time takes the engine a millisecond each."""
    for start in range(0, len(rows), 5_000):
        values = ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows[start:start + 5_000])
        connection.execute(f"insert into {table} values {values}")


def literal(value: object) -> str:
    return str(value) if isinstance(value, int) else text(value)


