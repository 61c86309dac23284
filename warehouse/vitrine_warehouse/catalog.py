"""What is landed, guarded, built and exported: the warehouse's memory, in one SQLite file.

Parquet files count only when they stand here, and a day's marts are current only when its `built` has reached its
`version`. Each step ends with one transaction, so a process killed anywhere leaves either the step's old state or its
new one, and files nobody knows, which the next run removes.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

SCHEMA = """
create table if not exists segments (
    node text not null, number integer not null, sha text not null, lines integer not null, bytes integer not null,
    primary key (node, number));
create table if not exists files (
    name text primary key, day text not null, lines integer not null, bytes integer not null,
    guarded integer not null default 0);
create index if not exists files_by_day on files (day);
create table if not exists landed_lines (
    day text not null, type text not null, lines integer not null, late integer not null, primary key (day, type));
create table if not exists days (
    day text primary key, version integer not null default 0, built integer not null default -1,
    exported integer not null default -1);
create table if not exists conflicts (
    id_high integer not null, id_low integer not null, primary key (id_high, id_low));
create table if not exists fingerprints (
    mart text not null, day text not null, rows integer not null, sum text not null, primary key (mart, day));
create table if not exists counts (
    day text not null, name text not null, value integer not null, primary key (day, name));
create table if not exists facts (name text primary key, value text not null);
"""


class Catalog:
    """Opened by one writer at a time (under the run's lock); readers may look beside it."""

    def __init__(self, path: Path):
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.connection.execute("pragma journal_mode = wal")
        self.connection.execute("pragma synchronous = full")
        self.connection.executescript(SCHEMA)

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block, or nothing of it."""
        self.connection.execute("begin immediate")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    def all(self, query: str, *values: object) -> list[tuple]:
        return self.connection.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> tuple:
        return self.connection.execute(query, values).fetchone()

    def fact(self, name: str) -> str | None:
        row = self.one("select value from facts where name = ?", name)
        return row[0] if row else None

    def remember(self, name: str, value: str) -> None:
        self.connection.execute("insert or replace into facts values (?, ?)", (name, value))

    def forget(self, name: str) -> None:
        self.connection.execute("delete from facts where name = ?", (name,))

    def touch(self, days: set[str] | list[str]) -> None:
        """Makes the marts of these days stale; inside a transaction."""
        self.connection.executemany(
            "insert into days (day, version) values (?, 1) on conflict (day) do update set version = version + 1",
            [(day,) for day in sorted(days)])

    def touch_all(self) -> None:
        self.connection.execute("update days set version = version + 1")

    def stale_days(self) -> list[str]:
        return [row[0] for row in self.all("select day from days where built < version order by day")]

    def lines_by_day(self) -> dict[str, int]:
        return dict(self.all("select day, sum(lines) from files group by day"))
