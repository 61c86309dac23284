"""Many small files of a day become one.

A collector that seals every ten seconds makes thousands of files a day. Files of one day are sorted into classes by
their number of lines, each eight times the one before; a class of eight becomes one file, so a line is written again at
most once a class.
"""

from __future__ import annotations

import os
from pathlib import Path

from .catalog import Catalog
from .engine import Limits, connect, files_list, text
from .landing import PARQUET
from .layout import Layout, flush

FACTOR = 8
SMALL = 4096
LARGE = 4_000_000


def size_class(lines: int) -> int:
    step = 0
    while lines > SMALL * FACTOR**step:
        step += 1
    return step


def crowded(catalog: Catalog) -> list[tuple[str, list[tuple[str, int]]]]:
    """Groups of a day's guarded files to be made one: `(day, [(name, lines)])`."""
    groups: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for name, day, lines in catalog.all(
            "select name, day, lines from files where guarded = 1 and lines < ? order by name", LARGE):
        groups.setdefault((day, size_class(lines)), []).append((name, lines))
    return [(day, files) for (day, _), files in sorted(groups.items()) if len(files) >= FACTOR]


def compact(layout: Layout, catalog: Catalog, limits: Limits) -> int:
    """Returns how many files were replaced. What the events say stays as it was, so no day becomes stale."""
    replaced = 0
    while groups := crowded(catalog):
        with connect(layout, limits, ordered=True) as connection:
            for day, files in groups:
                merge(day, files, layout, catalog, connection)
                replaced += len(files)
    return replaced


def merge(day: str, files: list[tuple[str, int]], layout: Layout, catalog: Catalog, connection) -> None:
    number = int(catalog.fact("compaction") or "0") + 1
    name = f"occurred_day={day}/c{number:012}.parquet"
    temporary = layout.scratch / "compact.parquet"
    sources = files_list([layout.parquet / source for source, _ in files])
    connection.execute(f"copy (select * from read_parquet({sources}, hive_partitioning = false)) "
                       f"to {text(temporary)} ({PARQUET})")
    flush(temporary)
    target: Path = layout.parquet / name
    os.replace(temporary, target)
    flush(target.parent)
    with catalog.transaction() as change:
        change.executemany("delete from files where name = ?", [(source,) for source, _ in files])
        change.execute("insert into files values (?, ?, ?, ?, 1)",
                       (name, day, sum(lines for _, lines in files), os.stat(target).st_size))
        catalog.remember("compaction", str(number))
    for source, _ in files:
        (layout.parquet / source).unlink()
