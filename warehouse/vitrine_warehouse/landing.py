"""Segments into Parquet, partitioned by the UTC day of occurrence.

Each segment is checked against its SHA-256 and read once; a batch of segments becomes one Parquet file for each day
they have events of, however many they are. A batch becomes visible in one transaction of the catalog.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from . import dayfiles
from .catalog import Catalog
from .dayfiles import ROW_GROUP, DayFile
from .engine import Limits
from .faults import Fault
from .layout import Layout, flush
from .lines import Columns, columns, pieces
from .progress import Progress
from .segments import Segment, pending, present

EPOCH = datetime.date(1970, 1, 1)
# A batch is what is done again after a kill, and what shares a day's file.
BATCH_BYTES = 1 << 29
BATCH_SEGMENTS = 16_384
# Of the memory a run may use, what lines take that wait to be written; a table costs something besides its bytes.
WAITING_SHARE = 8
TABLE_BYTES = 20_000
FILES_OPEN_MAX = 128


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
    dayfiles.empty(temporary)
    os.replace(temporary, path)


def land(layout: Layout, catalog: Catalog, limits: Limits, progress: Progress) -> int:
    """Lands every segment that waits. Returns the number of lines landed."""
    announce(layout, catalog)
    there = present(layout)
    remember(layout, catalog, there)
    sweep(layout, catalog)
    schema_file(layout)
    waiting = pending(there, catalog)
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


def remember(layout: Layout, catalog: Catalog, there: list[Segment]) -> None:
    """Raises a `Fault` when the catalog is new although segments were landed that are not on the disk any more."""
    if catalog.one("select exists (select 1 from segments)")[0]:
        return
    names = {f"{segment.node}/{segment.number:020}-{segment.sha}.json" for segment in there}
    lost = sorted(name for path in layout.landed.glob("*/*.json")
                  if (name := f"{path.parent.name}/{path.name}") not in names)
    if lost:
        raise Fault(f"{len(lost)} segments were landed, such as {lost[0][:-5]}, and {layout.catalog} knows none",
                    "run with --full, which fetches them again")


def land_batch(batch: list[Segment], layout: Layout, catalog: Catalog, limits: Limits) -> int:
    folder = layout.scratch / "land"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with ThreadPoolExecutor(limits.threads) as pool:
        sizes = list(pool.map(Segment.verified, batch))
        landing = Batch(folder, pool, limits)
        ahead: deque[Future[Columns]] = deque()
        try:
            for piece in pieces(batch):
                ahead.append(pool.submit(columns, piece))
                if len(ahead) > limits.threads + 1:
                    landing.gather(ahead.popleft().result())
            while ahead:
                landing.gather(ahead.popleft().result())
            landing.finish()
        except ValueError as error:
            raise Fault(f"a batch of {len(batch)} segments from {batch[0].name} on could not be landed: {error}",
                        "nothing of it counts; run again") from error
        finally:
            for waiting in ahead:
                waiting.cancel()
    publish(batch, sizes, landing, layout, catalog)
    announce(layout, catalog)
    shutil.rmtree(folder)
    return landing.lines


class Batch:
    """The files of a batch while they are written: row groups as soon as they are whole, by the pool."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor, limits: Limits):
        self.folder, self.pool = folder, pool
        self.waiting_max = limits.memory_bytes // WAITING_SHARE
        self.waiting = 0
        self.open: dict[int, DayFile] = {}
        self.writing: dict[int, Future[None]] = {}
        self.files: list[tuple[int, DayFile]] = []
        self.counts: dict[Segment, dict[tuple[int, str], tuple[int, int]]] = {}

    @property
    def lines(self) -> int:
        return sum(lines for counts in self.counts.values() for lines, _ in counts.values())

    def gather(self, found: Columns) -> None:
        for segment, counts in found.counts.items():
            total = self.counts.setdefault(segment, {})
            for key, (lines, late) in counts.items():
                before = total.get(key, (0, 0))
                total[key] = (before[0] + lines, before[1] + late)
        for day, table in found.days.items():
            file = self.open.get(day)
            if file is None:
                file = self.open[day] = DayFile(self.folder / f"{len(self.files):08}.parquet")
                self.files.append((day, file))
            file.add(table)
            self.waiting += table.nbytes + TABLE_BYTES
            if file.waiting_lines >= ROW_GROUP:
                self.write(day, whole=False)
        if self.waiting > self.waiting_max or len(self.open) > FILES_OPEN_MAX and self.waiting > self.waiting_max // 8:
            self.make_room()

    def write(self, day: int, whole: bool) -> None:
        file = self.open[day]
        before = sum(table.nbytes + TABLE_BYTES for table in file.waiting)
        table = file.take(whole)
        self.waiting -= before - sum(table.nbytes + TABLE_BYTES for table in file.waiting)
        if table is not None:
            self.settle(day)
            self.writing[day] = self.pool.submit(file.write, table)

    def settle(self, day: int) -> None:
        writing = self.writing.pop(day, None)
        if writing is not None:
            writing.result()

    def make_room(self) -> None:
        """Writes and ends the files that hold least: what has many days cannot keep them all open."""
        for day in sorted(self.open, key=lambda day: self.open[day].lines + self.open[day].waiting_lines):
            if self.waiting <= self.waiting_max // 2 and len(self.open) <= FILES_OPEN_MAX // 2:
                break
            self.end(day)

    def end(self, day: int) -> None:
        self.write(day, whole=True)
        self.settle(day)
        file = self.open.pop(day)
        file.close()
        flush(file.path)

    def finish(self) -> None:
        """Raises `ValueError` when a line was lost."""
        for day in list(self.open):
            self.end(day)
        written = sum(file.lines for _, file in self.files)
        if written != self.lines:
            raise ValueError(f"{written} of the {self.lines} lines of a batch were written")


def publish(batch: list[Segment], sizes: list[int], landing: Batch, layout: Layout, catalog: Catalog) -> None:
    """Moves the files to their days, and makes them count in one transaction."""
    number = int(catalog.fact("landing") or "0") + 1
    entries, folders = [], set()
    for index, (day_number, file) in enumerate(landing.files):
        day = day_of(day_number)
        target = layout.parquet / f"occurred_day={day}"
        target.mkdir(exist_ok=True)
        name = f"l{number:012}-{index:06}.parquet"
        os.replace(file.path, target / name)
        folders.add(target)
        entries.append((f"{target.name}/{name}", day, file.lines, os.stat(target / name).st_size))
    for folder in sorted(folders) + [layout.parquet]:
        flush(folder)
    segments, landed_lines, told = [], [], []
    for segment, size in zip(batch, sizes):
        days: dict[str, int] = {}
        for (day_number, kind), (lines, late) in sorted(landing.counts.get(segment, {}).items()):
            day = day_of(day_number)
            landed_lines.append((day, kind, lines, late))
            days[day] = days.get(day, 0) + lines
        total = sum(days.values())
        segments.append((segment.node, segment.number, segment.sha, total, size))
        told.append({"version": 1, "node": segment.node, "number": segment.number, "sha256": segment.sha,
                     "lines": total, "bytes": size, "days": days})
    with catalog.transaction() as change:
        change.executemany("insert into files (name, day, lines, bytes) values (?, ?, ?, ?)", entries)
        change.executemany("insert into segments values (?, ?, ?, ?, ?)", segments)
        change.executemany("insert into landed_lines values (?, ?, ?, ?) on conflict do update set "
                           "lines = lines + excluded.lines, late = late + excluded.late", landed_lines)
        catalog.touch({entry[1] for entry in entries})
        catalog.remember("landing", str(number))
        catalog.remember("announcing", json.dumps(told))


def day_of(number: int) -> str:
    return (EPOCH + datetime.timedelta(days=number)).isoformat()


def announce(layout: Layout, catalog: Catalog) -> None:
    """Writes `landed/{node}/{number}-{sha}.json` for what the last transaction made count: two segments may have the
    same bytes, and each is landed by itself. Who misses one that did not reach the disk fetches a segment in vain."""
    waiting = json.loads(catalog.fact("announcing") or "[]")
    folders = set()
    for entry in waiting:
        path = layout.landed / entry["node"] / f"{entry['number']:020}-{entry['sha256']}.json"
        path.parent.mkdir(exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_bytes(json.dumps(entry, separators=(",", ":")).encode())
        os.replace(temporary, path)
        folders.add(path.parent)
    for folder in sorted(folders):
        flush(folder)
    if waiting:
        catalog.forget("announcing")
