"""Connections to DuckDB for what is not a model: landing, the guard, exports and questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from .faults import Fault
from .layout import Layout


@dataclass(frozen=True)
class Limits:
    """What a run may use. `memory` as DuckDB writes it (`2GB`), `threads` at least 1."""

    memory: str = "2GB"
    threads: int = 2

    @property
    def memory_bytes(self) -> int:
        units = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
        text = self.memory.strip().upper()
        for unit, size in sorted(units.items(), key=lambda item: -len(item[0])):
            if text.endswith(unit):
                try:
                    return int(float(text[: -len(unit)]) * size)
                except ValueError:
                    break
        raise Fault(f"--memory {self.memory} is no amount of memory", "write it as 2GB or 512MB")


def connect(layout: Layout, limits: Limits, database: Path | None = None, read_only: bool = False,
            ordered: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that spills into the scratch folder and reaches no network: extensions are never fetched.

    `ordered` keeps rows in the order of their file.
    """
    settings = {
        "memory_limit": limits.memory, "threads": limits.threads, "temp_directory": str(layout.scratch / "spill"),
        "preserve_insertion_order": ordered, "autoinstall_known_extensions": False,
        "autoload_known_extensions": False, "TimeZone": "UTC",
    }
    try:
        # Counts only for a file that is made now: its texts take less time to pack than those of the oldest version.
        newest = {"storage_compatibility_version": "latest"}
        connection = duckdb.connect(str(database) if database else ":memory:", read_only=read_only, config=newest)
        for name, value in settings.items():
            literal = f"'{value}'" if isinstance(value, str) else str(value).lower()
            connection.execute(f"set {name} = {literal}")
        return connection
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise Fault(f"{database} is in use by another process", "wait until the run has ended") from error
        raise Fault(f"{database} cannot be opened: {error}",
                    "move it away and run again: the marts are rebuilt from the landed events") from error


def text(value: object) -> str:
    """A SQL literal of a text."""
    return "'" + str(value).replace("'", "''") + "'"


def files_list(paths: list[Path]) -> str:
    """A SQL list of file names."""
    return "[" + ", ".join(text(path) for path in paths) + "]"
