"""Many small files of a day become one.

A collector that seals every ten seconds makes thousands of files a day. Files of one day are sorted into classes by
their number of lines, each eight times the one before; a class of eight becomes one file, so a line is written again at
most once a class.
"""

from __future__ import annotations

import os

from pyarrow import parquet

from .catalog import Catalog
from .dayfiles import DayFile
from .faults import Fault
from .layout import Layout, flush

FACTOR = 8
SMALL = 4096
# From here on, writing lines once more costs more than another file does.
LARGE = 400_000


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


def compact(layout: Layout, catalog: Catalog) -> int:
    """Returns how many files were replaced. What the events say stays as it was, so no day becomes stale."""
    replaced = 0
    while groups := crowded(catalog):
        for day, files in groups:
            merge(day, files, layout, catalog)
            replaced += len(files)
    return replaced


def merge(day: str, files: list[tuple[str, int]], layout: Layout, catalog: Catalog) -> None:
    """One row group at a time is in memory, besides what waits for a whole one."""
    number = int(catalog.fact("compaction") or "0") + 1
    name = f"occurred_day={day}/c{number:012}.parquet"
    made = DayFile(layout.scratch / "compact.parquet")
    for source, _ in files:
        with parquet.ParquetFile(layout.parquet / source) as file:
            for group in range(file.num_row_groups):
                made.add(file.read_row_group(group, use_threads=False))
                if (table := made.take(whole=False)) is not None:
                    made.write(table)
    if (table := made.take(whole=True)) is not None:
        made.write(table)
    made.close()
    lines = sum(lines for _, lines in files)
    if made.lines != lines:
        raise Fault(f"landed files of {day} hold {made.lines} lines, not {lines}",
                    "run again with --full while every segment is in the segments folder")
    flush(made.path)
    target = layout.parquet / name
    os.replace(made.path, target)
    flush(target.parent)
    with catalog.transaction() as change:
        change.executemany("delete from files where name = ?", [(source,) for source, _ in files])
        change.execute("insert into files values (?, ?, ?, ?, 1)", (name, day, lines, os.stat(target).st_size))
        catalog.remember("compaction", str(number))
    for source, _ in files:
        (layout.parquet / source).unlink()
